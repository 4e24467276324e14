package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides whether a volume's backup state may be cleared. Pure: everything it knows is handed to it. What could not be found out
 * counts as <em>a backup may run</em>.
 */
public final class Guard {
    private final WatchSettings settings;
    private final Predicate<Check> switchedOff;

    public Guard(WatchSettings settings) {
        this(settings, check -> false);
    }

    /**
     * A guard with a planted bug, by which tests show that they would find it.
     *
     * @param switchedOff checks that are taken for passed, whatever they found
     */
    Guard(WatchSettings settings, Predicate<Check> switchedOff) {
        this.settings = settings;
        this.switchedOff = switchedOff;
    }

    /** Assesses a volume by what the polls saw. */
    public Assessment assess(Snapshot snapshot, WatchedVolume volume, Instant now) {
        return assess(snapshot, volume, Map.of(), now);
    }

    /** The verdict at the snapshot's own time: the one for metrics and lists. */
    public Verdict verdict(Snapshot snapshot, WatchedVolume volume) {
        Instant at = snapshot.lastPoll() == null ? snapshot.startTime() : snapshot.lastPoll();
        return assess(snapshot, volume, at).verdict();
    }

    /**
     * Assesses a volume.
     *
     * @param fresh lists of shadow copies that were asked for just now, by node
     */
    public Assessment assess(
            Snapshot snapshot, WatchedVolume volume, Map<String, NodeAnswer<ShadowCopies>> fresh, Instant now) {
        VolumeChecks volumeChecks = new VolumeChecks(settings, snapshot, volume, now);
        List<Check> checks = new ArrayList<>(volumeChecks.all());
        boolean watched = !volume.volume().backupState().isNone();
        NodeChecks nodeChecks = new NodeChecks(settings, snapshot, now);
        ServiceChecks serviceChecks = new ServiceChecks(settings, watched, now);
        ShadowCopyChecks shadowCopyChecks = new ShadowCopyChecks(snapshot, volume, now);
        if (snapshot.nodes().isEmpty()) {
            checks.add(nodeChecks.noneKnown());
        }
        for (Node node : snapshot.nodes()) {
            checks.add(nodeChecks.accounted(node));
            if (!node.isProvenDown()) {
                NodeWatch watch = snapshot.nodeWatches().getOrDefault(node.name(), NodeWatch.unseen(node.name()));
                boolean dead = nodeChecks.isDeadByOldRule(node);
                checks.add(serviceChecks.vssStopped(watch, fresh.get(node.name()), dead));
                checks.add(serviceChecks.softwareProviderStopped(watch, dead));
                checks.add(shadowCopyChecks.of(node, watch, fresh.get(node.name()), dead));
            }
        }
        checks.replaceAll(check -> switchedOff.test(check) ? check.passed() : check);
        Verdict verdict = verdict(checks);
        return new Assessment(volume.volume(), verdict, checks, NextStep.of(verdict, checks, settings), now);
    }

    /**
     * The nodes that are taken for dead without their own word, in a cluster that is older than Windows Server 2016: they are asked all the
     * same, and silence is what is expected of them.
     */
    public Set<String> takenForDead(Snapshot snapshot, Instant now) {
        NodeChecks checks = new NodeChecks(settings, snapshot, now);
        return snapshot.nodes().stream()
                .filter(checks::isDeadByOldRule)
                .map(Node::name)
                .collect(Collectors.toSet());
    }

    /** The most forbidding result decides; see the order of {@link CheckResult}. */
    static Verdict verdict(List<Check> checks) {
        CheckResult worst = CheckResult.PASSED;
        for (Check check : checks) {
            if (check.result().compareTo(worst) > 0) {
                worst = check.result();
            }
        }
        return switch (worst) {
            case NOT_SET -> Verdict.IDLE;
            case BACKUP -> Verdict.ACTIVE;
            case UNKNOWN -> Verdict.UNPROVEN;
            case RECENT -> Verdict.RECENT;
            case PASSED, DEFERRED -> Verdict.CLEARABLE;
        };
    }
}
