package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.OwnQuestions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The shadow copies of this node, from lists that others asked for, and from lists that are taken while the VSS service runs anyway. Such a list keeps
 * that service running for minutes, and starts it again if it stops right before: so each of its processes is listed once. Used by one thread at a time.
 */
final class OwnCopies {
    /** So that a weekend without a backup ends no alert. An older list says little about today. */
    private static final Duration LIST_COUNTS = Duration.ofDays(4);

    /** Whoever else lists copies may wait for the service to stop. */
    private static final long AFTER_OTHERS = Duration.ofMinutes(15).toNanos();

    private final Cluster cluster;
    private final NodeEvidence evidence;
    private final LongSupplier nanoTime;
    private final BoundedCalls calls;
    private BoundedCalls.@Nullable Pending<Boolean> pending;
    /** The VSS service's process that was listed last; null before the first time. */
    private volatile @Nullable Long listed;

    /** @param nanoTime the same as that of the evidence */
    OwnCopies(Cluster cluster, NodeEvidence evidence, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.evidence = evidence;
        this.nanoTime = nanoTime;
        this.calls = new BoundedCalls(1, cluster);
    }

    /** Those of the last list; none if it is old or missing. */
    List<ShadowCopy> of(String node, Instant now) {
        NodeAnswer<ShadowCopies> list = evidence.lastShadowCopies(node);
        ShadowCopies told = list == null ? null : list.value();
        return list == null || told == null || list.at().plus(LIST_COUNTS).isBefore(now) ? List.of() : told.copies();
    }

    /** Begins a list if one may be taken now; does not wait for it. */
    void listIfVssRuns(String node) {
        if (pending == null || pending.endsWithin(Duration.ZERO)) {
            pending = calls.start("looking whether VSS runs on " + node, () -> lookAndList(node));
        }
    }

    private boolean lookAndList(String node) throws ClusterException {
        ServiceStatus vss = cluster.service(node, Cluster.VSS);
        Long process = vss.processId();
        OwnQuestions.Last last = evidence.questions().to(node);
        boolean isSoon = last != null && nanoTime.getAsLong() - last.askedNanos() < AFTER_OTHERS;
        if (vss.state() != ServiceStatus.RUNNING || process == null || process.equals(listed) || isSoon) {
            return false;
        }
        listed = process;
        evidence.beginShadowCopies(node);
        return true;
    }
}
