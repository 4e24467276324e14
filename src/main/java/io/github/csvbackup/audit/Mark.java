package io.github.csvbackup.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identifies a line of the audit, and so all lines before it.
 *
 * @param number from 1; 0 for an empty audit
 * @param hash SHA-256 of the line without its line feed, in hexadecimal digits; empty for number 0
 */
public record Mark(long number, String hash) {
    /** For an empty audit. */
    public static final Mark NONE = new Mark(0, "");

    private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,15}):([0-9a-f]{64})");

    /** Parses {@code NUMBER:HASH}; empty if the text does not have this form. */
    public static Optional<Mark> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        return matcher.matches()
                ? Optional.of(new Mark(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
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
