package io.github.csvbackup.peer;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts questions to the agents of other nodes by their outcome, and keeps the last one of each node. Thread-safe. */
public final class PeerRecords {
    /** The next poll asks again while it matters; an older outcome says nothing about now. */
    private static final Duration IS_CURRENT = Duration.ofMinutes(5);

    private final Map<PeerOutcome, LongAdder> counts = new EnumMap<>(PeerOutcome.class);
    private final Map<String, PeerStatus> last = new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);

    public PeerRecords() {
        for (PeerOutcome outcome : PeerOutcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    void add(PeerStatus status, PeerOutcome outcome) {
        LongAdder count = counts.get(outcome);
        if (count != null) {
            count.increment();
        }
        last.put(status.node(), status);
    }

    /** The last questions, by node. */
    Map<String, PeerStatus> last() {
        return last;
    }

    /** How many questions had each outcome, with those that none had. */
    public Map<PeerOutcome, Long> counts() {
        Map<PeerOutcome, Long> sums = new EnumMap<>(PeerOutcome.class);
        counts.forEach((outcome, count) -> sums.put(outcome, count.sum()));
        return sums;
    }

    /** Whether the last answer of each node counts, by node; without nodes that were not asked for a while. */
    public Map<String, Boolean> up(Instant now) {
        Map<String, Boolean> up = new TreeMap<>();
        last.forEach((node, status) -> {
            Instant at = status.at();
            PeerOutcome outcome = status.outcome();
            if (at != null && outcome != null && Duration.between(at, now).abs().compareTo(IS_CURRENT) <= 0) {
                up.put(node, outcome.counts());
            }
        });
        return up;
    }
}
