package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.List;
import java.util.stream.Collectors;

/** Why something is not done and what to do about it, in sentences for administrators. */
final class Refusals {
    private static final int MOST_VOLUMES_NAMED = 10;
    private static final int MOST_DISKS_NAMED = 3;
    private static final int LONGEST_PATH_SHOWN = 200;

    static final String STOPPING = "The agent is being stopped. Ask again once it runs.";

    private Refusals() {}

    /**
     * The volume is taken.
     *
     * @param unreturned its native call was given up and has not returned
     */
    static String busy(String volume, Caller other, boolean unreturned) {
        String who = ", asked for by " + other.principal() + " through " + other.surface();
        return unreturned
                ? "An earlier clear of " + volume + who
                        + ", has not returned, and may still take effect. Wait until it has; if it never does, move the"
                        + " volume to another node once no backup job runs."
                : "A clear of " + volume + " is under way" + who + ". Wait for its result.";
    }

    /**
     * The guard says no.
     *
     * @param lookedLast the nodes were asked for shadow copies, which starts their VSS service
     * @param overruled somebody tried to overrule it
     */
    static String byTheGuard(Assessment assessment, boolean lookedLast, boolean overruled) {
        String look = lookedLast
                ? " The look at the shadow copies itself started the VSS service, which stops some minutes later: try again then."
                : "";
        String force = overruled ? " This cannot be overruled: the backup is alive." : "";
        return "Refused: " + assessment.verdict() + ". " + assessment.nextStep() + look + force;
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
        return "\"" + shown + "\" " + is + ". Allowed is any path on one of: " + known + "." + unread;
    }
}
