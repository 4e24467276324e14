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

    /** How often a character occurs. */
    public static int count(char wanted, String text) {
        int count = 0;
        for (int index = text.indexOf(wanted); index >= 0; index = text.indexOf(wanted, index + 1)) {
            count++;
        }
        return count;
    }
}
