package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the shadow copies of a volume.
 *
 * <p>A persistent copy does not indicate a backup only if it was created before the state was last seen as NONE. A copy that is older than
 * the moment when the agent first saw the state set is not enough: an agent started in the middle of an incident would mistake the copy of
 * a running backup for an old one.
 */
public record ShadowCopyChecks(Times times, Snapshot snapshot, WatchedVolume watched, Instant now) {
    /** The clocks of two nodes of a domain may differ by this much (the default tolerance of Kerberos). */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** Longer than a node may take to list its shadow copies. */
    private static final Duration JUST_NOW = Duration.ofMinutes(1);

    /** True if a node's list contains nothing that prevents a clear of the volume. */
    public static boolean isNothingInTheWay(
            Snapshot snapshot, WatchedVolume volume, Node node, NodeAnswer<ShadowCopies> list) {
        return list.value() != null
                && new ShadowCopyChecks(Times.UTC, snapshot, volume, list.at())
                                .judge("", node, list.value(), list)
                                .result()
                        == CheckResult.PASSED;
    }

    /**
     * @param fresh the node's answer; null if it was not asked
     * @param dead the node counts as dead: it is not expected to answer, but an answer counts
     */
    Check of(Node node, NodeWatch watch, @Nullable NodeAnswer<ShadowCopies> fresh, boolean dead) {
        String name = name(node.name());
        if (fresh != null && fresh.value() != null) {
            return Duration.between(fresh.at(), now).compareTo(JUST_NOW) > 0
                    ? old(name, node, fresh)
                    : judge(name, node, fresh.value(), fresh);
        }
        NodeAnswer<ShadowCopies> standing = standing(watch);
        if (standing != null && standing.value() != null) {
            Check check = judge(name, node, standing.value(), standing);
            if (check.result() == CheckResult.BACKUP) {
                // A missing answer to a new query does not revoke what was seen.
                return check;
            }
        }
        if (fresh != null && dead) {
            return new Check(
                    name,
                    CheckResult.PASSED,
                    node.name() + " did not list its shadow copies, as expected of a node that is down",
                    fresh.at(),
                    "");
        }
        if (fresh != null) {
            return unanswered(name, node, fresh);
        }
        return new Check(
                name,
                CheckResult.DEFERRED,
                "not asked, because asking starts the VSS service or keeps it running; the clear asks " + node.name()
                        + " as its last step",
                null,
                "");
    }

    static String name(String node) {
        return "shadow-copies " + node;
    }

    /** An earlier list, unless the VSS process that it came from is known to have ended. */
    private static @Nullable NodeAnswer<ShadowCopies> standing(NodeWatch watch) {
        ServiceStatus status = watch.vss().status();
        Long then = watch.shadowCopiesProcess();
        boolean ended = status != null
                && (status.isStopped()
                        || (status.processId() != null && then != null && !then.equals(status.processId())));
        return ended ? null : watch.shadowCopies();
    }

    private Check old(String name, Node node, NodeAnswer<ShadowCopies> list) {
        return new Check(
                        name,
                        CheckResult.UNKNOWN,
                        "the list of shadow copies of " + node.name() + " is outdated: " + times.time(list.at()),
                        list.at(),
                        "Try again.")
                .because(Check.Cause.of(
                        "the list of shadow copies is outdated: " + Check.Cause.NODES, "Try again.", node.name()));
    }

    private static Check unanswered(String name, Node node, NodeAnswer<ShadowCopies> fresh) {
        Problem problem = fresh.problem();
        return new Check(
                        name,
                        CheckResult.UNKNOWN,
                        problem == null ? node.name() + " did not list its shadow copies" : problem.message(),
                        fresh.at(),
                        problem == null ? "Try again." : problem.remedy())
                .asOn(node.name());
    }

    private Check judge(String name, Node node, ShadowCopies list, NodeAnswer<ShadowCopies> answer) {
        Instant at = answer.at();
        String told = Told.by(answer, times, now);
        List<ShadowCopy> ofThisVolume = alive(list, CopyOrigin.THIS_VOLUME);
        for (ShadowCopy copy : ofThisVolume) {
            if (isLive(copy)) {
                String what = copy.persistent()
                        ? "a shadow copy of this volume is being created on "
                        : "a running backup has a shadow copy on ";
                String remedy = "Let the backup finish, or cancel its job in the backup product.";
                return new Check(
                                name, CheckResult.BACKUP, what + node.name() + ": " + describe(copy) + told, at, remedy)
                        .told(told)
                        .because(Check.Cause.of(
                                (copy.persistent() ? "it creates" : "it has") + " a shadow copy on "
                                        + Check.Cause.NODES,
                                "Let it end, or cancel its job.",
                                node.name()));
            }
        }
        List<ShadowCopy> ofUnknownVolumes = alive(list, CopyOrigin.UNKNOWN);
        for (ShadowCopy copy : ofUnknownVolumes) {
            if (isLive(copy)) {
                return unknown(name, node, copy, answer);
            }
        }
        for (ShadowCopy copy : ofThisVolume) {
            if (!isOlderThanTheState(copy)) {
                String what = "a backup may be reading a persistent shadow copy on ";
                return new Check(
                                name,
                                CheckResult.UNKNOWN,
                                what + node.name() + ": " + describe(copy) + told + ageUnknown(),
                                at,
                                "Once the backup product shows no job, delete it on " + copy.originatingMachine() + ": "
                                        + copy.deleteAdvice())
                        .told(told)
                        .because(Check.Cause.of(
                                what + Check.Cause.NODES,
                                "Once the backup product shows no job, delete these copies; the checks name them.",
                                node.name()));
            }
        }
        for (ShadowCopy copy : ofUnknownVolumes) {
            if (!isOlderThanTheState(copy)) {
                return unknown(name, node, copy, answer);
            }
        }
        return new Check(
                name, CheckResult.PASSED, nothingInTheWay(node, ofThisVolume, ofUnknownVolumes) + told, at, "");
    }

    private List<ShadowCopy> alive(ShadowCopies list, CopyOrigin origin) {
        String guid = watched.volume().guidName();
        return list.copies().stream()
                .filter(copy -> !copy.isDead())
                .filter(copy -> CopyOrigin.of(copy, list, guid, snapshot) == origin)
                .toList();
    }

    /** It is being created, or it is deleted when its requester ends. */
    private static boolean isLive(ShadowCopy copy) {
        return !copy.persistent() || copy.isInFlight();
    }

    private Check unknown(String name, Node node, ShadowCopy copy, NodeAnswer<ShadowCopies> answer) {
        String what = "a " + (isLive(copy) ? "live" : "persistent") + " shadow copy on ";
        String remedy = "Find its job in the provider's backup product, cancel it or let it end";
        return new Check(
                        name,
                        CheckResult.UNKNOWN,
                        what + node.name() + " may belong to this volume: " + describe(copy)
                                + Told.by(answer, times, now) + "; its volume "
                                + copy.volumeName()
                                + " is not a known Cluster Shared Volume and has no drive letter on " + node.name()
                                + (isLive(copy) ? "" : ageUnknown()),
                        answer.at(),
                        remedy + (isLive(copy) ? "." : ", and delete the copy: " + copy.deleteAdvice()))
                .told(Told.by(answer, times, now))
                .because(Check.Cause.of(
                        what + Check.Cause.NODES + " may belong to this volume",
                        isLive(copy)
                                ? remedy + "."
                                : "Cancel its job or let it end, then delete the copy; see the checks.",
                        node.name()));
    }

    private String ageUnknown() {
        return watched.lastNone() == null
                ? "; the agent has never seen this volume without the state, so it cannot prove that the copy is older"
                : "";
    }

    private static String nothingInTheWay(Node node, List<ShadowCopy> copies, List<ShadowCopy> unknown) {
        if (copies.isEmpty() && unknown.isEmpty()) {
            return node.name() + " has no shadow copy of this volume";
        }
        return node.name() + " has only persistent shadow copies that are older than the state: " + copies.size()
                + (unknown.isEmpty() ? "" : ", and " + unknown.size() + " of volumes that the agent does not know");
    }

    private boolean isOlderThanTheState(ShadowCopy copy) {
        Instant created = copy.created();
        Instant lastNone = watched.lastNone();
        return created != null && lastNone != null && created.plus(CLOCK_SKEW).isBefore(lastNone);
    }

    private String describe(ShadowCopy copy) {
        Instant created = copy.created();
        return "id " + copy.id() + ", set " + copy.setId() + ", provider " + copy.providerId() + ", created "
                + (created == null ? "at an unknown time" : times.time(created)) + ", machine "
                + copy.originatingMachine();
    }
}
