package io.github.csvbackup.agent.log;

import io.github.csvbackup.text.OutsideText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.event.Level;

/** Makes text safe for the log: text from outside can neither start a line, nor control a terminal, nor fill the disk. */
final class LogText {
    /** An audit line that cannot be written goes to the log, and must fit. */
    static final int LONGEST_LINE = 10_000;

    static final int LONGEST_TRACE = 20_000;

    private LogText() {}

    /** An entry of the log with its line end: {@code 2026-11-25T17:20:30Z INFO  text}. */
    static String entry(Instant at, Level level, String text) {
        String name = level.toString();
        return at.truncatedTo(ChronoUnit.SECONDS) + " " + name + (name.length() == 4 ? "  " : " ") + text
                + System.lineSeparator();
    }

    /** The level as users write it. */
    static String name(Level level) {
        return level.toString().toLowerCase(Locale.ROOT);
    }

    /** The text on one line: control characters are escaped, and a long text is cut off. */
    static String line(String text) {
        return OutsideText.printable(OutsideText.bounded(text, LONGEST_LINE));
    }

    /** The stack trace. Each of its lines begins with white space, so that none looks like a log entry. */
    static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        StringBuilder trace = new StringBuilder();
        for (String line : (Iterable<String>) text.toString().lines()::iterator) {
            if (trace.length() > LONGEST_TRACE) {
                trace.append(System.lineSeparator()).append("  ...");
                break;
            }
            boolean isFrame = line.startsWith("\t");
            trace.append(System.lineSeparator())
                    .append(isFrame ? "\t" : "  ")
                    .append(line(isFrame ? line.substring(1) : line));
        }
        return trace.toString();
    }
}
