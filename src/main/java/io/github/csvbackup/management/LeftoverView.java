package io.github.csvbackup.management;

import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that a failed backup left on a volume, as clients see it.
 *
 * @param kind CHECKPOINT, NOT_MERGING, STUCK_MACHINE or SHADOW_COPY
 * @param volume friendly path, or the GUID name if several volumes share that path
 * @param node the node that reported it
 * @param machine the virtual machine; null for a shadow copy
 * @param machineId its id; null for a shadow copy
 * @param id of the checkpoint or the shadow copy; the machine's id for the other kinds
 * @param created when the checkpoint or the shadow copy was created, or since when the agent has seen the machine so, ISO-8601 in UTC; null if unknown
 * @param createdEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if unknown
 * @param ageSeconds 0 if unknown
 * @param files number of the machine's differencing disks on this volume; null if they were not counted
 * @param bytes their size; null if they were not counted
 * @param complete whether these are all such disks: false if the count ended at a limit or could not open a folder; null if they were not counted
 * @param command what ends it, for Windows PowerShell on that node. The agent never runs it
 * @param advice what to look at before
 */
public record LeftoverView(
        String kind,
        String volume,
        String node,
        @Nullable String machine,
        @Nullable String machineId,
        String id,
        @Nullable String created,
        long createdEpochMillis,
        long ageSeconds,
        @Nullable Long files,
        @Nullable Long bytes,
        @Nullable Boolean complete,
        String command,
        String advice) {

    static List<LeftoverView> of(List<Leftover> leftovers, Snapshot snapshot, Instant now) {
        if (leftovers.isEmpty()) {
            return List.of();
        }
        Map<VolumeKey, String> byKey = new HashMap<>();
        VolumeNames names = snapshot.names();
        snapshot.volumes().forEach(watched -> byKey.put(watched.volume().key(), names.of(watched.volume())));
        return leftovers.stream()
                .map(leftover -> of(
                        leftover,
                        byKey.getOrDefault(leftover.volume(), leftover.volume().guidName()),
                        now))
                .toList();
    }

    private static LeftoverView of(Leftover leftover, String volume, Instant now) {
        Instant since = leftover.since();
        DifferencingDisks disks = leftover.disks();
        return new LeftoverView(
                leftover.kind().name(),
                volume,
                leftover.node(),
                leftover.machine(),
                leftover.machineId(),
                leftover.id(),
                since == null ? null : CsvBackupState.text(since),
                since == null ? 0 : since.toEpochMilli(),
                since == null ? 0 : Math.max(0, Duration.between(since, now).toSeconds()),
                disks == null ? null : disks.files(),
                disks == null ? null : disks.bytes(),
                disks == null ? null : disks.complete(),
                leftover.command(),
                leftover.advice());
    }
}
