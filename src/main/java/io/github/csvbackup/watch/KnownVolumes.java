package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Volume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The volumes of a snapshot by their disks. Fast where disks are asked for in the order of the snapshot, as polls do. Used by one thread. */
final class KnownVolumes {
    private final List<WatchedVolume> all;
    /** The first volume that was not asked for yet, if disks are asked for in order. */
    private int next;

    private @Nullable String lastId;
    private List<WatchedVolume> last = List.of();
    // Made when they are needed first.
    private @Nullable Map<String, List<WatchedVolume>> byId;
    private @Nullable Map<String, List<WatchedVolume>> byName;

    KnownVolumes(List<WatchedVolume> all) {
        this.all = all;
    }

    /** The same volume; null if it is not known. */
    @Nullable
    WatchedVolume same(Volume volume) {
        for (WatchedVolume known : on(volume.resourceId())) {
            if (known.volume().key().equals(volume.key())) {
                return known;
            }
        }
        return null;
    }

    /** The volumes on a disk, which may have been renamed: by its id, otherwise by its name. */
    List<WatchedVolume> on(String id, String name) {
        List<WatchedVolume> known = on(id);
        if (!known.isEmpty() || all.isEmpty()) {
            return known;
        }
        Map<String, List<WatchedVolume>> map = byName;
        if (map == null) {
            map = grouped(Volume::resourceName);
            byName = map;
        }
        return map.getOrDefault(name, List.of());
    }

    /** The volumes on the disk with an id. */
    List<WatchedVolume> on(String id) {
        if (id.equals(lastId)) {
            return last;
        }
        int end = next;
        while (end < all.size() && all.get(end).volume().resourceId().equals(id)) {
            end++;
        }
        if (end > next) {
            last = all.subList(next, end);
            next = end;
        } else {
            Map<String, List<WatchedVolume>> map = byId;
            if (map == null) {
                map = grouped(Volume::resourceId);
                byId = map;
            }
            last = map.getOrDefault(id, List.of());
        }
        lastId = id;
        return last;
    }

    private Map<String, List<WatchedVolume>> grouped(Function<Volume, String> key) {
        Map<String, List<WatchedVolume>> map = new HashMap<>();
        for (WatchedVolume known : all) {
            map.computeIfAbsent(key.apply(known.volume()), disk -> new ArrayList<>())
                    .add(known);
        }
        return map;
    }
}
