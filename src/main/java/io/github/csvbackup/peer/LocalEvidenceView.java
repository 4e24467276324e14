package io.github.csvbackup.peer;

import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LocalEvidence} as clients see it. Times are ISO-8601 in UTC, as exact as the agent has them: agents compare them.
 *
 * @param swprv Microsoft's software provider for shadow copies
 * @param machinesKnown false if Hyper-V was not asked yet, or did not answer the last question; true on a node without Hyper-V
 * @param machines for each volume one virtual machine of the node that says that it is being backed up; at most 200
 * @param shadowCopies null if they were not asked for
 */
public record LocalEvidenceView(
        String question,
        String cluster,
        List<String> sharedDisks,
        String node,
        String version,
        boolean simulated,
        Service vss,
        Service swprv,
        boolean machinesKnown,
        List<Machine> machines,
        @Nullable ShadowCopyList shadowCopies) {
    /** With room for the length that is added to a longer text, it is less than the 400 that {@link LocalEvidenceJson} reads. */
    private static final int LONGEST = 360;

    private static final int LONGEST_MACHINE = 64;

    /**
     * A service of the node.
     *
     * @param state such as STOPPED; empty if it could not be read
     * @param stateNumber the state in Windows; 0 if it could not be read
     * @param processId null if it has no process
     * @param startTime when that process started; null if unknown
     * @param stoppedForMillis for how long the agent has seen it stopped without a gap; 0 if it is not stopped
     * @param problem why it could not be read; null if it could
     * @param remedy what to do about that; null if it could be read
     */
    public record Service(
            String state,
            int stateNumber,
            @Nullable Long processId,
            @Nullable String startTime,
            long stoppedForMillis,
            @Nullable String problem,
            @Nullable String remedy) {
        private static Service of(PeerEvidence.Seen seen) {
            ServiceStatus status = seen.status();
            Problem problem = seen.problem();
            return new Service(
                    status == null ? "" : status.stateName(),
                    status == null ? 0 : status.state(),
                    status == null ? null : status.processId(),
                    status == null ? null : text(status.startTime()),
                    seen.stoppedFor().toMillis(),
                    problem == null ? null : line(problem.message()),
                    problem == null ? null : line(problem.remedy()));
        }
    }

    /**
     * A virtual machine that says that it is being backed up.
     *
     * @param resource the id of the disk resource of a volume that it lies on
     * @param volume the volume's GUID name
     * @param saidMillisAgo how long ago it said so
     */
    public record Machine(String resource, String volume, String name, long saidMillisAgo) {
        private static Machine of(MachineBackup backup, Instant now) {
            return new Machine(
                    backup.volume().resourceId(),
                    backup.volume().guidName(),
                    OutsideText.bounded(OutsideText.printable(backup.machine()), LONGEST_MACHINE),
                    Math.max(0, Duration.between(backup.at(), now).toMillis()));
        }
    }

    /**
     * The shadow copies of the node.
     *
     * @param vssBefore the VSS service right before the query, which starts it; null if there is no list
     * @param volumes the node's own list of volumes
     * @param problem why there is no list; null if there is one
     * @param remedy what to do about that; null if there is a list
     * @param againInMillis after which time the same question gets a list, if it came too early; null otherwise
     */
    public record ShadowCopyList(
            @Nullable Service vssBefore,
            List<Copy> copies,
            List<Volume> volumes,
            @Nullable String problem,
            @Nullable String remedy,
            @Nullable Long againInMillis) {
        private static ShadowCopyList of(NodeAnswer<ShadowCopies> answer) {
            ShadowCopies told = answer.value();
            Problem problem = answer.problem();
            Duration againIn = problem == null ? null : problem.againIn();
            if (told == null) {
                return new ShadowCopyList(
                        null,
                        List.of(),
                        List.of(),
                        problem == null ? "the shadow copies were not listed" : line(problem.message()),
                        problem == null ? "" : line(problem.remedy()),
                        againIn == null ? null : againIn.toMillis());
            }
            return new ShadowCopyList(
                    Service.of(new PeerEvidence.Seen(told.vssBefore(), Duration.ZERO, null)),
                    told.copies().stream().map(Copy::of).toList(),
                    told.volumes().stream().map(Volume::of).toList(),
                    null,
                    null,
                    null);
        }
    }

    /** A shadow copy, as WMI's Win32_ShadowCopy describes it. */
    public record Copy(
            String id,
            String setId,
            String providerId,
            String volumeName,
            String originatingMachine,
            boolean persistent,
            int state,
            @Nullable String created) {
        private static Copy of(ShadowCopy copy) {
            return new Copy(
                    copy.id(),
                    copy.setId(),
                    copy.providerId(),
                    line(copy.volumeName()),
                    line(copy.originatingMachine()),
                    copy.persistent(),
                    copy.state(),
                    text(copy.created()));
        }
    }

    /** A volume, as WMI's Win32_Volume describes it. */
    public record Volume(String deviceId, String driveLetter, String fileSystem) {
        private static Volume of(NodeVolume volume) {
            return new Volume(volume.deviceId(), volume.driveLetter(), line(volume.fileSystem()));
        }
    }

    /** Not public: the MBean server would load the class of the parameter while a host starts. */
    static LocalEvidenceView of(LocalEvidence told, Instant now) {
        PeerEvidence evidence = told.evidence();
        NodeAnswer<ShadowCopies> shadowCopies = evidence.shadowCopies();
        return new LocalEvidenceView(
                told.question(),
                told.cluster(),
                told.sharedDisks(),
                told.node(),
                told.version(),
                told.simulated(),
                Service.of(evidence.vss()),
                Service.of(evidence.softwareProvider()),
                evidence.machines().known(),
                evidence.machines().running().stream()
                        .map(backup -> Machine.of(backup, now))
                        .toList(),
                shadowCopies == null ? null : ShadowCopyList.of(shadowCopies));
    }

    /** A text that may come from Windows, as other agents accept it. */
    private static String line(String text) {
        return OutsideText.bounded(OutsideText.printable(text), LONGEST);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
