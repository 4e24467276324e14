package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Duration;
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
        MachineBackups machines,
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
}
