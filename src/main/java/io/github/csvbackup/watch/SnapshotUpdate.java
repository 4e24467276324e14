package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.ClusterReading.ListedDisk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    private final KnownVolumes known;

    private DurationHistogram ended;

    private SnapshotUpdate(WatchSettings settings, Snapshot before, PollResult poll) {
        this.settings = settings;
        this.before = before;
        this.poll = poll;
        ClusterReading reading = poll.reading();
        this.localNode = reading == null ? before.localNode() : reading.localNode();
        this.ended = before.ended();
        this.known = new KnownVolumes(before.volumes());
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
                reading == null ? before.disks() : disks(reading),
                reading == null ? before.unreadable() : unreadable(reading),
                reading == null ? NodeWatches.notRead(before) : NodeWatches.next(before, poll, gap, this::byNewClock),
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
        List<WatchedVolume> volumes = new ArrayList<>(before.volumes().size());
        for (ListedDisk disk : reading.disks()) {
            SharedDisk state = disk.state();
            DiskAnswer<Volume> answer = disk.answer();
            ClusterException problem = answer == null ? null : answer.problem();
            if (answer != null && problem == null) {
                for (Volume volume : answer.found()) {
                    volumes.add(read(volume, answer, known.same(volume)));
                }
                continue;
            }
            String id = state != null ? state.id() : answer != null ? answer.id() : disk.name();
            for (WatchedVolume there : known.on(id, disk.name())) {
                volumes.add(problem == null ? notDue(there, state) : unread(there, Problem.of(problem)));
            }
        }
        return volumes;
    }

    /** A volume that this poll did not read, with its current owner. */
    private WatchedVolume notDue(WatchedVolume known, @Nullable SharedDisk state) {
        return state == null || state.owner().equals(known.volume().ownerNode())
                ? known
                : known.ownedBy(state.owner(), isFast(known.volume().ownedBy(state.owner())));
    }

    private boolean isFast(Volume volume) {
        return !volume.backupState().isNone() || volume.ownerNode().equalsIgnoreCase(localNode);
    }

    /** An equal list is kept, so that only one is in memory. */
    private List<String> disks(ClusterReading reading) {
        List<String> ids = reading.disks().stream().map(SnapshotUpdate::id).toList();
        return ids.equals(before.disks()) ? before.disks() : ids;
    }

    /** Empty if it is unknown: an answer has the name then. */
    private static String id(ListedDisk disk) {
        SharedDisk state = disk.state();
        DiskAnswer<Volume> answer = disk.answer();
        if (state != null) {
            return state.id();
        }
        return answer == null || answer.id().equals(disk.name()) ? "" : answer.id();
    }

    private List<UnreadableDisk> unreadable(ClusterReading reading) {
        List<UnreadableDisk> now = new ArrayList<>();
        Map<String, UnreadableDisk> earlier = new HashMap<>();
        before.unreadable().forEach(disk -> earlier.put(disk.resourceName(), disk));
        for (ListedDisk disk : reading.disks()) {
            DiskAnswer<Volume> answer = disk.answer();
            if (answer == null) {
                UnreadableDisk still = earlier.get(disk.name());
                if (still != null) {
                    now.add(still);
                }
            } else if (answer.problem() != null) {
                now.add(new UnreadableDisk(answer.id(), answer.disk(), answer.problem()));
            }
        }
        List<UnreadableDisk> failed = without(now, before.unreadable());
        if (!failed.isEmpty()) {
            events.add(new WatchEvent.DisksUnreadable(failed));
        }
        List<UnreadableDisk> recovered = without(before.unreadable(), now);
        if (!recovered.isEmpty()) {
            events.add(new WatchEvent.DisksRecovered(
                    recovered.stream().map(UnreadableDisk::resourceName).toList()));
        }
        return now;
    }

    /** Those of the disks that are not among the others. */
    private static List<UnreadableDisk> without(List<UnreadableDisk> disks, List<UnreadableDisk> others) {
        Set<String> names = others.stream().map(UnreadableDisk::resourceName).collect(Collectors.toSet());
        return disks.stream()
                .filter(disk -> !names.contains(disk.resourceName()))
                .toList();
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

    private WatchedVolume read(Volume found, DiskAnswer<Volume> read, @Nullable WatchedVolume known) {
        // An equal one is kept, so that only one is in memory.
        Volume volume = known != null && known.volume().equals(found) ? known.volume() : found;
        boolean fast = isFast(volume);
        Instant now = read.at().at();
        Instant since =
                known == null || known.since() == null || isForgotten(known.read(), read.at()) ? null : known.since();
        Duration lastDuration = known == null ? null : known.lastDuration();
        long staleTotal = known == null ? 0 : known.staleTotal();
        Instant lastNone = known == null ? null : known.lastNone();
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
        Instant observedSince = observedSince(volume, read.at(), known);
        boolean stale = Duration.between(begun, now).compareTo(settings.staleAfter()) > 0;
        boolean wasStale = known != null && !isNew && known.stale();
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
    private @Nullable Instant observedSince(Volume volume, Moment read, @Nullable WatchedVolume known) {
        if (!volume.resourceState().isOnline()) {
            return null;
        }
        Instant observedSince = known == null ? null : known.observedSince();
        if (known == null || observedSince == null) {
            return read.at();
        }
        boolean moved = !known.volume().ownerNode().equalsIgnoreCase(volume.ownerNode());
        return moved || settings.isGap(known.read(), read) ? read.at() : observedSince.plus(read.step(known.read()));
    }
}
