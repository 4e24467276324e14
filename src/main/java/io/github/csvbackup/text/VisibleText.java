package io.github.csvbackup.text;

import java.util.HexFormat;

/**
 * Texts from outside, such as names of volumes, for a log, a terminal or a page: whoever chose them can neither begin a line, move
 * the cursor, change colours nor turn the direction of writing. Thread-safe.
 */
public final class VisibleText {
    private static final HexFormat HEX = HexFormat.of();

    private VisibleText() {}

    /**
     * The text on one line, with such characters written as {@code \}{@code u001b}. A backslash stays one, since paths are full of them:
     * the result is for people, and cannot be read back.
     */
    public static String of(String text) {
        int first = 0;
        while (first < text.length() && !isHidden(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHidden(c)) {
                visible.append("\\u").append(HEX.toHexDigits(c));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }

    /** Unicode's control characters (Cc), its line and paragraph separators, and those that embed, override or isolate a direction. */
    private static boolean isHidden(char c) {
        return Character.isISOControl(c)
                || c == '\u2028'
                || c == '\u2029'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
