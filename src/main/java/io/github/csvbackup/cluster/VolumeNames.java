package io.github.csvbackup.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What volumes are called, so that a name means one volume: by the friendly path, and by the GUID name where several volumes have that path. The
 * cluster lets that happen: a disk is offline whose path another volume has taken over. Immutable.
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

    /** True if the friendly path says which volume is meant. */
    public boolean isNamedByPath(Volume volume) {
        return !volume.friendlyPath().isEmpty() && !shared.contains(volume.friendlyPath());
    }

    /** The friendly path; the GUID name if the path does not say which volume is meant. */
    public String of(Volume volume) {
        return isNamedByPath(volume) ? volume.friendlyPath() : volume.guidName();
    }
}
