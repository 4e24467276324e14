package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** When this agent asked the nodes for their shadow copies: each query starts the VSS service of the node, which then runs for minutes. Thread-safe. */
public final class OwnQuestions {
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<String, Last> last = new HashMap<>();

    OwnQuestions(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * The last query to a node.
     *
     * @param askedAt when it began
     * @param askedNanos the same by {@link System#nanoTime}
     * @param endedAt when the last query ended; {@code askedAt} while one is in progress
     * @param underWay number of queries to the node that have not ended
     * @param endedNanos when the last query ended, by {@link System#nanoTime}; meaningless while one is in progress
     * @param startedVss the last query that found the VSS service stopped and so started it; null if none did
     */
    public record Last(
            Instant askedAt,
            long askedNanos,
            Instant endedAt,
            int underWay,
            long endedNanos,
            @Nullable Start startedVss) {
        public boolean isUnderWay() {
            return underWay > 0;
        }
    }

    /** From the begin of a query that starts VSS to its end. */
    public record Start(Instant begun, Instant ended) {}

    /** Null if this agent has not asked the node since it started. */
    public synchronized @Nullable Last to(String node) {
        return last.get(node);
    }

    /** By node; only nodes that this agent has asked since it started. */
    synchronized Map<String, Last> all() {
        return Map.copyOf(last);
    }

    /** A query begins. Returns when. */
    synchronized Instant begun(String node) {
        Instant now = clock.instant();
        long nanos = nanoTime.getAsLong();
        Last before = last.get(node);
        last.put(
                node,
                new Last(
                        now,
                        nanos,
                        now,
                        before == null ? 1 : before.underWay() + 1,
                        nanos,
                        before == null ? null : before.startedVss()));
        return now;
    }

    /** The query that began then has ended. */
    synchronized void ended(String node, Instant begun, @Nullable ShadowCopies told) {
        Instant ended = clock.instant();
        boolean started = told != null && told.vssBefore().isStopped();
        last.computeIfPresent(
                node,
                (name, now) -> new Last(
                        now.askedAt(),
                        now.askedNanos(),
                        ended,
                        now.underWay() - 1,
                        nanoTime.getAsLong(),
                        started ? new Start(begun, ended) : now.startedVss()));
    }
}
