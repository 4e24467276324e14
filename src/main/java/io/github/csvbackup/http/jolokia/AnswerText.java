package io.github.csvbackup.http.jolokia;

import java.io.Writer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text of an answer, built part by part and limited in length. For one thread. */
final class AnswerText extends Writer {
    /** Maximum number of values in one part of an answer, at all levels. */
    static final int VALUES = 100_000;

    private static final int CHARACTERS = 4_000_000;
    private static final int SHARE_OF_HEAP = 32;

    private static final String ASK_FOR_LESS =
            "Request fewer attributes at once, select a part by path, or limit maxCollectionSize.";

    private final StringBuilder text = new StringBuilder();
    private final int characters;

    /** An empty text, limited to what the heap of this JVM allows. */
    AnswerText() {
        this((int) Math.min(CHARACTERS, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    AnswerText(int characters) {
        this.characters = characters;
    }

    /** Adds text regardless of the limit: results of operations, and errors. */
    void always(String more) {
        text.append(more);
    }

    int length() {
        return text.length();
    }

    /** Drops the text after this length. */
    void cutTo(int length) {
        text.setLength(length);
    }

    /**
     * Rejects a part with too many values before it becomes text.
     *
     * @param value as Jolokia's converter returns it
     * @throws Refusal if there are too many
     */
    static void checkValues(@Nullable Object value) {
        if (count(value, VALUES) > VALUES) {
            throw Refusal.mistake("The answer would contain more than " + VALUES + " values. " + ASK_FOR_LESS);
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
        // The text is in memory.
    }

    @Override
    public void close() {
        // There is nothing to release.
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
