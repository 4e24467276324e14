package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.Volume;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final IoWatch io;
    private final ShadowCopyWatch shadowCopies;
    private final BoundedCalls reads;
    private volatile BooleanSupplier servicesWanted = () -> false;

    /** The cluster's overview and when it was read: the answers of disks and nodes come later. */
    private record Timed(ClusterOverview overview, Moment at) {}

    /**
     * @param deadline how long the overview of the cluster may take
     * @param answered runs when a query that the poll did not wait for has been answered; must not block
     */
    ClusterPoll(
            Cluster cluster,
            NodeEvidence evidence,
            DiskReads disks,
            Duration deadline,
            Clock clock,
            LongSupplier nanoTime,
            Runnable answered) {
        this.cluster = cluster;
        this.reads = new BoundedCalls(READS_AT_ONCE, cluster);
        this.evidence = evidence;
        this.disks = disks;
        this.deadline = deadline;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.io = new IoWatch(cluster, disks, clock, nanoTime);
        this.shadowCopies = new ShadowCopyWatch(evidence, clock, answered);
    }

    /** Reads the services of the nodes also while this returns true. */
    void alsoReadServicesWhile(BooleanSupplier wanted) {
        servicesWanted = wanted;
    }

    PollResult run() {
        Moment begun = now();
        try {
            Timed timed = reads.call("reading the cluster", deadline, () -> {
                ClusterOverview told = cluster.overview();
                return new Timed(told, now());
            });
            ClusterReading reading = withDisks(timed.overview());
            io.begin(timed.overview().disks());
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
            return new PollResult(begun, now(), reading, timed.at(), null, services, listed, io.answer());
        } catch (ClusterException e) {
            return failed(begun, Problem.of(e));
        } catch (CallTimeoutException e) {
            return failed(begun, Problem.of(e));
        }
    }

    /** Not limited as a whole, but each disk has its own deadline: a slow machine makes a poll long and does not make it fail. */
    private ClusterReading withDisks(ClusterOverview overview) {
        List<DiskAnswer<Volume>> answers = disks.volumes(overview.disks());
        List<ClusterReading.ReadVolume> volumes = new ArrayList<>();
        answers.forEach(answer ->
                answer.found().forEach(volume -> volumes.add(new ClusterReading.ReadVolume(volume, answer.at()))));
        return new ClusterReading(
                overview.clusterName(),
                overview.localNode(),
                overview.nodes(),
                volumes,
                DiskAnswer.unreadable(answers));
    }

    private PollResult failed(Moment begun, Problem problem) {
        Moment now = now();
        return new PollResult(begun, now, null, now, problem, Map.of(), Map.of(), io.answer());
    }

    private Moment now() {
        return Moment.now(clock, nanoTime);
    }
}
