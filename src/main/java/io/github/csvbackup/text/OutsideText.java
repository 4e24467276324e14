package io.github.csvbackup.text;

/** Makes text from outside, such as the name of a volume or a reason, short and safe for terminals and logs. */
public final class OutsideText {
    /** The maximum number of characters of such a text in a line of the audit. */
    public static final int LONGEST = 1000;

    private static final char REPLACEMENT = 0xFFFD;

    private OutsideText() {}

    /**
     * Truncates a text that is too long, and adds its length.
     *
     * @param most the maximum number of characters
     */
    public static String bounded(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "... (" + text.length() + " characters)";
    }

    /** The text with U+FFFD instead of each unpaired surrogate, which Windows allows in names but UTF-8 does not. */
    public static String wellFormed(String text) {
        return withoutHalves(text, (out, half) -> out.append(REPLACEMENT));
    }

    /** The text with each unpaired surrogate as {@code \}{@code ud800}, which JSON strings may contain. */
    public static String escapedHalves(String text) {
        return withoutHalves(text, OutsideText::escape);
    }

    private static String withoutHalves(String text, ObjCharConsumer instead) {
        StringBuilder out = null;
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                i++;
                continue;
            }
            out = out == null ? new StringBuilder(text.length() + 8) : out;
            out.append(text, copied, i);
            instead.accept(out, c);
            copied = i + 1;
        }
        return out == null ? text : out.append(text, copied, text.length()).toString();
    }

    @FunctionalInterface
    private interface ObjCharConsumer {
        void accept(StringBuilder out, char c);
    }

    /**
     * The text on one line, without characters that control a terminal or change the reading order: control characters, line ends, and format
     * characters such as marks for right-to-left text. Each is written as {@code \}{@code u001b}.
     */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED -> escape(out, c);
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    private static void escape(StringBuilder out, int codePoint) {
        for (char c : Character.toChars(codePoint)) {
            escape(out, c);
        }
    }

    /** Appends a character as {@code \}{@code u001b}. */
    public static void escape(StringBuilder out, char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit((c >> shift) & 0xF, 16));
        }
    }
}
