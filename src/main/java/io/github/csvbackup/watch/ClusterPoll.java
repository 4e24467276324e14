package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.ClusterReading.ListedDisk;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Reads from the cluster what one poll needs. Used by one thread at a time. */
final class ClusterPoll {
    private static final int READS_AT_ONCE = 4;

    private final Cluster cluster;
    private final NodeEvidence evidence;
    private final DiskReads disks;
    private final Duration deadline;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final DiskRounds<Volume> others;
    private final IoWatch io;
    private final ShadowCopyWatch shadowCopies;
    /** When polls read disks since the last round of others, by the id of the disk. */
    private final Map<String, Moment> readHere = new HashMap<>();

    private final BoundedCalls reads;
    private Set<String> empty = Set.of();
    private volatile BooleanSupplier servicesWanted = () -> false;

    /** The cluster's overview and when it was read: the answers of disks and nodes come later. */
    private record Timed(ClusterOverview overview, Moment at) {}

    /**
     * A poll that has read nothing yet.
     *
     * @param answered runs when a query that the poll did not wait for has been answered; must not block
     */
    ClusterPoll(
            Cluster cluster,
            NodeEvidence evidence,
            DiskReads disks,
            WatchSettings settings,
            Clock clock,
            LongSupplier nanoTime,
            Runnable answered) {
        this.cluster = cluster;
        this.reads = new BoundedCalls(READS_AT_ONCE, cluster);
        this.evidence = evidence;
        this.disks = disks;
        this.deadline = settings.callDeadline();
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.others = new DiskRounds<>(
                "reading the volumes of other nodes",
                cluster,
                disks::volumesOfOthers,
                disks::failed,
                settings,
                settings.pollIntervalOthers(),
                nanoTime,
                answered);
        this.io = new IoWatch(cluster, disks, settings, clock, nanoTime);
        this.shadowCopies = new ShadowCopyWatch(evidence, clock, answered);
    }

    /** Reads the services of the nodes also while this returns true. */
    void alsoReadServicesWhile(BooleanSupplier wanted) {
        servicesWanted = wanted;
    }

    /**
     * Polls.
     *
     * @param before the last snapshot
     * @param wanted what is read whatever its rate
     */
    PollResult run(Snapshot before, Wanted wanted) {
        Moment begun = now();
        try {
            Timed timed = reads.call("reading the cluster", deadline, () -> {
                ClusterOverview told = cluster.overview();
                return new Timed(told, now());
            });
            ClusterReading reading = withDisks(timed.overview(), before, wanted);
            io.begin(names(reading.disks(), true), names(reading.disks(), false));
            // The state of a volume that was not read now is not set.
            boolean isSet = reading.volumes().stream()
                    .anyMatch(read -> !read.volume().backupState().isNone());
            Map<String, NodeServices> services = Map.of();
            if (isSet || servicesWanted.getAsBoolean()) {
                services = evidence.services(reading.nodes().stream()
                        .filter(node -> !node.isProvenDown())
                        .map(Node::name)
                        .toList());
            }
            Map<String, ShadowCopyWatch.Listed> listed = shadowCopies.ask(isSet ? services : Map.of());
            return new PollResult(
                    begun, now(), reading, timed.at(), null, services, listed, io.answer(withState(reading.disks())));
        } catch (ClusterException e) {
            return failed(begun, Problem.of(e));
        } catch (CallTimeoutException e) {
            return failed(begun, Problem.of(e));
        }
    }

    /** Not limited as a whole, but each disk has its own deadline: a slow machine makes a poll long and does not make it fail. */
    private ClusterReading withDisks(ClusterOverview overview, Snapshot before, Wanted wanted) {
        Rates rates = new Rates(before, overview.localNode(), wanted, empty);
        List<ListedDisk> listed = new ArrayList<>();
        List<DiskAnswer<Volume>> answers = new ArrayList<>();
        for (DiskAnswer<SharedDisk> answer : disks.states(overview.disks())) {
            ClusterException problem = answer.problem();
            if (problem != null) {
                answers.add(disks.failed(answer.disk(), problem));
            }
            SharedDisk state = answer.found().isEmpty() ? null : answer.found().get(0);
            listed.add(new ListedDisk(answer.disk(), state, state == null || rates.isFast(state)));
        }
        List<DiskAnswer<Volume>> now = disks.volumes(names(listed, true));
        now.forEach(answer -> readHere.put(answer.id(), answer.at()));
        answers.addAll(now);
        List<String> slow = names(listed, false);
        if (before.lastRead() == null || wanted.all()) {
            others.justRead();
        }
        others.begin(slow);
        List<DiskAnswer<Volume>> ofOthers = others.answers(Duration.ZERO);
        if (!ofOthers.isEmpty()) {
            // What a poll read itself since the round began may be newer.
            Set<String> slowNames = Set.copyOf(slow);
            ofOthers.stream()
                    .filter(answer -> slowNames.contains(answer.disk()))
                    .filter(answer -> !answer.at().isBefore(readHere.getOrDefault(answer.id(), answer.at())))
                    .forEach(answers::add);
            readHere.clear();
        }
        empty = empty(answers, listed);
        List<ClusterReading.ReadVolume> volumes = new ArrayList<>();
        answers.forEach(answer -> answer.found()
                .forEach(volume -> volumes.add(new ClusterReading.ReadVolume(volume, answer.asked(), answer.at()))));
        return new ClusterReading(
                overview.clusterName(),
                overview.localNode(),
                overview.nodes(),
                listed,
                volumes,
                answers.stream().map(DiskAnswer::disk).collect(Collectors.toUnmodifiableSet()),
                DiskAnswer.unreadable(answers));
    }

    /** The ids of the listed disks whose last answer had no volumes. */
    private Set<String> empty(List<DiskAnswer<Volume>> answers, List<ListedDisk> listed) {
        Set<String> ids = new HashSet<>(empty);
        for (DiskAnswer<Volume> answer : answers) {
            if (answer.problem() == null && answer.found().isEmpty()) {
                ids.add(answer.id());
            } else {
                ids.remove(answer.id());
            }
        }
        if (!ids.isEmpty()) {
            ids.retainAll(listed.stream()
                    .map(ListedDisk::state)
                    .filter(Objects::nonNull)
                    .map(SharedDisk::id)
                    .collect(Collectors.toSet()));
        }
        return ids;
    }

    /** The names of the disks whose state was read; nothing is known of the others. */
    private static List<String> withState(List<ListedDisk> disks) {
        return disks.stream()
                .filter(disk -> disk.state() != null)
                .map(ListedDisk::name)
                .toList();
    }

    /** The names of the disks at one of the rates; a disk whose owner is not known is asked nothing else. */
    private static List<String> names(List<ListedDisk> disks, boolean fast) {
        return disks.stream()
                .filter(disk -> disk.state() != null && disk.fast() == fast)
                .map(ListedDisk::name)
                .toList();
    }

    private PollResult failed(Moment begun, Problem problem) {
        Moment now = now();
        return new PollResult(begun, now, null, now, problem, Map.of(), Map.of(), io.last());
    }

    private Moment now() {
        return Moment.now(clock, nanoTime);
    }
}
