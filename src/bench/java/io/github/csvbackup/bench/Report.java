package io.github.csvbackup.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of results, and further tables. */
final class Report {
    static final List<String> HEADINGS = List.of("row", "JDK", "what", "agent", "beside it", "ratio", "goal");

    private final PrintStream out;
    private final List<List<String>> results = new ArrayList<>();
    private final List<List<String>> growth = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    /** What one row gives, before it is added: the columns that are not set are empty. */
    final class Line {
        private final String row;
        private final String jdk;
        private final String what;
        private final String goal;

        private Line(String row, String jdk, String what, String goal) {
            this.row = row;
            this.jdk = jdk;
            this.what = what;
            this.goal = goal;
        }

        /** Measured alone. */
        void is(String measured) {
            add(measured, "", "");
        }

        /** Measured beside something; the ratio is that of the medians. */
        void is(Values measured, Unit unit, String besideTitle, Values beside) {
            is(measured, unit, besideTitle, beside, measured.median() / beside.median());
        }

        void is(Values measured, Unit unit, String besideTitle, Values beside, double ratio) {
            add(measured.text(unit), besideTitle + ": " + beside.text(unit), ratio(ratio));
        }

        void is(Values measured, Unit unit) {
            is(measured.text(unit));
        }

        private void add(String measured, String beside, String ratio) {
            List<String> columns = List.of(row, jdk, what, measured, beside, ratio, goal);
            results.add(columns);
            out.println(String.join(" | ", columns));
        }
    }

    static String ratio(double ratio) {
        return Double.isNaN(ratio) || Double.isInfinite(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    /** Begins a result. */
    Line line(String row, Jdk jdk, String what, String goal) {
        return new Line(row, jdk.label(), what, goal);
    }

    /** Adds a line to the table of what grows. */
    void grows(List<String> columns) {
        growth.add(columns);
        out.println(String.join(" | ", columns));
    }

    void say(String text) {
        out.println(text);
    }

    List<List<String>> results() {
        return results;
    }

    List<List<String>> growth() {
        return growth;
    }
}
