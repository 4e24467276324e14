package io.github.csvbackup.text;

/** Texts that somebody else chose, such as the name of a volume or a reason: made short, and harmless for a terminal or a log. */
public final class OutsideText {
    /** As many characters of a text from outside stand in a line of the record. */
    public static final int LONGEST = 1000;

    private static final int REPLACEMENT = 0xFFFD;

    private OutsideText() {}

    /**
     * The beginning of a text that is too long, and how long it was; otherwise the text.
     *
     * @param most how many characters may stay
     */
    public static String bounded(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "... (" + text.length() + " characters)";
    }

    /** The text with U+FFFD in place of each half of a surrogate pair that stands alone: Windows allows those in names, UTF-8 does not. */
    public static String wellFormed(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c));
        return out.toString();
    }

    /**
     * The text on one line and without characters that a terminal obeys or that change the order of what is read: controls, line ends, and
     * format characters such as the marks for right-to-left text. Each of them is written as {@code \}{@code u001b}.
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
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(Character.forDigit((c >> shift) & 0xF, 16));
            }
        }
    }
}
