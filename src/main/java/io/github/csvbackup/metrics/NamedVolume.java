package io.github.csvbackup.metrics;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the series of one volume show, and their label. Labels are unique: a duplicate series would break the whole exposition. Times of reads are
 * not part of it.
 *
 * @param label the friendly path, or the GUID name
 * @param byPath whether the label is the friendly path
 * @param volume as last read
 * @param owned whether the agent's node owns the volume
 * @param verdict the guard's verdict at the last poll; null while the volume's state is not known
 * @param since as in {@link WatchedVolume}, like all that follow
 */
record NamedVolume(
        String label,
        boolean byPath,
        Volume volume,
        boolean owned,
        @Nullable Verdict verdict,
        @Nullable Instant since,
        @Nullable Instant observedSince,
        boolean stale,
        long staleTotal,
        @Nullable Duration lastDuration) {
    /**
     * The volumes that have series. If several volumes share a friendly path: those that cannot be read get no series; if more than one can be
     * read, each is labelled with its GUID name; if none can, the one that was read last represents all of them.
     *
     * @param verdict the guard's verdict; null while the volume's state is not known
     */
    static List<NamedVolume> of(Snapshot snapshot, Function<WatchedVolume, @Nullable Verdict> verdict) {
        Map<String, NamedVolume> byLabel = new LinkedHashMap<>();
        byPath(snapshot.volumes()).forEach((path, volumes) -> {
            List<WatchedVolume> chosen = chosen(volumes);
            boolean byPath = chosen.size() == 1 && !path.isEmpty();
            for (WatchedVolume each : chosen) {
                String label =
                        byPath ? path : OutsideText.wellFormed(each.volume().guidName());
                if (!label.isEmpty()) {
                    byLabel.computeIfAbsent(
                            label, key -> of(each, key, byPath, snapshot.localNode(), verdict.apply(each)));
                }
            }
        });
        return new ArrayList<>(byLabel.values());
    }

    private static Map<String, List<WatchedVolume>> byPath(List<WatchedVolume> volumes) {
        Map<String, List<WatchedVolume>> byPath = new LinkedHashMap<>();
        for (WatchedVolume watched : volumes) {
            byPath.computeIfAbsent(OutsideText.wellFormed(watched.volume().friendlyPath()), path -> new ArrayList<>(1))
                    .add(watched);
        }
        return byPath;
    }

    private static NamedVolume of(
            WatchedVolume watched, String label, boolean byPath, String localNode, @Nullable Verdict verdict) {
        Volume volume = watched.volume();
        return new NamedVolume(
                label,
                byPath,
                volume,
                volume.ownerNode().equalsIgnoreCase(localNode),
                verdict,
                watched.since(),
                watched.observedSince(),
                watched.stale(),
                watched.staleTotal(),
                watched.lastDuration());
    }

    private static List<WatchedVolume> chosen(List<WatchedVolume> onePath) {
        if (onePath.size() == 1) {
            return onePath;
        }
        List<WatchedVolume> readable =
                onePath.stream().filter(WatchedVolume::isReadable).toList();
        return readable.isEmpty()
                ? onePath.stream().max(Comparator.comparing(WatchedVolume::lastRead)).stream()
                        .toList()
                : readable;
    }

    /** Whether the volume's state is known. */
    boolean isSeen() {
        return verdict != null;
    }

    /** What was counted for the volume under its GUID name and, if the path is only its own, under its path. */
    long count(Map<String, Long> byName) {
        long underGuid = byName.getOrDefault(volume.guidName(), 0L);
        return byPath ? underGuid + byName.getOrDefault(volume.friendlyPath(), 0L) : underGuid;
    }

    /** The later of the times of the volume's GUID name and, if the path is only its own, its path; null if there is none. */
    @Nullable
    Instant latest(Map<String, Instant> byName) {
        Instant underGuid = byName.get(volume.guidName());
        Instant underPath = byPath ? byName.get(volume.friendlyPath()) : null;
        if (underGuid == null || underPath == null) {
            return underGuid == null ? underPath : underGuid;
        }
        return underGuid.isAfter(underPath) ? underGuid : underPath;
    }
}
