package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds abandoned states: stale ones for which no check found a running backup. Each is reported and counted once.
 * Thread-safe.
 */
final class AbandonedStates {
    private static final String KIND = "abandoned";

    private final Guard guard;
    private final Consumer<ClearEvent> events;
    private final Map<String, Occurrences> byVolume = new TreeMap<>();

    /** The number of abandoned states of a volume, and the start of the last one. */
    private record Occurrences(long count, @Nullable Instant lastSince) {}

    AbandonedStates(Guard guard, Consumer<ClearEvent> events) {
        this.guard = guard;
        this.events = events;
    }

    /** Call it after each poll. */
    void check(Snapshot snapshot) {
        VolumeNames names = snapshot.names();
        for (WatchedVolume watched : snapshot.volumes()) {
            Instant since = watched.since();
            if (watched.stale() && since != null && guard.verdict(snapshot, watched) == Verdict.CLEARABLE) {
                String volume = names.of(watched.volume());
                if (isNew(volume, since)) {
                    events.accept(new ClearEvent.Abandoned(
                            volume,
                            "The backup state of " + volume + ", set since "
                                    + guard.times().time(since)
                                    + ", is stale, and no check found a running backup. Assess it, then clear it."));
                }
            }
        }
    }

    private synchronized boolean isNew(String volume, Instant since) {
        Occurrences known = byVolume.getOrDefault(volume, new Occurrences(0, null));
        if (since.equals(known.lastSince())) {
            return false;
        }
        byVolume.put(volume, new Occurrences(known.count() + 1, since));
        return true;
    }

    /** Abandoned states by the volume's name. */
    synchronized Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        byVolume.forEach((volume, occurrences) -> counts.put(volume, occurrences.count()));
        return counts;
    }

    synchronized List<StateLine> saveState() {
        List<StateLine> lines = new ArrayList<>();
        byVolume.forEach((volume, occurrences) -> lines.add(StateLine.of(KIND)
                .with("volume", volume)
                .with("count", occurrences.count())
                .with("lastSince", occurrences.lastSince())));
        return lines;
    }

    synchronized void restoreState(List<StateLine> lines) {
        byVolume.clear();
        for (StateLine line : lines) {
            if (line.kind().equals(KIND)) {
                byVolume.put(line.text("volume"), new Occurrences(line.count("count"), line.time("lastSince")));
            }
        }
    }
}
