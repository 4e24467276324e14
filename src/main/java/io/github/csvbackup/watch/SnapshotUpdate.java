package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From one snapshot to the next: a pure function of the old snapshot and what a poll brought home.
 *
 * <p>Whatever may hide that one backup ended and another began starts the observation again: a failed poll, a gap between polls, a
 * clock that jumped, another owner, a resource that was not Online, a volume that could not be read or was not listed.
 */
final class SnapshotUpdate {
    /** Over a longer gap the time of a state's beginning is not kept. */
    private static final Duration SINCE_SURVIVES = Duration.ofMinutes(5);

    private final WatchSettings settings;
    private final List<WatchEvent> events = new ArrayList<>();
    private final Snapshot before;
    private final PollResult poll;

    private SnapshotUpdate(WatchSettings settings, Snapshot before, PollResult poll) {
        this.settings = settings;
        this.before = before;
        this.poll = poll;
    }

    /** The next snapshot and what came to light. */
    record Step(Snapshot snapshot, List<WatchEvent> events) {}

    static Step next(WatchSettings settings, Snapshot before, PollResult poll) {
        SnapshotUpdate update = new SnapshotUpdate(settings, before, poll);
        Snapshot after = update.next();
        return new Step(after, List.copyOf(update.events));
    }

    private Snapshot next() {
        ClusterReading reading = poll.reading();
        Problem problem = poll.problem();
        if (problem != null && before.pollError() == null) {
            events.add(new WatchEvent.PollFailing(problem));
        } else if (problem == null && before.pollError() != null) {
            events.add(new WatchEvent.PollRecovered());
        }
        boolean gap = isGap();
        return new Snapshot(
                before.startTime(),
                poll.ended(),
                reading == null ? before.lastSuccess() : poll.readAt(),
                Duration.between(poll.begun(), poll.ended()),
                problem,
                before.polls() + 1,
                before.pollFailures() + (problem == null ? 0 : 1),
                reading == null ? before.clusterName() : reading.clusterName(),
                reading == null ? before.localNode() : reading.localNode(),
                reading == null ? before.nodes() : reading.nodes(),
                reading == null ? Map.of() : downSince(reading, gap),
                reading == null ? unseen(problem) : volumes(reading, gap),
                reading == null ? before.unreadable() : unreadable(reading),
                reading == null ? unlooked() : nodeWatches(gap),
                poll.io());
    }

    /** From read to read, since it is there that a state is seen. */
    private boolean isGap() {
        Instant last = before.lastSuccess();
        if (last == null || before.pollError() != null) {
            return true;
        }
        Duration between = Duration.between(last, poll.readAt());
        return between.isNegative() || between.compareTo(settings.gap()) > 0;
    }

    private Map<String, Instant> downSince(ClusterReading reading, boolean gap) {
        Map<String, Instant> since = new LinkedHashMap<>();
        for (Node node : reading.nodes()) {
            if (node.state().isDown()) {
                Instant earlier = gap ? null : before.downSince().get(node.name());
                since.put(node.name(), earlier == null ? poll.readAt() : earlier);
            }
        }
        return since;
    }

    private List<WatchedVolume> unseen(@Nullable Problem problem) {
        Problem why = problem == null ? new Problem("the volume was not read", "") : problem;
        return before.volumes().stream().map(volume -> unread(volume, why)).toList();
    }

    private List<WatchedVolume> volumes(ClusterReading reading, boolean gap) {
        List<WatchedVolume> volumes = new ArrayList<>();
        for (Volume volume : reading.volumes()) {
            volumes.add(read(volume, before.volume(volume.key()), gap));
        }
        for (UnreadableDisk disk : reading.unreadable()) {
            before.volumes().stream()
                    .filter(known -> known.volume().resourceId().equals(disk.resource())
                            || known.volume().resourceName().equals(disk.resourceName()))
                    .forEach(known -> volumes.add(unread(known, Problem.of(disk.problem()))));
        }
        return volumes;
    }

    private List<UnreadableDisk> unreadable(ClusterReading reading) {
        for (UnreadableDisk disk : reading.unreadable()) {
            if (!isAmong(before.unreadable(), disk)) {
                events.add(new WatchEvent.DiskUnreadable(disk));
            }
        }
        for (UnreadableDisk disk : before.unreadable()) {
            if (!isAmong(reading.unreadable(), disk)) {
                events.add(new WatchEvent.DiskRecovered(disk.resourceName()));
            }
        }
        return reading.unreadable();
    }

    private static boolean isAmong(List<UnreadableDisk> disks, UnreadableDisk disk) {
        return disks.stream().anyMatch(each -> each.resourceName().equals(disk.resourceName()));
    }

    private static WatchedVolume unread(WatchedVolume known, Problem problem) {
        return new WatchedVolume(
                known.volume(),
                problem,
                known.lastRead(),
                known.lastNone(),
                known.since(),
                null,
                known.stale(),
                known.staleTotal(),
                known.ended());
    }

    private WatchedVolume read(Volume volume, Optional<WatchedVolume> known, boolean gap) {
        Instant now = poll.readAt();
        Instant since = known.map(WatchedVolume::since).orElse(null);
        DurationHistogram ended = known.map(WatchedVolume::ended).orElse(DurationHistogram.EMPTY);
        long staleTotal = known.map(WatchedVolume::staleTotal).orElse(0L);
        Instant lastNone = known.map(WatchedVolume::lastNone).orElse(null);
        if (since != null && isForgotten(known.orElseThrow().lastRead(), now)) {
            since = null;
        }
        if (volume.backupState().isNone()) {
            Duration lasted = since == null ? Duration.ZERO : Duration.between(since, now);
            WatchedVolume quiet = new WatchedVolume(
                    volume,
                    null,
                    now,
                    poll.begun(),
                    null,
                    null,
                    false,
                    staleTotal,
                    since == null ? ended : ended.with(lasted));
            if (since != null) {
                events.add(new WatchEvent.StateEnded(quiet, lasted));
            }
            return quiet;
        }
        if (!volume.backupState().isInProgress()) {
            return new WatchedVolume(volume, null, now, lastNone, since, null, false, staleTotal, ended);
        }
        boolean isNew = since == null;
        Instant begun = since == null ? now : since;
        Instant observedSince = observedSince(volume, known, gap, now);
        boolean stale = Duration.between(begun, now).compareTo(settings.staleAfter()) > 0;
        boolean wasStale = !isNew && known.map(WatchedVolume::stale).orElse(false);
        boolean becameStale = stale && !wasStale;
        WatchedVolume busy = new WatchedVolume(
                volume, null, now, lastNone, begun, observedSince, stale, staleTotal + (becameStale ? 1 : 0), ended);
        if (isNew) {
            events.add(new WatchEvent.StateSet(busy));
        }
        if (becameStale) {
            events.add(new WatchEvent.Stale(busy));
        }
        return busy;
    }

    private static boolean isForgotten(Instant lastRead, Instant now) {
        Duration unseen = Duration.between(lastRead, now);
        return unseen.isNegative() || unseen.compareTo(SINCE_SURVIVES) > 0;
    }

    /** Null while the disk is not Online: nothing is observed then. */
    private static @Nullable Instant observedSince(
            Volume volume, Optional<WatchedVolume> known, boolean gap, Instant now) {
        if (!volume.resourceState().isOnline()) {
            return null;
        }
        Instant observedSince = known.map(WatchedVolume::observedSince).orElse(null);
        if (gap || observedSince == null) {
            return now;
        }
        boolean moved = !known.orElseThrow().volume().ownerNode().equalsIgnoreCase(volume.ownerNode());
        return moved ? now : observedSince;
    }

    /** After a poll that saw nothing: a backup that was seen alive is not forgotten, everything else is. */
    private Map<String, NodeWatch> unlooked() {
        Map<String, NodeWatch> watches = new LinkedHashMap<>();
        before.nodeWatches()
                .forEach((node, watch) -> watches.put(
                        node,
                        new NodeWatch(
                                node,
                                ServiceWatch.UNSEEN,
                                ServiceWatch.UNSEEN,
                                watch.shadowCopies(),
                                watch.shadowCopiesProcess())));
        return watches;
    }

    private Map<String, NodeWatch> nodeWatches(boolean gap) {
        Map<String, NodeWatch> watches = new LinkedHashMap<>();
        poll.services().forEach((node, services) -> {
            NodeWatch known = before.nodeWatches().getOrDefault(node, NodeWatch.unseen(node));
            ServiceWatch vss = known.vss().next(services.vss(), gap);
            ServiceWatch provider = known.softwareProvider().next(services.softwareProvider(), gap);
            ShadowCopyWatch.Listed listed = poll.shadowCopies().get(node);
            if (listed != null && listed.answer().value() != null) {
                watches.put(node, new NodeWatch(node, vss, provider, listed.answer(), listed.process()));
            } else {
                watches.put(
                        node, new NodeWatch(node, vss, provider, known.shadowCopies(), known.shadowCopiesProcess()));
            }
        });
        return watches;
    }
}
