package io.github.csvbackup.watch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node's answer, or why there is none.
 *
 * @param at when the answer came
 * @param value the answer; null if there is none, and then {@code problem} is not null
 */
public record NodeAnswer<T>(
        Instant at, @Nullable T value, @Nullable Problem problem) {

    public static <T> NodeAnswer<T> of(Instant at, T value) {
        return new NodeAnswer<>(at, value, null);
    }

    public static <T> NodeAnswer<T> none(Instant at, Problem problem) {
        return new NodeAnswer<>(at, null, problem);
    }
}
