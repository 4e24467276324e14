package io.github.csvbackup.agent.options;

import java.time.Duration;
import java.util.Optional;

/** Durations in options: {@code 500ms}, {@code 10s}, {@code 30m}, {@code 2h}. */
public final class DurationText {
    /** Prevents an overflow; no setting needs 300 years. */
    private static final int MOST_DIGITS = 9;

    private DurationText() {}

    /** Empty if the text is not a whole number and a unit. */
    public static Optional<Duration> parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MOST_DIGITS) {
            return Optional.empty();
        }
        long number = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Optional.of(Duration.ofMillis(number));
            case "s" -> Optional.of(Duration.ofSeconds(number));
            case "m" -> Optional.of(Duration.ofMinutes(number));
            case "h" -> Optional.of(Duration.ofHours(number));
            default -> Optional.empty();
        };
    }
}
