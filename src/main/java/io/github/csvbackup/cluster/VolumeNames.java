package io.github.csvbackup.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Unique names of volumes: the friendly path, or the GUID name where several volumes have that path. That can happen in a cluster: another
 * volume takes over the path of a volume whose disk is offline. Immutable.
 */
public final class VolumeNames {
    private final Set<String> shared = new HashSet<>();

    private VolumeNames(Collection<Volume> volumes) {
        Map<String, VolumeKey> byPath = new HashMap<>();
        for (Volume volume : volumes) {
            VolumeKey other = byPath.putIfAbsent(volume.friendlyPath(), volume.key());
            if (other != null && !other.equals(volume.key())) {
                shared.add(volume.friendlyPath());
            }
        }
    }

    /** The names of these volumes. */
    public static VolumeNames of(Collection<Volume> volumes) {
        return new VolumeNames(volumes);
    }

    /** True if the friendly path identifies the volume. */
    public boolean isNamedByPath(Volume volume) {
        return !volume.friendlyPath().isEmpty() && !shared.contains(volume.friendlyPath());
    }

    /** The friendly path; the GUID name if the path does not identify the volume. */
    public String of(Volume volume) {
        return isNamedByPath(volume) ? volume.friendlyPath() : volume.guidName();
    }
}
