package io.github.csvbackup.bench;

import java.util.Locale;

/** How a value is written. */
enum Unit {
    MILLIS(" ms"),
    MICROS(" us"),
    PERCENT(" %"),
    PER_SECOND(" /s"),
    COUNT(""),
    BYTES("");

    private final String suffix;

    Unit(String suffix) {
        this.suffix = suffix;
    }

    String text(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return this == BYTES ? bytes(value) : number(value) + suffix;
    }

    String text(long value) {
        return text((double) value);
    }

    /** Without the unit, if all values have the same. */
    String bare(double value) {
        return this == BYTES || Double.isNaN(value) ? text(value) : number(value);
    }

    private static String bytes(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return number(value / 1e6) + " MB";
        }
        return size >= 1e3 ? number(value / 1e3) + " kB" : number(value) + " B";
    }

    /** With three digits that count. */
    static String number(double value) {
        double size = Math.abs(value);
        String format =
                size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
