package io.github.csvbackup.watch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node's answer, or why there is none.
 *
 * @param at when the answer came
 * @param value the answer; null if there is none, and then {@code problem} is not null
 * @param source who gave it; null if that was not one of several that could have
 */
public record NodeAnswer<T>(
        Instant at,
        @Nullable T value,
        @Nullable Problem problem,
        @Nullable Source source) {

    public static <T> NodeAnswer<T> of(Instant at, T value) {
        return new NodeAnswer<>(at, value, null, null);
    }

    public static <T> NodeAnswer<T> none(Instant at, Problem problem) {
        return new NodeAnswer<>(at, null, problem, null);
    }

    /** The same answer, given by a source. */
    public NodeAnswer<T> from(Source who) {
        return new NodeAnswer<>(at, value, problem, who);
    }
}
