package io.github.csvbackup.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long ended states lasted. Immutable.
 *
 * @param counts for each bound in {@link #BOUNDS_SECONDS}: how many lasted at most that long and longer than the bound before; the last
 *     count is for those above all bounds
 * @param sumSeconds the sum of all durations
 */
public record DurationHistogram(List<Long> counts, double sumSeconds) {
    /** Upper bounds of the buckets in seconds, ascending. */
    public static final List<Long> BOUNDS_SECONDS =
            List.of(60L, 300L, 600L, 900L, 1800L, 3600L, 7200L, 14400L, 28800L, 86400L);

    public static final DurationHistogram EMPTY =
            new DurationHistogram(Collections.nCopies(BOUNDS_SECONDS.size() + 1, 0L), 0);

    public DurationHistogram {
        counts = List.copyOf(counts);
    }

    /** This histogram with one more duration. */
    public DurationHistogram with(Duration duration) {
        double seconds = duration.toMillis() / 1000.0;
        int bucket = 0;
        while (bucket < BOUNDS_SECONDS.size() && seconds > BOUNDS_SECONDS.get(bucket)) {
            bucket++;
        }
        List<Long> more = new ArrayList<>(counts);
        more.set(bucket, more.get(bucket) + 1);
        return new DurationHistogram(more, sumSeconds + seconds);
    }

    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
