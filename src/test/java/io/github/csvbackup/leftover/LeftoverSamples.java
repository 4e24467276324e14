package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftovers.Answer;
import io.github.csvbackup.leftover.Remedies.Remedy;
import io.github.csvbackup.watch.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leftovers as the surfaces get them. */
public final class LeftoverSamples {
    private static final String MACHINE = "5F0C9A10-0000-4000-B000-000000000001";
    private static final String CHECKPOINT = "Microsoft:5F0C9A10-0000-4000-C000-00000000000";

    private LeftoverSamples() {}

    /** The n-th recovery checkpoint of a machine. */
    public static Leftover checkpoint(
            VolumeKey volume, String machine, int n, @Nullable Instant created, @Nullable DifferencingDisks disks) {
        VirtualMachine owner = machine(machine);
        RecoveryCheckpoint checkpoint = new RecoveryCheckpoint(CHECKPOINT + n, "x", created, List.of());
        Remedy remedy = Remedies.checkpoint("NODE1", owner, checkpoint);
        return leftover(LeftoverKind.CHECKPOINT, volume, owner, checkpoint.id(), created, disks, remedy);
    }

    public static Leftover notMerging(VolumeKey volume, String machine, Instant since) {
        VirtualMachine owner = machine(machine);
        Remedy remedy = Remedies.notMerging("NODE1", owner);
        return leftover(LeftoverKind.NOT_MERGING, volume, owner, owner.id(), since, null, remedy);
    }

    public static Leftover stuck(VolumeKey volume, String machine, Instant since) {
        VirtualMachine owner = machine(machine);
        Remedy remedy = Remedies.stuckMachine("NODE1");
        return leftover(LeftoverKind.STUCK_MACHINE, volume, owner, owner.id(), since, null, remedy);
    }

    public static Leftover shadowCopy(VolumeKey volume, Instant created) {
        ShadowCopy copy = new ShadowCopy(
                "{9D1E7C52-0000-4000-8000-000000000001}", "{s}", "{p}", "v", "m", true, ShadowCopy.CREATED, created);
        Remedy remedy = Remedies.shadowCopy("NODE1", copy);
        return leftover(LeftoverKind.SHADOW_COPY, volume, null, copy.id(), created, null, remedy);
    }

    /** What the node answered at that time. */
    public static Leftovers told(Instant at, Leftover... found) {
        return new Leftovers(Answer.TOLD, at, at, null, null, List.of(found), List.of(), Map.of());
    }

    /** The same, with a recent list of the node's shadow copies. */
    public static Leftovers listed(Instant at, Instant copiesListed, Leftover... found) {
        return new Leftovers(Answer.TOLD, at, at, copiesListed, null, List.of(found), List.of(), Map.of());
    }

    /** The same, while a backup of its machine hides something. */
    public static Leftovers hidden(Instant at, Leftover... hidden) {
        return new Leftovers(Answer.TOLD, at, at, null, null, List.of(), List.of(hidden), Map.of());
    }

    /** The node did not answer; the leftovers are of an earlier time. */
    public static Leftovers failed(Instant at, @Nullable Instant lastSuccess, Leftover... found) {
        Problem problem = new Problem("WMI on NODE1 denied access", "Run the agent as SYSTEM.");
        return new Leftovers(Answer.FAILED, at, lastSuccess, null, problem, List.of(found), List.of(), Map.of());
    }

    private static VirtualMachine machine(String name) {
        return new VirtualMachine(MACHINE, name, List.of(2), null, List.of(), List.of());
    }

    private static Leftover leftover(
            LeftoverKind kind,
            VolumeKey volume,
            @Nullable VirtualMachine owner,
            String id,
            @Nullable Instant since,
            @Nullable DifferencingDisks disks,
            Remedy remedy) {
        return new Leftover(
                kind,
                volume,
                "NODE1",
                owner == null ? null : owner.name(),
                owner == null ? null : owner.id(),
                id,
                since,
                disks,
                remedy.command(),
                remedy.advice());
    }
}
