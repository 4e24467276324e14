package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.watch.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this agent knows of what failed backups left behind, as its node said when it was last asked. Immutable.
 *
 * @param answer what the node answered last
 * @param at when the node answered last, or failed to; null before the first time
 * @param lastSuccess when it last answered; null before the first time
 * @param copiesListed when the shadow copies in {@code found} were listed; null without a recent list: then it is not known whether there are any
 * @param problem why the last question failed; null if it did not
 * @param found what was left over at {@code lastSuccess}: in the order of the volumes, the oldest first. It stays while later questions fail
 * @param hidden what a backup of its machine, or a fresh checkpoint, hides: it does not count now, and is the same one when they have ended
 * @param bytesByVolume the sizes of the differencing disks of all machines with something left over, each file once; only volumes where all of
 *     them were counted
 */
public record Leftovers(
        Answer answer,
        @Nullable Instant at,
        @Nullable Instant lastSuccess,
        @Nullable Instant copiesListed,
        @Nullable Problem problem,
        List<Leftover> found,
        List<Leftover> hidden,
        Map<VolumeKey, Long> bytesByVolume) {
    /** What a node answers to the question for its virtual machines. */
    public enum Answer {
        /** The option {@code leftover-interval} is off. */
        OFF,
        /** Not asked yet. */
        NOT_ASKED,
        /** The node has Hyper-V, and reported its machines. */
        TOLD,
        /** The node has no Hyper-V, or one without the namespace: it is not asked again for a day. */
        NO_HYPER_V,
        /** The node did not answer. */
        FAILED
    }

    public Leftovers {
        found = List.copyOf(found);
        hidden = List.copyOf(hidden);
        bytesByVolume = Map.copyOf(bytesByVolume);
    }

    /** Nothing is known. */
    public static Leftovers none(Answer answer) {
        return new Leftovers(answer, null, null, null, null, List.of(), List.of(), Map.of());
    }
}
