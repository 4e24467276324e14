package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Remedies.Remedy;
import io.github.csvbackup.leftover.Sightings.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is left over. Pure.
 *
 * @param node the node that answered
 * @param volumes the cluster's, in its order
 * @param after the age at which something is left over
 * @param now when the node answered
 */
record Classification(String node, List<Volume> volumes, Sightings sightings, Duration after, Instant now) {
    /** What is from further in the future has no valid time: clocks differ by minutes, and a wrong time zone by hours. */
    private static final Duration WRONG_CLOCK = Duration.ofDays(1);

    /** Before Hyper-V, and before Cluster Shared Volumes. */
    private static final Instant EARLIEST = Instant.parse("2008-01-01T00:00:00Z");

    /** What an answer says that has no time of its own. */
    static Set<Seen> seen(List<VirtualMachine> machines, Instant now) {
        Set<Seen> seen = new HashSet<>();
        for (VirtualMachine machine : machines) {
            if (machine.isBackingUp()) {
                seen.add(new Seen(LeftoverKind.STUCK_MACHINE, machine.id()));
            }
            if (isMergeOff(machine)) {
                seen.add(new Seen(LeftoverKind.NOT_MERGING, machine.id()));
            }
            for (RecoveryCheckpoint checkpoint : machine.checkpoints()) {
                if (validTime(checkpoint.created(), now) == null) {
                    seen.add(new Seen(LeftoverKind.CHECKPOINT, checkpoint.id()));
                }
            }
        }
        return seen;
    }

    private static boolean isMergeOff(VirtualMachine machine) {
        Integer state = machine.mergeState();
        return state != null && VirtualMachine.isMergeOff(state);
    }

    private static @Nullable Instant validTime(@Nullable Instant created, Instant now) {
        return created == null || created.isBefore(EARLIEST) || created.isAfter(now.plus(WRONG_CLOCK)) ? null : created;
    }

    /**
     * What was found on each volume, without sizes.
     *
     * @param found in the order of the volumes, the oldest first
     * @param hidden as {@link Leftovers#hidden}
     */
    record Result(List<Leftover> found, List<Leftover> hidden) {}

    Result of(List<VirtualMachine> machines, List<ShadowCopy> copies) {
        List<Leftover> found = new ArrayList<>();
        List<Leftover> hidden = new ArrayList<>();
        MachinePlaces places = new MachinePlaces(volumes);
        for (VirtualMachine machine : machines) {
            List<Found> ofMachine = of(machine);
            if (!ofMachine.isEmpty()) {
                for (VolumeKey volume : places.of(machine).keySet()) {
                    ofMachine.forEach(each -> (each.hidden() ? hidden : found).add(leftover(each, volume, machine)));
                }
            }
        }
        Map<VolumeKey, Integer> order = new HashMap<>();
        for (Volume volume : volumes) {
            order.put(volume.key(), order.size());
            for (ShadowCopy copy : copies) {
                Instant created = validTime(copy.created(), now);
                if (copy.persistent()
                        && !copy.isDead()
                        && created != null
                        && isOld(created)
                        && copy.volumeName().equalsIgnoreCase(volume.guidName())) {
                    Remedy remedy = Remedies.shadowCopy(node, copy);
                    found.add(leftover(
                            new Found(LeftoverKind.SHADOW_COPY, copy.id(), created, false, remedy),
                            volume.key(),
                            null));
                }
            }
        }
        found.sort(Comparator.<Leftover>comparingInt(each -> order.getOrDefault(each.volume(), 0))
                .thenComparing(Leftover::since, Comparator.nullsLast(Comparator.naturalOrder())));
        return new Result(found, hidden);
    }

    private record Found(LeftoverKind kind, String id, Instant since, boolean hidden, Remedy remedy) {}

    private List<Found> of(VirtualMachine machine) {
        List<Found> found = new ArrayList<>();
        boolean busy = machine.isBackingUp();
        boolean isFresh = false;
        for (RecoveryCheckpoint checkpoint : machine.checkpoints()) {
            Instant created = validTime(checkpoint.created(), now);
            Instant since = created == null ? sightings.since(LeftoverKind.CHECKPOINT, checkpoint.id()) : created;
            boolean isOld = since != null && isOld(since);
            isFresh |= busy || !isOld;
            if (since != null && isOld) {
                found.add(new Found(
                        LeftoverKind.CHECKPOINT,
                        checkpoint.id(),
                        since,
                        busy,
                        Remedies.checkpoint(node, machine, checkpoint)));
            }
        }
        Instant busySince = sightings.since(LeftoverKind.STUCK_MACHINE, machine.id());
        if (busySince != null && isOld(busySince)) {
            found.add(
                    new Found(LeftoverKind.STUCK_MACHINE, machine.id(), busySince, false, Remedies.stuckMachine(node)));
        }
        Instant offSince = sightings.since(LeftoverKind.NOT_MERGING, machine.id());
        // Not at first sight: a backup may have begun while Hyper-V listed one thing after the other.
        if (offSince != null && offSince.isBefore(now)) {
            found.add(new Found(
                    LeftoverKind.NOT_MERGING, machine.id(), offSince, isFresh, Remedies.notMerging(node, machine)));
        }
        return found;
    }

    private boolean isOld(Instant since) {
        return Duration.between(since, now).compareTo(after) >= 0;
    }

    private Leftover leftover(Found found, VolumeKey volume, @Nullable VirtualMachine machine) {
        return new Leftover(
                found.kind(),
                volume,
                node,
                machine == null ? null : machine.name(),
                machine == null ? null : machine.id(),
                found.id(),
                found.since(),
                null,
                found.remedy().command(),
                found.remedy().advice());
    }
}
