package io.github.csvbackup.audit;

import io.github.csvbackup.text.Ascii;
import java.util.Optional;

/**
 * Identifies a line of the audit, and so all lines before it.
 *
 * @param number from 1; 0 for an empty audit
 * @param hash SHA-256 of the line without its line feed, in hexadecimal digits; empty for number 0
 */
public record Mark(long number, String hash) {
    /** For an empty audit. */
    public static final Mark NONE = new Mark(0, "");

    private static final int LONGEST_NUMBER = 16;
    private static final int HASH_LENGTH = 64;

    /** Parses {@code NUMBER:HASH}; empty if the text does not have this form. */
    public static Optional<Mark> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon > LONGEST_NUMBER) {
            return Optional.empty();
        }
        String number = text.substring(0, colon);
        String hash = text.substring(colon + 1);
        return number.charAt(0) != '0' && Ascii.areDigits(number, 0) && isHash(hash)
                ? Optional.of(new Mark(Long.parseLong(number), hash))
                : Optional.empty();
    }

    private static boolean isHash(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.length() == HASH_LENGTH;
    }

    /** The mark of the next line. */
    Mark next(String nextHash) {
        return new Mark(number + 1, nextHash);
    }

    /** {@code NUMBER:HASH}. */
    @Override
    public String toString() {
        return number + ":" + hash;
    }
}
