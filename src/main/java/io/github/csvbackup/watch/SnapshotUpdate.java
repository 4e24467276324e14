package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the next snapshot: a pure function of the old snapshot and the result of a poll.
 *
 * <p>The observation of a state starts again after anything that may hide the end of one backup and the start of another:
 *
 * <ul>
 *   <li>a failed poll, a gap between polls, or a clock that jumped
 *   <li>another owner, or a resource that was not Online
 *   <li>a volume that could not be read or was not listed
 * </ul>
 */
final class SnapshotUpdate {
    /** After a longer gap the start time of a state is dropped. */
    private static final Duration SINCE_SURVIVES = Duration.ofMinutes(5);

    private final WatchSettings settings;
    private final List<WatchEvent> events = new ArrayList<>();
    private final Snapshot before;
    private final PollResult poll;
    private final String localNode;
    private final Map<String, List<WatchedVolume>> byDisk;
    /** Made when it is needed first. */
    private @Nullable Map<String, List<WatchedVolume>> byDiskName;

    private DurationHistogram ended;

    private SnapshotUpdate(WatchSettings settings, Snapshot before, PollResult poll) {
        this.settings = settings;
        this.before = before;
        this.poll = poll;
        ClusterReading reading = poll.reading();
        this.localNode = reading == null ? before.localNode() : reading.localNode();
        this.ended = before.ended();
        this.byDisk = before.volumes().stream()
                .collect(Collectors.groupingBy(each -> each.volume().resourceId()));
    }

    /** The next snapshot and the events on the way to it. */
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
        List<WatchedVolume> volumes = reading == null ? unseen(problem) : volumes(reading);
        return new Snapshot(
                before.startTime(),
                poll.ended().at(),
                reading == null ? before.lastRead() : poll.readAt(),
                poll.ended().since(poll.begun()),
                problem,
                before.polls() + 1,
                before.pollFailures() + (problem == null ? 0 : 1),
                reading == null ? before.clusterName() : reading.clusterName(),
                reading == null ? before.localNode() : reading.localNode(),
                reading == null ? before.nodes() : reading.nodes(),
                reading == null ? Map.of() : downSince(reading, gap),
                volumes,
                reading == null ? before.unreadable() : unreadable(reading),
                reading == null ? notRead() : nodeWatches(gap),
                poll.io(),
                ended);
    }

    /** A gap in the observation of the nodes; each volume has its own, from read to read. */
    private boolean isGap() {
        Moment last = before.lastRead();
        return last == null || before.pollError() != null || settings.isGap(last, poll.readAt());
    }

    /** An earlier time, converted to the wall clock as it is set now, so that durations stay correct. */
    private Instant byNewClock(Instant time) {
        Moment last = before.lastRead();
        return last == null ? time : time.plus(poll.readAt().step(last));
    }

    private Map<String, Instant> downSince(ClusterReading reading, boolean gap) {
        Map<String, Instant> since = new LinkedHashMap<>();
        for (Node node : reading.nodes()) {
            if (node.state().isDown()) {
                Instant earlier = gap ? null : before.downSince().get(node.name());
                since.put(node.name(), earlier == null ? poll.readAt().at() : byNewClock(earlier));
            }
        }
        return since;
    }

    private List<WatchedVolume> unseen(@Nullable Problem problem) {
        Problem why = problem == null ? new Problem("the volume was not read", "") : problem;
        // What is read at the slower rate is as recent as it was.
        return before.volumes().stream()
                .map(volume -> volume.fast() ? unread(volume, why) : volume)
                .toList();
    }

    private List<WatchedVolume> volumes(ClusterReading reading) {
        Map<String, List<ClusterReading.ReadVolume>> read = reading.volumes().stream()
                .collect(Collectors.groupingBy(each -> each.volume().resourceName()));
        Map<String, UnreadableDisk> failed =
                reading.unreadable().stream().collect(Collectors.toMap(UnreadableDisk::resourceName, disk -> disk));
        List<WatchedVolume> volumes = new ArrayList<>();
        for (ClusterReading.ListedDisk disk : reading.disks()) {
            UnreadableDisk problem = failed.get(disk.name());
            if (problem != null) {
                on(disk, problem.resource())
                        .forEach(known -> volumes.add(unread(known, Problem.of(problem.problem()))));
            } else if (reading.asked().contains(disk.name())) {
                read.getOrDefault(disk.name(), List.of())
                        .forEach(each -> volumes.add(read(each, known(each.volume()))));
            } else {
                on(disk, disk.name()).forEach(known -> volumes.add(notDue(known, disk)));
            }
        }
        return volumes;
    }

    private Optional<WatchedVolume> known(Volume volume) {
        return byDisk.getOrDefault(volume.resourceId(), List.of()).stream()
                .filter(each -> each.volume().key().equals(volume.key()))
                .findFirst();
    }

    /** The known volumes on a disk, which may have been renamed. */
    private List<WatchedVolume> on(ClusterReading.ListedDisk disk, String id) {
        SharedDisk state = disk.state();
        List<WatchedVolume> known = byDisk.getOrDefault(state == null ? id : state.id(), List.of());
        return known.isEmpty() ? byDiskName().getOrDefault(disk.name(), List.of()) : known;
    }

    private Map<String, List<WatchedVolume>> byDiskName() {
        Map<String, List<WatchedVolume>> known = byDiskName;
        if (known == null) {
            known = before.volumes().stream()
                    .collect(Collectors.groupingBy(each -> each.volume().resourceName()));
            byDiskName = known;
        }
        return known;
    }

    /** A volume that this poll did not read, with its current owner. */
    private WatchedVolume notDue(WatchedVolume known, ClusterReading.ListedDisk disk) {
        SharedDisk state = disk.state();
        return state == null || state.owner().equals(known.volume().ownerNode())
                ? known
                : known.ownedBy(state.owner(), isFast(known.volume().ownedBy(state.owner())));
    }

    private boolean isFast(Volume volume) {
        return !volume.backupState().isNone() || volume.ownerNode().equalsIgnoreCase(localNode);
    }

    private List<UnreadableDisk> unreadable(ClusterReading reading) {
        Set<String> listed =
                reading.disks().stream().map(ClusterReading.ListedDisk::name).collect(Collectors.toSet());
        List<UnreadableDisk> now = Stream.concat(
                        before.unreadable().stream()
                                .filter(disk -> listed.contains(disk.resourceName())
                                        && !reading.asked().contains(disk.resourceName())),
                        reading.unreadable().stream())
                .toList();
        for (UnreadableDisk disk : now) {
            if (!isAmong(before.unreadable(), disk)) {
                events.add(new WatchEvent.DiskUnreadable(disk));
            }
        }
        for (UnreadableDisk disk : before.unreadable()) {
            if (!isAmong(now, disk)) {
                events.add(new WatchEvent.DiskRecovered(disk.resourceName()));
            }
        }
        return now;
    }

    private static boolean isAmong(List<UnreadableDisk> disks, UnreadableDisk disk) {
        return disks.stream().anyMatch(each -> each.resourceName().equals(disk.resourceName()));
    }

    private static WatchedVolume unread(WatchedVolume known, Problem problem) {
        return new WatchedVolume(
                known.volume(),
                problem,
                known.read(),
                known.lastNone(),
                known.since(),
                null,
                known.stale(),
                known.staleTotal(),
                known.lastDuration(),
                known.fast());
    }

    private WatchedVolume read(ClusterReading.ReadVolume read, Optional<WatchedVolume> known) {
        // An equal one is kept, so that only one is in memory.
        Volume volume =
                known.map(WatchedVolume::volume).filter(read.volume()::equals).orElse(read.volume());
        boolean fast = isFast(volume);
        Instant now = read.at().at();
        Instant since = known.map(WatchedVolume::since).orElse(null);
        Duration lastDuration = known.map(WatchedVolume::lastDuration).orElse(null);
        long staleTotal = known.map(WatchedVolume::staleTotal).orElse(0L);
        Instant lastNone = known.map(WatchedVolume::lastNone).orElse(null);
        if (since != null && isForgotten(known.orElseThrow().read(), read.at())) {
            since = null;
        }
        if (volume.backupState().isNone()) {
            Duration lasted = since == null ? Duration.ZERO : between(since, now);
            WatchedVolume quiet = new WatchedVolume(
                    volume,
                    null,
                    read.at(),
                    read.asked(),
                    null,
                    null,
                    false,
                    staleTotal,
                    since == null ? lastDuration : lasted,
                    fast);
            if (since != null) {
                ended = ended.with(lasted);
                events.add(new WatchEvent.StateEnded(quiet, lasted));
            }
            return quiet;
        }
        if (!volume.backupState().isInProgress()) {
            return new WatchedVolume(
                    volume, null, read.at(), lastNone, since, null, false, staleTotal, lastDuration, fast);
        }
        boolean isNew = since == null;
        Instant begun = since == null ? now : since;
        Instant observedSince = observedSince(read, known);
        boolean stale = Duration.between(begun, now).compareTo(settings.staleAfter()) > 0;
        boolean wasStale = !isNew && known.map(WatchedVolume::stale).orElse(false);
        boolean becameStale = stale && !wasStale;
        WatchedVolume busy = new WatchedVolume(
                volume,
                null,
                read.at(),
                lastNone,
                begun,
                observedSince,
                stale,
                staleTotal + (becameStale ? 1 : 0),
                lastDuration,
                fast);
        if (isNew) {
            events.add(new WatchEvent.StateSet(busy));
        }
        if (becameStale) {
            events.add(new WatchEvent.Stale(busy));
        }
        return busy;
    }

    private boolean isForgotten(Moment lastRead, Moment now) {
        Duration unseen = Duration.between(lastRead.at(), now.at());
        return (unseen.isNegative() && settings.isJump(now.step(lastRead)))
                || unseen.compareTo(SINCE_SURVIVES) > 0
                || now.since(lastRead).compareTo(SINCE_SURVIVES) > 0;
    }

    /** Not negative, even if the clock was set back a little. */
    private static Duration between(Instant begun, Instant ended) {
        return ended.isBefore(begun) ? Duration.ZERO : Duration.between(begun, ended);
    }

    /** Null while the disk is not Online: it is not observed then. */
    private @Nullable Instant observedSince(ClusterReading.ReadVolume read, Optional<WatchedVolume> known) {
        Volume volume = read.volume();
        if (!volume.resourceState().isOnline()) {
            return null;
        }
        Instant observedSince = known.map(WatchedVolume::observedSince).orElse(null);
        if (observedSince == null) {
            return read.at().at();
        }
        WatchedVolume last = known.orElseThrow();
        boolean moved = !last.volume().ownerNode().equalsIgnoreCase(volume.ownerNode());
        return moved || settings.isGap(last.read(), read.at())
                ? read.at().at()
                : observedSince.plus(read.at().step(last.read()));
    }

    /** After a failed poll: keeps a backup that was seen running and drops everything else. */
    private Map<String, NodeWatch> notRead() {
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
            ServiceWatch vss = known.vss().next(services.vss(), gap, this::byNewClock);
            ServiceWatch provider = known.softwareProvider().next(services.softwareProvider(), gap, this::byNewClock);
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
