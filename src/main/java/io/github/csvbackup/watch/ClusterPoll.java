package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Goes to the cluster and brings home what one poll needs. Used by one thread at a time. */
final class ClusterPoll {
    /** Asking for shadow copies keeps the VSS service running: a poll asks a node no more often than this. */
    private static final Duration SHADOW_COPIES_EVERY = Duration.ofMinutes(15);

    private static final int READS_AT_ONCE = 4;

    private final Cluster cluster;
    private final NodeEvidence evidence;
    private final Duration deadline;
    private final Clock clock;
    private final IoWatch io;
    private final BoundedCalls reads;
    private final Map<String, Instant> shadowCopiesAsked = new HashMap<>();

    /** What the cluster told, and when: the nodes' own answers come later. */
    private record Timed(ClusterReading reading, Instant at) {}

    ClusterPoll(Cluster cluster, NodeEvidence evidence, Duration deadline, Clock clock) {
        this.cluster = cluster;
        this.reads = new BoundedCalls(READS_AT_ONCE, cluster);
        this.evidence = evidence;
        this.deadline = deadline;
        this.clock = clock;
        this.io = new IoWatch(cluster, deadline, clock);
    }

    PollResult run() {
        Instant begun = clock.instant();
        io.begin();
        try {
            Timed timed = reads.call("reading the cluster", deadline, () -> {
                ClusterReading told = cluster.read();
                return new Timed(told, clock.instant());
            });
            ClusterReading reading = timed.reading();
            Map<String, NodeServices> services = Map.of();
            Map<String, Answer<List<ShadowCopy>>> shadowCopies = Map.of();
            if (reading.volumes().stream()
                    .anyMatch(volume -> !volume.backupState().isNone())) {
                services = evidence.services(reading.nodes().stream()
                        .filter(node -> !node.isProvenDown())
                        .map(Node::name)
                        .toList());
                shadowCopies = evidence.shadowCopies(dueForShadowCopies(services));
            }
            return new PollResult(
                    begun, clock.instant(), reading, timed.at(), null, services, shadowCopies, io.answer());
        } catch (ClusterException e) {
            return failed(begun, Problem.of(e));
        } catch (CallTimeoutException e) {
            return failed(begun, Problem.of(e));
        }
    }

    private PollResult failed(Instant begun, Problem problem) {
        Instant now = clock.instant();
        return new PollResult(begun, now, null, now, problem, Map.of(), Map.of(), io.answer());
    }

    /** Nodes whose VSS service runs anyway and that were not asked lately. */
    private List<String> dueForShadowCopies(Map<String, NodeServices> services) {
        Instant now = clock.instant();
        List<String> due = new ArrayList<>();
        services.forEach((node, answer) -> {
            ServiceStatus status = answer.vss().value();
            Instant asked = shadowCopiesAsked.get(node);
            if (status != null
                    && status.state() == ServiceStatus.RUNNING
                    && (asked == null || Duration.between(asked, now).compareTo(SHADOW_COPIES_EVERY) >= 0)) {
                shadowCopiesAsked.put(node, now);
                due.add(node);
            }
        });
        return due;
    }
}
