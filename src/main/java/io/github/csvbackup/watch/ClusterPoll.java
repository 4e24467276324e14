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
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

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
    private final ServicePoll services;
    private final ShadowCopyWatch shadowCopies;
    /** When polls read disks since the last round of others, by the id of the disk. */
    private final Map<String, Moment> readHere = new HashMap<>();

    private final BoundedCalls reads;
    private Set<String> empty = Set.of();

    /** The cluster's overview and when it was read: the answers of disks and nodes come later. */
    private record Timed(ClusterOverview overview, Moment at) {}

    /**
     * A poll that has read nothing yet.
     *
     * @param answered runs when a query that the poll did not wait for has an answer that should not wait for the next poll; must not block
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
                answers -> {
                    // Most rounds have nothing to tell, and an early poll reads all that polls read.
                    if (answers.stream().anyMatch(ClusterPoll::hasSetState)) {
                        answered.run();
                    }
                });
        this.io = new IoWatch(cluster, disks, settings, clock, nanoTime);
        this.services = new ServicePoll(cluster, evidence, settings, clock, nanoTime);
        this.shadowCopies = new ShadowCopyWatch(evidence, clock, answered);
    }

    /** Reads the services of the nodes also while this returns true. */
    void alsoReadServicesWhile(BooleanSupplier wanted) {
        services.alsoReadWhile(wanted);
    }

    OwnServices ownServices() {
        return services.own();
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
            Disks read = read(timed.overview(), before, wanted);
            io.begin(read.fast(), read.slow());
            ClusterReading reading = new ClusterReading(
                    timed.overview().clusterName(),
                    timed.overview().localNode(),
                    timed.overview().nodes(),
                    read.listed());
            boolean isSet = isSet(read.listed());
            evidence.setOwnNode(reading.localNode());
            Map<String, NodeServices> told = services.read(reading, isSet);
            Map<String, ShadowCopyWatch.Listed> listed =
                    shadowCopies.ask(isSet ? told : Map.of(), isSet && mayAskForLists(reading));
            return new PollResult(
                    begun,
                    now(),
                    reading,
                    timed.at(),
                    null,
                    told,
                    listed,
                    evidence.questions().all(),
                    io.answer(read.known()));
        } catch (ClusterException e) {
            return failed(begun, Problem.of(e));
        } catch (CallTimeoutException e) {
            return failed(begun, Problem.of(e));
        }
    }

    /**
     * The disks of a poll.
     *
     * @param fast the names of those that are read at each poll, even if this one reads all
     * @param slow the names of the others; a disk whose owner is not known is among neither, and asked nothing else
     * @param known the names of both, in order
     */
    private record Disks(List<ListedDisk> listed, List<String> fast, List<String> slow, List<String> known) {}

    /** Not limited as a whole, but each disk has its own deadline: a slow machine makes a poll long and does not make it fail. */
    private Disks read(ClusterOverview overview, Snapshot before, Wanted wanted) {
        List<DiskAnswer<SharedDisk>> states = disks.states(overview.disks());
        Rates rates = new Rates(before, overview.localNode(), wanted.disks(), empty);
        Map<String, DiskAnswer<Volume>> answers = new HashMap<>();
        List<String> fast = new ArrayList<>();
        List<String> slow = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (DiskAnswer<SharedDisk> state : states) {
            ClusterException problem = state.problem();
            if (problem != null) {
                answers.put(state.disk(), disks.failed(state.disk(), problem));
            } else {
                known.add(state.disk());
                (rates.isFast(state.found().get(0)) ? fast : slow).add(state.disk());
            }
        }
        // How the nodes reach the volumes of others is read at their rate, even if all volumes are wanted.
        for (DiskAnswer<Volume> answer : disks.volumes(wanted.all() ? known : fast)) {
            answers.put(answer.disk(), answer);
            readHere.put(answer.id(), answer.at());
        }
        addOthers(answers, wanted.all() ? List.of() : slow, before.lastRead() == null || wanted.all());
        List<ListedDisk> listed = new ArrayList<>(states.size());
        for (DiskAnswer<SharedDisk> state : states) {
            SharedDisk found = state.found().isEmpty() ? null : state.found().get(0);
            listed.add(new ListedDisk(state.disk(), found, answers.get(state.disk())));
        }
        empty = empty(listed);
        return new Disks(listed, fast, slow, known);
    }

    private void addOthers(Map<String, DiskAnswer<Volume>> answers, List<String> slow, boolean allWereReadNow) {
        if (allWereReadNow) {
            others.justRead();
        }
        others.begin(slow);
        List<DiskAnswer<Volume>> ofOthers = others.answers(Duration.ZERO);
        if (ofOthers.isEmpty()) {
            return;
        }
        // What a poll read itself since the round began may be newer.
        Set<String> stillSlow = Set.copyOf(slow);
        for (DiskAnswer<Volume> answer : ofOthers) {
            if (stillSlow.contains(answer.disk())
                    && !answer.at().isBefore(readHere.getOrDefault(answer.id(), answer.at()))) {
                answers.put(answer.disk(), answer);
            }
        }
        readHere.clear();
    }

    /** The ids of the listed disks whose last answer had no volumes. */
    private Set<String> empty(List<ListedDisk> listed) {
        Set<String> ids = new HashSet<>();
        for (ListedDisk disk : listed) {
            SharedDisk state = disk.state();
            DiskAnswer<Volume> answer = disk.answer();
            if (state == null) {
                continue;
            }
            boolean isEmpty = answer == null
                    ? empty.contains(state.id())
                    : answer.problem() == null && answer.found().isEmpty();
            if (isEmpty) {
                ids.add(state.id());
            }
        }
        return ids;
    }

    /** Where agents ask each other, the one on the owner of a volume whose state is set asks: many would keep VSS running. */
    private boolean mayAskForLists(ClusterReading reading) {
        boolean asksAgents = reading.nodes().stream().map(Node::name).anyMatch(evidence::asksAgentOf);
        return !asksAgents
                || isSet(reading.disks().stream()
                        .filter(disk ->
                                disk.state() != null && disk.state().owner().equalsIgnoreCase(reading.localNode()))
                        .toList());
    }

    /** True if a state that was read now is set or unknown: one that was not read now is not set. */
    private static boolean isSet(List<ListedDisk> disks) {
        for (ListedDisk disk : disks) {
            DiskAnswer<Volume> answer = disk.answer();
            if (answer != null && hasSetState(answer)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasSetState(DiskAnswer<Volume> answer) {
        for (Volume volume : answer.found()) {
            if (!volume.backupState().isNone()) {
                return true;
            }
        }
        return false;
    }

    private PollResult failed(Moment begun, Problem problem) {
        Moment now = now();
        return new PollResult(begun, now, null, now, problem, Map.of(), Map.of(), Map.of(), io.last());
    }

    private Moment now() {
        return Moment.now(clock, nanoTime);
    }
}
