package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refusals and their remedies, as sentences for administrators. */
final class Refusals {
    private static final int MOST_VOLUMES_NAMED = 10;
    private static final int MOST_DISKS_NAMED = 3;
    private static final int LONGEST_PATH_SHOWN = 200;
    /** What a tired person reads is 400 characters; the rest is for the note about redirected I/O. */
    private static final int LONGEST = 370;

    private static final String STARTED = "The clear has started VSS.";

    static final String STOPPING = "The agent is stopping. Try again once it has started.";

    /** The answers of the nodes count for 45 seconds. */
    static final String LEFT =
            "Not begun: the volumes before it took so long that the nodes' answers are too old for it. Clear what is left again.";

    private Refusals() {}

    /** @param why a sentence */
    static String notCalled(String why) {
        return "The clear function was not called: " + why;
    }

    /** A poll has seen since the assessment that something changed. */
    static String changed(String volume, String seen) {
        return "Not begun: " + volume + " is not as it was when the nodes were asked: " + seen + ". Assess it again.";
    }

    static String bug(Throwable e) {
        return notCalled(e + ". Please report this bug with the agent's log.");
    }

    static String bugAfterTheIntent(Throwable e) {
        return "The clear function may have been called, because the agent failed during the clear: " + e
                + ". Read the state again, and report this bug with the agent's log.";
    }

    /** A call of a batch did not do what it should. */
    static String batchEnded(ClearResult result) {
        return "Not begun: the clear of " + result.volume() + " before it ended as " + result.outcome()
                + ", and that ends the batch. Find out why first.";
    }

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
    static String anotherVolume(WatchedVolume before, Lookup.Found now) {
        return "The path resolved to " + before.volume().guidName() + " at the last poll and now resolves to "
                + now.watched().volume().guidName() + " (" + now.name() + "). Check the path, then try again.";
    }

    /** Without an audit nothing is cleared. */
    static String withoutAudit(IOException e) {
        return notCalled(
                "the audit could not be written (" + e.getMessage()
                        + "), and nothing is cleared without it. Free disk space or fix the permissions of the state directory.");
    }

    /**
     * The guard does not allow the clear.
     *
     * @param started names the nodes whose VSS service the clear has started, as a sentence; empty if it has started none
     * @param overridden the caller tried to override it
     */
    static String byTheGuard(Assessment assessment, String started, boolean overridden) {
        String hint = started.isEmpty() ? "" : " " + started;
        String force = overridden ? " This cannot be overridden." : "";
        return refused(assessment) + hint + force;
    }

    private static String refused(Assessment assessment) {
        return "Refused: " + assessment.verdict() + ". " + assessment.nextStep();
    }

    /**
     * A volume that the guard does not allow, and that the last round was not for. What the clear has started is told as far as the refusal stays
     * short; the checks name the nodes where VSS runs.
     */
    static String besideAClear(Assessment assessment, String started) {
        int left = LONGEST - refused(assessment).length();
        String fits = started.length() < left ? started : STARTED.length() < left ? STARTED : "";
        return byTheGuard(assessment, fits, false);
    }

    /** Force overrides missing evidence, but not what a node tells a little later: it may be a live shadow copy. */
    static Optional<String> listComes(Map<String, NodeAnswer<ShadowCopies>> answers) {
        for (NodeAnswer<ShadowCopies> answer : answers.values()) {
            Problem problem = answer.problem();
            if (problem != null && problem.againIn() != null) {
                return Optional.of("Refused: " + problem.message()
                        + ". Until then this cannot be overridden, as a backup may be running there. "
                        + problem.remedy());
            }
        }
        return Optional.empty();
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
