package io.github.csvbackup.http.jolokia;

import java.io.Writer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text of an answer, which grows part by part and may not grow without bounds. For one thread. */
final class AnswerText extends Writer {
    /** Values in one part of an answer, whatever holds them. */
    static final int VALUES = 100_000;

    private static final int CHARACTERS = 4_000_000;
    private static final int SHARE_OF_HEAP = 32;

    private static final String ASK_FOR_LESS =
            "Ask for fewer attributes at once, for a part of them by path, or limit maxCollectionSize.";

    private final StringBuilder text = new StringBuilder();
    private final int characters;

    /** An empty text for as many characters as this JVM can spare. */
    AnswerText() {
        this((int) Math.min(CHARACTERS, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    AnswerText(int characters) {
        this.characters = characters;
    }

    /** Adds what has to be told whatever the limit: what was executed, and the sentences of errors. */
    void always(String more) {
        text.append(more);
    }

    int length() {
        return text.length();
    }

    /** Forgets what was written after it had this length. */
    void cutTo(int length) {
        text.setLength(length);
    }

    /**
     * Refuses a part with too many values before it becomes a text.
     *
     * @param value as Jolokia's converter makes it
     * @throws Refusal if they are too many
     */
    static void checkValues(@Nullable Object value) {
        if (count(value, VALUES) > VALUES) {
            throw Refusal.mistake("The answer would hold more than " + VALUES + " values. " + ASK_FOR_LESS);
        }
    }

    private static int count(@Nullable Object value, int limit) {
        Collection<?> inner = value instanceof Map<?, ?> map
                ? map.values()
                : value instanceof Collection<?> collection ? collection : List.of();
        int count = 1;
        for (Object each : inner) {
            if (count > limit) {
                return count;
            }
            count += count(each, limit - count);
        }
        return count;
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        check(length);
        text.append(buffer, offset, length);
    }

    @Override
    public void write(String string) {
        check(string.length());
        text.append(string);
    }

    @Override
    public void write(int c) {
        check(1);
        text.append((char) c);
    }

    private void check(int more) {
        if (text.length() + more > characters) {
            throw Refusal.mistake("The answer would be longer than " + characters + " characters. " + ASK_FOR_LESS);
        }
    }

    @Override
    public void flush() {
        // It is in memory already.
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
