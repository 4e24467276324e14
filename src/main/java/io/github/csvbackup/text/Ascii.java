package io.github.csvbackup.text;

/** What ASCII texts consist of. Loops, because a first stream of characters costs a starting host some milliseconds. */
public final class Ascii {
    private Ascii() {}

    /** True if each character from an index on is a digit; other scripts' digits do not count. */
    public static boolean areDigits(String text, int from) {
        for (int index = from; index < text.length(); index++) {
            if (text.charAt(index) < '0' || text.charAt(index) > '9') {
                return false;
            }
        }
        return true;
    }
}
