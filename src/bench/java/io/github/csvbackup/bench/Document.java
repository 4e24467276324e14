package io.github.csvbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Writes the results into the document, between its two marks. */
final class Document {
    private static final String BEGIN = "<!-- what follows was written by mvn -B verify -Pbench -->\n";
    private static final String END = "<!-- end of what was written -->";

    private Document() {}

    static void write(Path document, List<Jdk> jdks, double busy, Report report) throws IOException {
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " lacks the marks between which the results belong");
        }
        Files.writeString(
                document,
                text.substring(0, begin + BEGIN.length()) + "\n" + results(jdks, busy, report) + "\n"
                        + text.substring(end));
    }

    private static String results(List<Jdk> jdks, double busy, Report report) throws IOException {
        return "Measured on " + LocalDate.now(ZoneOffset.UTC) + ": " + Machine.description(jdks) + "."
                + (Machine.isIdle(busy)
                        ? ""
                        : " **The machine was not idle**: " + Unit.PERCENT.text(busy)
                                + " of a core was busy at the start.")
                + "\n\n" + Tables.of(Report.HEADINGS, report.results())
                + (report.growth().isEmpty()
                        ? ""
                        : "\nHow it grows, on JDK " + jdks.get(0).label() + ":\n\n"
                                + Tables.of(GrowthRow.HEADINGS, report.growth()));
    }
}
