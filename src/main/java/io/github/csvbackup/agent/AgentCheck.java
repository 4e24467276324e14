package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterCheck;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.Finding.Result;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.NodeSources;
import io.github.csvbackup.peer.PeerOutcome;
import io.github.csvbackup.peer.PeerReports;
import io.github.csvbackup.peer.PeerStatus;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks the running agent, then its machine and its cluster. Thread-safe. */
final class AgentCheck implements Supplier<List<Finding>> {
    private final Cluster cluster;
    private final Pipeline pipeline;
    private final Facts facts;
    private final Clock clock;
    private final ClusterCheck clusterCheck;

    /**
     * What the agent was started with.
     *
     * @param urls the addresses of the HTTP servers
     * @param trouble a message about threads that fail; empty if all work
     * @param tls null if there is no address for other machines
     * @param peers the agents of other nodes; null if none are asked
     */
    record Facts(
            Path stateDir,
            List<String> urls,
            Supplier<Optional<String>> trouble,
            @Nullable ServerTls tls,
            @Nullable PeerReports peers) {}

    /** @param deadline how long one call to the cluster may take */
    AgentCheck(Cluster cluster, Pipeline pipeline, Facts facts, Clock clock, Duration deadline) {
        this.cluster = cluster;
        this.pipeline = pipeline;
        this.facts = facts;
        this.clock = clock;
        this.clusterCheck = new ClusterCheck(cluster, deadline);
    }

    @Override
    public List<Finding> get() {
        Snapshot snapshot = pipeline.watcher.snapshot();
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "agent",
                "version " + Version.text() + ", process "
                        + ProcessHandle.current().pid() + ", running since "
                        + pipeline.times.time(snapshot.startTime()) + ", backend "
                        + cluster.backend().optionValue()));
        findings.add(Finding.ok(
                "java",
                property("java.version") + ", " + property("java.vendor") + ", " + property("os.arch") + ", "
                        + property("java.home")));
        findings.add(Finding.ok("state-dir", facts.stateDir().toString()));
        findings.add(Finding.ok("http", "listening on " + String.join(" and ", facts.urls())));
        ServerTls tls = facts.tls();
        if (tls != null) {
            findings.addAll(tls.findings(pipeline, clock));
        }
        findings.add(threads());
        findings.add(audit());
        findings.add(lastPoll(snapshot));
        findings.add(backupStates(snapshot));
        findings.add(clears());
        findings.add(unfinishedClears());
        findings.add(LeftoverCheck.of(pipeline.leftovers.get(), pipeline.times));
        PeerReports peers = facts.peers();
        if (peers != null) {
            peers.askAll().forEach(peer -> findings.add(finding(peer)));
        }
        NodeSources.of(snapshot, pipeline.times, clock.instant()).forEach(node -> findings.add(finding(node)));
        findings.addAll(clusterCheck.run());
        return List.copyOf(findings);
    }

    private static Finding finding(PeerStatus peer) {
        String check = "agent of " + peer.node();
        PeerOutcome outcome = peer.outcome();
        if (outcome == null && !peer.remedy().isEmpty()) {
            return new Finding(check, Result.WARNING, peer.said(), peer.remedy());
        }
        return outcome == null || outcome.counts()
                ? Finding.ok(check, peer.said())
                : new Finding(check, Result.UNKNOWN, peer.said(), peer.remedy());
    }

    private static Finding finding(NodeSources node) {
        String check = "evidence of " + node.node();
        return node.remedy().isEmpty()
                ? Finding.ok(check, node.said())
                : new Finding(check, Result.UNKNOWN, node.said(), node.remedy());
    }

    private static String property(String name) {
        return System.getProperty(name, "");
    }

    private Finding threads() {
        return facts.trouble()
                .get()
                .map(trouble -> new Finding("threads", Result.FAILED, trouble, ""))
                .orElseGet(() -> Finding.ok("threads", "all run"));
    }

    private Finding audit() {
        AuditStatus status = pipeline.audit.status();
        String mismatch = status.mismatch();
        return mismatch == null
                ? Finding.ok("audit", "intact, newest line " + status.newest().number())
                : new Finding("audit", Result.WARNING, mismatch, "Check it on this node with: audit --verify.");
    }

    private Finding lastPoll(Snapshot snapshot) {
        Instant success = snapshot.lastSuccess();
        String text = success == null
                ? "no poll has succeeded yet"
                : "the last successful poll ended " + pipeline.times.time(success);
        Problem error = snapshot.pollError();
        if (error != null) {
            return new Finding("last-poll", Result.FAILED, error.message() + "; " + text, error.remedy());
        }
        if (success == null) {
            return new Finding("last-poll", Result.UNKNOWN, text, "Wait for the first poll.");
        }
        return snapshot.isFresh(clock.instant(), pipeline.settings)
                ? Finding.ok("last-poll", text)
                : new Finding(
                        "last-poll", Result.FAILED, text + ", which is too long ago", "Check the Cluster service.");
    }

    private static Finding backupStates(Snapshot snapshot) {
        VolumeNames names = snapshot.names();
        List<String> set = snapshot.volumes().stream()
                .filter(watched -> !watched.volume().backupState().isNone())
                .map(watched -> names.of(watched.volume()))
                .toList();
        return set.isEmpty()
                ? Finding.ok("backup-states", "no state is set")
                : new Finding(
                        "backup-states",
                        Result.WARNING,
                        "set on " + String.join(", ", set),
                        "Do not stop or update the agent now: a restart begins the observation again.");
    }

    private Finding clears() {
        Clearing clearing = pipeline.clearing;
        String due = clearing.hasFollowUps()
                ? "a check after a clear is due within 15 minutes"
                : clearing.inWork().isEmpty() ? "" : "a clear is in progress";
        return due.isEmpty()
                ? Finding.ok("clears", "no clear is in progress, and no check after one is due")
                : new Finding("clears", Result.WARNING, due, "Do not stop or update the agent before that.");
    }

    private Finding unfinishedClears() {
        List<String> unfinished = pipeline.clearing.unfinished();
        return unfinished.isEmpty()
                ? Finding.ok("unfinished-clears", "none")
                : new Finding(
                        "unfinished-clears",
                        Result.WARNING,
                        "the outcome of clears of an earlier run is unknown: " + String.join("; ", unfinished),
                        "Check the backup jobs of that time.");
    }
}
