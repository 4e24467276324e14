package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reports stale states. A long backup is not a fault: while a backup of the volume is seen running, its state is reported once and quietly. It is
 * reported as stale, also once, when no backup is seen running. Thread-safe.
 */
final class StaleStates {
    /** Longer than a node may take for its list. */
    private static final Duration LISTS_COME_WITHIN = Duration.ofMinutes(1);

    private final Guard guard;
    private final Predicate<String> asksAgentOf;
    private final Consumer<ClearEvent> events;
    private final Map<VolumeKey, Reported> reported = new HashMap<>();

    /** The last report of a state: when the state was set, and whether a backup was running. */
    private record Reported(Instant since, boolean backupRunning) {}

    /** @param asksAgentOf whether this agent asks the agent of a node */
    StaleStates(Guard guard, Predicate<String> asksAgentOf, Consumer<ClearEvent> events) {
        this.guard = guard;
        this.asksAgentOf = asksAgentOf;
        this.events = events;
    }

    /** Call it after each poll. */
    synchronized void check(Snapshot snapshot) {
        if (snapshot.pollError() != null) {
            return; // Says nothing about the backup; the failure has a report of its own.
        }
        Set<VolumeKey> stale = new HashSet<>();
        for (WatchedVolume watched : snapshot.volumes()) {
            Instant since = watched.since();
            if (watched.stale() && since != null) {
                stale.add(watched.volume().key());
                check(snapshot, watched, since);
            }
        }
        reported.keySet().retainAll(stale);
    }

    private void check(Snapshot snapshot, WatchedVolume watched, Instant since) {
        VolumeKey key = watched.volume().key();
        Reported last = reported.get(key);
        boolean isNew = last == null || !last.since().equals(since);
        if (last != null && !isNew && !last.backupRunning()) {
            return;
        }
        Verdict verdict = guard.verdict(snapshot, watched);
        boolean running = verdict == Verdict.ACTIVE;
        if (!running && (isTooEarly(snapshot) || isForTheOwnerToTell(snapshot, watched))) {
            return;
        }
        if (isNew || !running) {
            reported.put(key, new Reported(since, running));
            String volume = snapshot.names().of(watched.volume());
            String age = Times.duration(Duration.between(since, watched.lastRead()));
            events.accept(new ClearEvent.Stale(
                    watched,
                    running,
                    running
                            ? "A backup of " + volume + " has been running for " + age
                            : "The backup state of " + volume + " is stale: set for " + age + ", verdict " + verdict));
        }
    }

    /** Right after the start of the agent, a node whose VSS runs may not have listed its shadow copies yet: a backup may be running. */
    private static boolean isTooEarly(Snapshot snapshot) {
        Instant now = snapshot.lastPoll();
        return now != null
                && Duration.between(snapshot.startTime(), now).compareTo(LISTS_COME_WITHIN) < 0
                && snapshot.nodeWatches().values().stream().anyMatch(StaleStates::isUnlisted);
    }

    /** Where agents ask each other, only the one on the volume's owner knows whether the VSS that runs is a backup's. */
    private boolean isForTheOwnerToTell(Snapshot snapshot, WatchedVolume watched) {
        return !watched.volume().ownerNode().equalsIgnoreCase(snapshot.localNode())
                && snapshot.nodes().stream().anyMatch(node -> asksAgentOf.test(node.name()))
                && snapshot.nodeWatches().values().stream().anyMatch(StaleStates::isUnlisted);
    }

    private static boolean isUnlisted(NodeWatch node) {
        ServiceStatus vss = node.vss().status();
        return vss != null && !vss.isStopped() && node.shadowCopies() == null;
    }
}
