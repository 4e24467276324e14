package io.github.csvbackup.agent.options;

import io.github.csvbackup.text.Ascii;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.event.Level;

/**
 * The text of an option. The methods check and convert it; their exceptions name the option, the text and what is valid.
 *
 * @param name the option, as the user writes it
 * @param origin where the text comes from, such as {@code options file}; empty if the name says it
 */
public record GivenValue(String name, String text, String origin) {

    /** A value of the command line. */
    public GivenValue(String name, String text) {
        this(name, text, "");
    }

    /** The message for a text that is not valid. */
    public UsageException invalid(String expected) {
        return new UsageException(this + " is not valid; expected " + expected + ".");
    }

    /** A whole number, or 0 for {@code all}. */
    int numberOrAll(int least, int most) throws UsageException {
        return text.equals("all") ? 0 : number(least, most, "all, or a whole number from " + least + " to " + most);
    }

    public int number(int least, int most) throws UsageException {
        return number(least, most, "a whole number from " + least + " to " + most);
    }

    private int number(int least, int most, String expected) throws UsageException {
        // Integer.parseInt also accepts a sign and the digits of other scripts.
        if (text.isEmpty() || text.length() > 9 || !Ascii.areDigits(text, 0)) {
            throw invalid(expected);
        }
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw invalid(expected);
        }
        return number;
    }

    /**
     * A duration.
     *
     * @param range both limits in words, for the message
     */
    public Duration duration(Duration least, Duration most, String range) throws UsageException {
        return DurationText.parse(text)
                .filter(time -> time.compareTo(least) >= 0 && time.compareTo(most) <= 0)
                .orElseThrow(() -> invalid("a duration such as 500ms, 10s, 30m or 2h, " + range));
    }

    boolean bool() throws UsageException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("true or false");
        };
    }

    /** A level of the log. */
    public Level level() throws UsageException {
        return switch (text) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            default -> throw invalid("error, warn, info, debug or trace");
        };
    }

    private static boolean isHost(String text) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c <= ' ' || c == '/' || c == '[' || c == ']') {
                return false;
            }
        }
        return true;
    }

    String host() throws UsageException {
        if (text.isEmpty() || !isHost(text)) {
            throw invalid("an address or a host name without scheme, port or brackets, such as 127.0.0.1 or ::1");
        }
        return text;
    }

    boolean isDefault() {
        return origin.equals("default");
    }

    /** For an address: there is none. */
    boolean isOff() {
        return text.equals("off");
    }

    /** An absolute path. */
    public Path path() throws UsageException {
        if (text.isEmpty()) {
            throw invalid("a path");
        }
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new UsageException(this + " is not a valid path on this system: " + e.getReason() + ".", e);
        }
    }

    /** {@code name=text (origin)}. */
    @Override
    public String toString() {
        return name + "=" + text + (origin.isEmpty() ? "" : " (" + origin + ")");
    }
}
