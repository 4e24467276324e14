package io.github.csvbackup.peer;

import io.github.csvbackup.text.OutsideText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object from another machine, each checked for its type. Fields that are not asked for may be anything.
 *
 * @param path where the object is in the answer, such as {@code shadowCopies.copies[2]}; empty for the answer itself
 */
record JsonFields(String path, Map<?, ?> values) {
    /** As in a Windows file time. */
    private static final Instant EARLIEST = Instant.parse("1601-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int SHOWN = 60;

    /** Reads an element of a list. */
    @FunctionalInterface
    interface Reading<T> {
        T of(JsonFields fields) throws MalformedEvidenceException;
    }

    /** @throws MalformedEvidenceException if the value is not an object */
    static JsonFields of(String path, @Nullable Object value) throws MalformedEvidenceException {
        if (value instanceof Map<?, ?> map) {
            return new JsonFields(path, map);
        }
        throw new MalformedEvidenceException(
                (path.isEmpty() ? "the answer" : path) + " is not a JSON object, but " + shown(value));
    }

    String text(String name) throws MalformedEvidenceException {
        return required(String.class, "a string", name);
    }

    @Nullable
    String textOrNull(String name) throws MalformedEvidenceException {
        return optional(String.class, "a string or null", name);
    }

    /** A text of one line that a terminal can print as it is. */
    String line(String name, int most) throws MalformedEvidenceException {
        return printable(name, text(name), most);
    }

    @Nullable
    String lineOrNull(String name, int most) throws MalformedEvidenceException {
        String text = textOrNull(name);
        return text == null ? null : printable(name, text, most);
    }

    private String printable(String name, String text, int most) throws MalformedEvidenceException {
        if (text.length() > most || !OutsideText.printable(text).equals(text)) {
            throw unfit(name, "one line of at most " + most + " printable characters", text);
        }
        return text;
    }

    /** @param allowed the form in words */
    String matching(String name, Pattern form, String allowed) throws MalformedEvidenceException {
        String text = text(name);
        if (!form.matcher(text).matches()) {
            throw unfit(name, allowed, text);
        }
        return text;
    }

    boolean flag(String name) throws MalformedEvidenceException {
        return required(Boolean.class, "true or false", name);
    }

    /** A value that can only be one of these. */
    long integer(String name, long least, long most) throws MalformedEvidenceException {
        long value = required(Long.class, "an integer", name);
        if (value < least || value > most) {
            throw unfit(name, "an integer from " + least + " to " + most, value);
        }
        return value;
    }

    @Nullable
    Long integerOrNull(String name, long least, long most) throws MalformedEvidenceException {
        return isNull(name) ? null : Long.valueOf(integer(name, least, most));
    }

    @Nullable
    Instant timeOrNull(String name) throws MalformedEvidenceException {
        String text = textOrNull(name);
        if (text == null) {
            return null;
        }
        try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                return time;
            }
        } catch (DateTimeException e) {
            // As for a time out of range.
        }
        throw unfit(name, "a time such as 2026-01-31T12:00:00Z", text);
    }

    JsonFields object(String name) throws MalformedEvidenceException {
        return of(at(name), required(Object.class, "an object", name));
    }

    @Nullable
    JsonFields objectOrNull(String name) throws MalformedEvidenceException {
        return isNull(name) ? null : object(name);
    }

    List<String> texts(String name) throws MalformedEvidenceException {
        List<String> texts = new ArrayList<>();
        for (Object each : required(List.class, "an array", name)) {
            if (!(each instanceof String text)) {
                throw unfit(name, "an array of strings", each);
            }
            texts.add(text);
        }
        return texts;
    }

    <T> List<T> objects(String name, Reading<T> reading) throws MalformedEvidenceException {
        List<T> read = new ArrayList<>();
        for (Object each : required(List.class, "an array", name)) {
            read.add(reading.of(of(at(name) + "[" + read.size() + "]", each)));
        }
        return read;
    }

    private boolean isNull(String name) throws MalformedEvidenceException {
        return optional(Object.class, "anything", name) == null;
    }

    private <T> T required(Class<T> type, String allowed, String name) throws MalformedEvidenceException {
        T value = optional(type, allowed, name);
        if (value == null) {
            throw unfit(name, allowed, null);
        }
        return value;
    }

    private <T> @Nullable T optional(Class<T> type, String allowed, String name) throws MalformedEvidenceException {
        Object value = values.get(name);
        if (value == null) {
            if (!values.containsKey(name)) {
                throw new MalformedEvidenceException(at(name) + " is missing");
            }
            return null;
        }
        if (!type.isInstance(value)) {
            throw unfit(name, allowed, value);
        }
        return type.cast(value);
    }

    /** The field has a value that it cannot have. */
    MalformedEvidenceException unfit(String name, String allowed, @Nullable Object value) {
        return new MalformedEvidenceException(at(name) + " must be " + allowed + ", not " + shown(value));
    }

    /** Two fields contradict each other. */
    MalformedEvidenceException contradiction(String what) {
        return new MalformedEvidenceException((path.isEmpty() ? "the answer" : path) + " " + what);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** A value for a message: short, and without characters that control a terminal. */
    static String shown(@Nullable Object value) {
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "an array";
        }
        String text = OutsideText.printable(OutsideText.bounded(String.valueOf(value), SHOWN));
        return value instanceof String ? "\"" + text + "\"" : text;
    }
}
