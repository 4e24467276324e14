package io.github.csvbackup.watch;

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
     * @param underWay number of queries to the node that have not ended
     * @param endedNanos when the last query ended, by {@link System#nanoTime}; meaningless while one is in progress
     */
    public record Last(Instant askedAt, int underWay, long endedNanos) {
        public boolean isUnderWay() {
            return underWay > 0;
        }
    }

    /** Null if this agent has not asked the node since it started. */
    public synchronized @Nullable Last to(String node) {
        return last.get(node);
    }

    /** By node; only nodes that this agent has asked since it started. */
    public synchronized Map<String, Last> all() {
        return Map.copyOf(last);
    }

    synchronized void begun(String node) {
        Last before = last.get(node);
        last.put(node, new Last(clock.instant(), before == null ? 1 : before.underWay() + 1, nanoTime.getAsLong()));
    }

    synchronized void ended(String node) {
        last.computeIfPresent(node, (name, now) -> new Last(now.askedAt(), now.underWay() - 1, nanoTime.getAsLong()));
    }
}
