package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Goes to the cluster and brings home what one poll needs. Used by one thread at a time. */
final class ClusterPoll {
    private static final int READS_AT_ONCE = 4;

    private final Cluster cluster;
    private final NodeEvidence evidence;
    private final Duration deadline;
    private final Clock clock;
    private final IoWatch io;
    private final ShadowCopyWatch shadowCopies;
    private final BoundedCalls reads;

    /** What the cluster told, and when: the nodes' own answers come later. */
    private record Timed(ClusterReading reading, Instant at) {}

    /** @param answered is run when something that was asked beside a poll has been answered; must not block */
    ClusterPoll(Cluster cluster, NodeEvidence evidence, Duration deadline, Clock clock, Runnable answered) {
        this.cluster = cluster;
        this.reads = new BoundedCalls(READS_AT_ONCE, cluster);
        this.evidence = evidence;
        this.deadline = deadline;
        this.clock = clock;
        this.io = new IoWatch(cluster, deadline, clock);
        this.shadowCopies = new ShadowCopyWatch(evidence, clock, answered);
    }

    PollResult run() {
        Instant begun = clock.instant();
        io.begin();
        try {
            Timed timed = reads.call("reading the cluster", deadline, () -> {
                ClusterReading told = read();
                return new Timed(told, clock.instant());
            });
            ClusterReading reading = timed.reading();
            Map<String, NodeServices> services = Map.of();
            if (reading.volumes().stream()
                    .anyMatch(volume -> !volume.backupState().isNone())) {
                services = evidence.services(reading.nodes().stream()
                        .filter(node -> !node.isProvenDown())
                        .map(Node::name)
                        .toList());
            }
            Map<String, ShadowCopyWatch.Listed> listed = shadowCopies.look(services);
            return new PollResult(begun, clock.instant(), reading, timed.at(), null, services, listed, io.answer());
        } catch (ClusterException e) {
            return failed(begun, Problem.of(e));
        } catch (CallTimeoutException e) {
            return failed(begun, Problem.of(e));
        }
    }

    private ClusterReading read() throws ClusterException {
        ClusterOverview overview = cluster.overview();
        List<Volume> volumes = new ArrayList<>();
        List<UnreadableDisk> unreadable = new ArrayList<>();
        for (String disk : overview.disks()) {
            try {
                volumes.addAll(cluster.volumes(disk));
            } catch (ClusterException e) {
                unreadable.add(new UnreadableDisk(disk, disk, e));
            }
        }
        return new ClusterReading(overview.clusterName(), overview.localNode(), overview.nodes(), volumes, unreadable);
    }

    private PollResult failed(Instant begun, Problem problem) {
        Instant now = clock.instant();
        return new PollResult(begun, now, null, now, problem, Map.of(), Map.of(), io.answer());
    }
}
