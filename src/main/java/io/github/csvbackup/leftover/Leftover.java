package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.VolumeKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a failed backup left on a Cluster Shared Volume. What lies on two volumes is there twice, once for each.
 *
 * @param volume the volume that it lies on
 * @param node the node that reported it
 * @param machine name of the virtual machine; null for a shadow copy
 * @param machineId id of the virtual machine; null for a shadow copy
 * @param id of the checkpoint or the shadow copy; the machine's id for the other kinds
 * @param since when the checkpoint or the shadow copy was created, or since when this agent has seen the machine so; null if unknown
 * @param disks the machine's differencing disks on this volume; null if they were not counted, and for a shadow copy
 * @param command what ends it, for Windows PowerShell. The agent never runs it
 * @param advice what to look at before, as sentences
 */
public record Leftover(
        LeftoverKind kind,
        VolumeKey volume,
        String node,
        @Nullable String machine,
        @Nullable String machineId,
        String id,
        @Nullable Instant since,
        @Nullable DifferencingDisks disks,
        String command,
        String advice) {
    /** The same with other counts. */
    Leftover with(@Nullable DifferencingDisks counted) {
        return new Leftover(kind, volume, node, machine, machineId, id, since, counted, command, advice);
    }
}
