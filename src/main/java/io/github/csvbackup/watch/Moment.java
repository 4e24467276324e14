package io.github.csvbackup.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A point in time on two clocks.
 *
 * @param at by the wall clock, for users and other machines; that clock may be set
 * @param nanoTime by {@link System#nanoTime}, for durations; null if an earlier run of the agent recorded the moment
 */
public record Moment(Instant at, @Nullable Long nanoTime) {
    /** Differences below this may come from reading the clocks one after the other. */
    private static final Duration SMALLEST_STEP = Duration.ofMillis(100);

    static Moment now(Clock clock, LongSupplier nanoTime) {
        return new Moment(clock.instant(), nanoTime.getAsLong());
    }

    /** The time that has passed, by the monotonic clock if possible; never negative. */
    Duration since(Moment earlier) {
        if (nanoTime != null && earlier.nanoTime != null) {
            return Duration.ofNanos(nanoTime - earlier.nanoTime);
        }
        Duration passed = Duration.between(earlier.at, at);
        return passed.isNegative() ? Duration.ZERO : passed;
    }

    /** True if it is earlier by the monotonic clock; false if one of the moments is of an earlier run. */
    boolean isBefore(Moment other) {
        return nanoTime != null && other.nanoTime != null && nanoTime - other.nanoTime < 0;
    }

    /** By how much the wall clock was changed between the two moments; negative if it was set back. A suspended machine looks like a clock that was set forward. */
    Duration step(Moment earlier) {
        Duration step = Duration.between(earlier.at, at).minus(since(earlier));
        return step.abs().compareTo(SMALLEST_STEP) < 0 ? Duration.ZERO : step;
    }
}
