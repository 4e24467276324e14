package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.OwnQuestions;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Refusals and their remedies, as sentences for administrators. */
final class Refusals {
    private static final int MOST_VOLUMES_NAMED = 10;
    private static final int MOST_DISKS_NAMED = 3;
    private static final int LONGEST_PATH_SHOWN = 200;

    static final String STOPPING = "The agent is stopping. Try again once it has started.";

    private Refusals() {}

    /**
     * Another clear of the volume is running.
     *
     * @param unreturned the agent stopped waiting for its native call, which has not returned
     */
    static String busy(String volume, Caller other, boolean unreturned) {
        String who = ", requested by " + other.principal() + " through " + other.surface();
        return unreturned
                ? "An earlier clear of " + volume + who
                        + ", has not returned and may still take effect. Wait until it returns; if it does not, move the"
                        + " volume to another node once no backup job is running."
                : "A clear of " + volume + " is already running" + who + ". Wait for its result.";
    }

    /** Since the last poll the path has come to mean another volume. */
    static String anotherVolume(Lookup.Found before, Lookup.Found now) {
        return "The path resolved to " + before.watched().volume().guidName() + " at the last poll and now resolves to "
                + now.watched().volume().guidName() + " (" + now.name() + "). Check the path, then try again.";
    }

    /** Without an audit nothing is cleared. */
    static String withoutAudit(IOException e) {
        return "The clear function was not called: the audit could not be written (" + e.getMessage()
                + "), and nothing is cleared without it. Free disk space or fix the permissions of the state directory.";
    }

    /**
     * The guard does not allow the clear.
     *
     * @param nodesAsked the nodes were asked for shadow copies, which started their VSS service
     * @param overridden the caller tried to override it
     */
    static String byTheGuard(Assessment assessment, boolean nodesAsked, boolean overridden) {
        String hint = nodesAsked
                ? " Listing the shadow copies started the VSS service, which stops some minutes later: try again then."
                : "";
        String force = overridden ? " This cannot be overridden: a backup is running." : "";
        return "Refused: " + assessment.verdict() + ". " + assessment.nextStep() + hint + force;
    }

    /** That VSS may be running because this agent asked for shadow copies; empty if it did not, or if VSS is stopped on those nodes. */
    static String ownQuestions(Map<String, OwnQuestions.Last> questions, Snapshot snapshot, long nanos) {
        Map<String, OwnQuestions.Last> ours = new TreeMap<>(questions);
        ours.values()
                .removeIf(last -> !last.isUnderWay() && nanos - last.endedNanos() > VssOfOthers.OURS_FOR.toNanos());
        ours.keySet().removeIf(node -> {
            NodeWatch watch = snapshot.nodeWatches().get(node);
            ServiceStatus vss = watch == null ? null : watch.vss().status();
            return vss != null && vss.isStopped();
        });
        return ours.values().stream()
                .map(OwnQuestions.Last::askedAt)
                .max(Comparator.naturalOrder())
                .map(
                        last -> " This agent itself asked " + String.join(", ", ours.keySet())
                                + " for shadow copies, last at " + last.truncatedTo(ChronoUnit.SECONDS)
                                + ". That starts the VSS service or keeps it running; it usually stops by itself within minutes.")
                .orElse("");
    }

    static String notOnAVolume(String path, Snapshot snapshot) {
        List<Volume> volumes =
                snapshot.volumes().stream().map(WatchedVolume::volume).toList();
        VolumeNames names = snapshot.names();
        List<String> named =
                volumes.stream().limit(MOST_VOLUMES_NAMED).map(names::of).toList();
        String known = volumes.isEmpty()
                ? "no volume is known"
                : String.join(", ", named) + (volumes.size() > named.size() ? ", ..." : "");
        String shown = OutsideText.printable(OutsideText.bounded(path, LONGEST_PATH_SHOWN));
        List<UnreadableDisk> unreadable = snapshot.unreadable();
        String is = unreadable.isEmpty()
                ? "is not on a Cluster Shared Volume"
                : "is not on a Cluster Shared Volume that could be read";
        String unread = unreadable.isEmpty()
                ? ""
                : " It may lie on a disk that could not be read: "
                        + unreadable.stream()
                                .limit(MOST_DISKS_NAMED)
                                .map(UnreadableDisk::toString)
                                .collect(Collectors.joining(" "));
        return "\"" + shown + "\" " + is + ". Use a path on one of: " + known + "." + unread;
    }
}
