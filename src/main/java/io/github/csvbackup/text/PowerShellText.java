package io.github.csvbackup.text;

/** Texts from outside in commands for PowerShell. */
public final class PowerShellText {
    /** PowerShell takes these as single quotes, too (about_Quoting_Rules; CharExtensions.IsSingleQuote). */
    private static final String SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b";

    private PowerShellText() {}

    /** The text, made printable, as one argument. Nothing is special between these quotes but quotes, which are doubled. */
    public static String quoted(String text) {
        String printable = OutsideText.printable(text);
        StringBuilder out = new StringBuilder(printable.length() + 8).append('\'');
        for (int i = 0; i < printable.length(); i++) {
            char c = printable.charAt(i);
            if (SINGLE_QUOTES.indexOf(c) >= 0) {
                out.append(c);
            }
            out.append(c);
        }
        return out.append('\'').toString();
    }
}
