package io.github.csvbackup.agent.log;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Makes text safe for a log of lines: nothing that came from outside can begin a line, colour a terminal or fill a disk. */
final class LogText {
    /** An audit line that could not be written goes to the log, and must fit. */
    static final int LONGEST_LINE = 10_000;

    static final int LONGEST_TRACE = 20_000;

    private LogText() {}

    /** The text on one line: control characters are escaped as in Java, and what is too long is cut off. */
    static String line(String text) {
        return escaped(text, LONGEST_LINE);
    }

    /** The stack trace, each line of which begins with white space, so that none can pass for a line of the log. */
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

    private static String escaped(String text, int longest) {
        StringBuilder escaped = new StringBuilder(Math.min(text.length(), longest) + 16);
        for (int i = 0; i < text.length() && i < longest; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                        String digits = Integer.toHexString(c);
                        escaped.append("\\u")
                                .append("0".repeat(4 - digits.length()))
                                .append(digits);
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        if (text.length() > longest) {
            escaped.append("... (").append(text.length()).append(" characters)");
        }
        return escaped.toString();
    }
}
