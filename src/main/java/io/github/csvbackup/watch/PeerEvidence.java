package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.VolumeKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent of a node says about its own node.
 *
 * @param vss the Volume Shadow Copy service
 * @param softwareProvider Microsoft's software provider for shadow copies (swprv)
 * @param machines what its virtual machines say about backups
 * @param shadowCopies the node's shadow copies, listed after the question arrived; null if they were not asked for
 */
public record PeerEvidence(
        Seen vss,
        Seen softwareProvider,
        Machines machines,
        @Nullable NodeAnswer<ShadowCopies> shadowCopies) {
    /**
     * A service of the node as its own agent sees it.
     *
     * @param status read for the question; null if it could not be read, and then {@code problem} is not null
     * @param stoppedFor how long the node's agent has seen the service stopped without a gap, by its own monotonic clock, up to this status; zero
     *     if it is not stopped, and after a restart of that agent
     */
    public record Seen(
            @Nullable ServiceStatus status,
            Duration stoppedFor,
            @Nullable Problem problem) {}

    /**
     * What the virtual machines of the node said when its agent last asked Hyper-V.
     *
     * @param known false if Hyper-V was not asked yet, or did not answer the last question
     * @param backups of one machine for each volume
     */
    public record Machines(boolean known, List<Backup> backups) {
        public static final Machines UNKNOWN = new Machines(false, List.of());

        public Machines {
            backups = List.copyOf(backups);
        }
    }

    /**
     * A virtual machine that says that it is being backed up.
     *
     * @param volume a volume that it lies on
     * @param machine its name
     * @param ago how long ago it said so, by the clock of the node's agent
     */
    public record Backup(VolumeKey volume, String machine, Duration ago) {}
}
