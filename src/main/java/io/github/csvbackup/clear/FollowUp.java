package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.watch.NodeAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A clear after which the nodes are still to be asked for new shadow copies. Immutable.
 *
 * @param volume the volume's name
 * @param clearedAt when the state was cleared, or when the intent was written if the clear was interrupted
 * @param clearedNanos the same by {@link System#nanoTime}
 * @param known ids of the shadow copies listed right before the clear
 * @param listed nodes that listed their shadow copies right before the clear
 * @param first the first query; null before it
 */
record FollowUp(
        String volume,
        String guidName,
        String auditId,
        Instant clearedAt,
        long clearedNanos,
        Set<String> known,
        Set<String> listed,
        @Nullable Asked first) {
    /** The clocks of two nodes of a domain may differ by this much (the default tolerance of Kerberos). */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /**
     * One query of nodes.
     *
     * @param nanos when they were asked, by {@link System#nanoTime}
     * @param answered the nodes that listed their shadow copies; empty after a restart, because the time in between was not observed
     * @param silent the nodes that did not answer
     */
    record Asked(Instant at, long nanos, Set<String> answered, Set<String> silent) {
        Asked {
            answered = Set.copyOf(answered);
            silent = Set.copyOf(silent);
        }
    }

    FollowUp {
        known = Set.copyOf(known);
        listed = Set.copyOf(listed);
    }

    /** A clear with the nodes' answers from right before it. */
    static FollowUp after(
            Map<String, NodeAnswer<ShadowCopies>> before,
            String volume,
            String guidName,
            String auditId,
            Instant clearedAt,
            long clearedNanos) {
        Set<String> known = new HashSet<>();
        Set<String> listed = new HashSet<>();
        before.forEach((node, answer) -> {
            ShadowCopies list = answer.value();
            if (list != null) {
                listed.add(node);
                list.copies().forEach(copy -> known.add(copy.id()));
            }
        });
        return new FollowUp(volume, guidName, auditId, clearedAt, clearedNanos, known, listed, null);
    }

    FollowUp askedFirst(Asked first) {
        return new FollowUp(volume, guidName, auditId, clearedAt, clearedNanos, known, listed, first);
    }

    /**
     * Whether a shadow copy existed before the clear. On a node that was not asked then, only a persistent copy can have existed. It may be much
     * older than the backup of this clear; any other copy exists only while its backup runs.
     */
    boolean wasThereBefore(ShadowCopy copy, String node) {
        Instant created = copy.created();
        return known.contains(copy.id())
                || (!listed.contains(node)
                        && copy.persistent()
                        && created != null
                        && created.plus(CLOCK_SKEW).isBefore(clearedAt));
    }
}
