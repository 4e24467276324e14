package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.Source;
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

    /** The agent of an owner may be restarted, or not be heard once. */
    private static final Duration OWNERS_MAY_BE_SILENT = Duration.ofMinutes(15);

    private final Guard guard;
    private final Predicate<String> asksAgentOf;
    private final Consumer<ClearEvent> events;
    private final Map<VolumeKey, Reported> reported = new HashMap<>();
    /** Since when the agent of a node has not answered, by the node's name; only of nodes that own a stale volume. */
    private final Map<String, Instant> silentSince = new HashMap<>();

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
        Set<String> owners = new HashSet<>();
        for (WatchedVolume watched : snapshot.volumes()) {
            Instant since = watched.since();
            if (watched.stale() && since != null) {
                stale.add(watched.volume().key());
                owners.add(watched.volume().ownerNode());
                noteWhetherItAnswers(watched.volume().ownerNode(), snapshot);
                check(snapshot, watched, since);
            }
        }
        reported.keySet().retainAll(stale);
        silentSince.keySet().retainAll(owners);
    }

    private void noteWhetherItAnswers(String owner, Snapshot snapshot) {
        NodeWatch watch = snapshot.nodeWatches().get(owner);
        NodeAnswer<ServiceStatus> answer = watch == null ? null : watch.vss().last();
        Instant now = snapshot.lastPoll();
        if (now == null || (answer != null && answer.value() != null && answer.source() == Source.AGENT_OF_NODE)) {
            silentSince.remove(owner);
        } else {
            silentSince.putIfAbsent(owner, now);
        }
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

    /** Where agents ask each other, only the one on the volume's owner knows whether the VSS that runs is a backup's. It must be alive to tell. */
    private boolean isForTheOwnerToTell(Snapshot snapshot, WatchedVolume watched) {
        String owner = watched.volume().ownerNode();
        Instant silent = silentSince.get(owner);
        Instant now = snapshot.lastPoll();
        boolean isSilent =
                silent != null && now != null && Duration.between(silent, now).compareTo(OWNERS_MAY_BE_SILENT) >= 0;
        return !isSilent
                && !owner.equalsIgnoreCase(snapshot.localNode())
                && snapshot.nodes().stream().anyMatch(node -> asksAgentOf.test(node.name()))
                && snapshot.nodeWatches().values().stream().anyMatch(StaleStates::isUnlisted);
    }

    private static boolean isUnlisted(NodeWatch node) {
        ServiceStatus vss = node.vss().status();
        return vss != null && !vss.isStopped() && node.shadowCopies() == null;
    }
}
