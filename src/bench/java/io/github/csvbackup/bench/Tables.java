package io.github.csvbackup.bench;

import java.util.ArrayList;
import java.util.List;

/** Tables of text, in Markdown with padding: one form for the console and for documents. */
final class Tables {
    private Tables() {}

    static String of(List<String> headings, List<List<String>> lines) {
        List<List<String>> all = new ArrayList<>(List.of(headings));
        all.addAll(lines);
        int[] widths = new int[headings.size()];
        for (List<String> line : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < all.size(); n++) {
            append(text, all.get(n), widths);
            if (n == 0) {
                for (int width : widths) {
                    text.append('|').append("-".repeat(width + 2));
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> line, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            String cell = line.get(i);
            text.append("| ")
                    .append(cell)
                    .append(" ".repeat(widths[i] - cell.length()))
                    .append(' ');
        }
        text.append("|\n");
    }
}
