package io.github.csvbackup.watch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a node answered when it was asked, or why there is no answer.
 *
 * @param at when the answer came
 * @param value the answer; null if there is none, and then {@code problem} is not null
 */
public record Answer<T>(
        Instant at, @Nullable T value, @Nullable Problem problem) {

    public static <T> Answer<T> of(Instant at, T value) {
        return new Answer<>(at, value, null);
    }

    public static <T> Answer<T> none(Instant at, Problem problem) {
        return new Answer<>(at, null, problem);
    }
}
