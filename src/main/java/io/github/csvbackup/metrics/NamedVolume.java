package io.github.csvbackup.metrics;

import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A volume and the label of its series. Labels are unique: a duplicate series would break the whole exposition.
 *
 * @param label the friendly path, or the GUID name
 * @param byPath whether the label is the friendly path
 */
record NamedVolume(WatchedVolume watched, String label, boolean byPath) {
    /**
     * The volumes that have series. If several volumes share a friendly path: those that cannot be read get no series; if more than one can be
     * read, each is labelled with its GUID name; if none can, the one that was read last represents all of them.
     */
    static Collection<NamedVolume> of(Snapshot snapshot) {
        Map<String, NamedVolume> byLabel = new LinkedHashMap<>();
        snapshot.volumes().stream()
                .collect(Collectors.groupingBy(
                        watched -> OutsideText.wellFormed(watched.volume().friendlyPath()),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .forEach((path, volumes) -> {
                    List<WatchedVolume> chosen = chosen(volumes);
                    boolean byPath = chosen.size() == 1 && !path.isEmpty();
                    for (WatchedVolume each : chosen) {
                        String label = byPath
                                ? path
                                : OutsideText.wellFormed(each.volume().guidName());
                        if (!label.isEmpty()) {
                            byLabel.putIfAbsent(label, new NamedVolume(each, label, byPath));
                        }
                    }
                });
        return byLabel.values();
    }

    private static List<WatchedVolume> chosen(List<WatchedVolume> onePath) {
        List<WatchedVolume> readable =
                onePath.stream().filter(WatchedVolume::isReadable).toList();
        return readable.isEmpty()
                ? onePath.stream().max(Comparator.comparing(WatchedVolume::lastRead)).stream()
                        .toList()
                : readable;
    }

    /** What was counted for the volume under its GUID name and, if the path is only its own, under its path. */
    long count(Map<String, Long> byName) {
        long underGuid = byName.getOrDefault(watched.volume().guidName(), 0L);
        return byPath ? underGuid + byName.getOrDefault(watched.volume().friendlyPath(), 0L) : underGuid;
    }

    /** The later of the times of the volume's GUID name and, if the path is only its own, its path; null if there is none. */
    @Nullable
    Instant latest(Map<String, Instant> byName) {
        Instant underGuid = byName.get(watched.volume().guidName());
        Instant underPath = byPath ? byName.get(watched.volume().friendlyPath()) : null;
        if (underGuid == null || underPath == null) {
            return underGuid == null ? underPath : underGuid;
        }
        return underGuid.isAfter(underPath) ? underGuid : underPath;
    }
}
