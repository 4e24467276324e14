package io.github.csvbackup.clear;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * When the nodes are to be asked after clears.
 *
 * @param quietTime from a clear to its first query
 */
record FollowUpTimes(Duration quietTime, Clock clock, LongSupplier nanoTime) {
    static final Duration SECOND_QUERY = Duration.ofMinutes(15);
    /** Within this time VSS stops again after the first query, if no other program uses it. */
    private static final Duration BETWEEN_QUERIES = Duration.ofMinutes(5);
    /** Checks that become due within this time of each other share one query. */
    private static final Duration TOGETHER = Duration.ofSeconds(30);

    /** Waits a moment for a query that becomes due next, so that one query serves both. */
    List<FollowUp> due(List<FollowUp> all) {
        long now = nanoTime.getAsLong();
        boolean soon = all.stream()
                .map(followUp -> dueIn(followUp, now))
                .anyMatch(nanos -> nanos > 0 && nanos <= TOGETHER.toNanos());
        boolean late = all.stream().anyMatch(followUp -> dueIn(followUp, now) <= -TOGETHER.toNanos());
        return soon && !late
                ? List.of()
                : all.stream().filter(followUp -> dueIn(followUp, now) <= 0).toList();
    }

    private long dueIn(FollowUp followUp, long now) {
        long sinceClear = now - followUp.clearedNanos();
        FollowUp.Asked first = followUp.first();
        return first == null
                ? quietTime.toNanos() - sinceClear
                : Math.max(SECOND_QUERY.toNanos() - sinceClear, BETWEEN_QUERIES.toNanos() - (now - first.nanos()));
    }

    /**
     * When these will be due, in order. Second queries only if they are certain.
     *
     * @param needed the nodes that must have answered
     */
    List<Instant> planned(List<FollowUp> all, List<String> needed) {
        long nanos = nanoTime.getAsLong();
        Instant now = clock.instant();
        return all.stream()
                .filter(followUp ->
                        followUp.first() == null || !followUp.first().answered().containsAll(needed))
                .map(followUp -> now.plusNanos(dueIn(followUp, nanos)))
                .sorted()
                .toList();
    }
}
