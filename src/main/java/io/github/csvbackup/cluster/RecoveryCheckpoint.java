package io.github.csvbackup.cluster;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recovery checkpoint of a virtual machine: a backup or a replication made it, and removes it when it ends ({@code
 * Msvm_VirtualSystemSettingData} with the type {@code Microsoft:Hyper-V:Snapshot:Recovery}).
 *
 * @param id {@code InstanceID}, such as {@code Microsoft:1F6D...}
 * @param name {@code ElementName}
 * @param created {@code CreationTime}; null if Hyper-V does not report it
 * @param paths its folders, and the files of its disks
 */
public record RecoveryCheckpoint(
        String id, String name, @Nullable Instant created, List<String> paths) {
    public RecoveryCheckpoint {
        paths = List.copyOf(paths);
    }
}
