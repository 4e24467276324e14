package io.github.csvbackup.agent.options;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.security.AnonymousAccess;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The checked options.
 *
 * @param host the loopback address to listen on, as the user wrote it; null: the door for this machine is closed
 * @param port 0 for any free port
 * @param anonymous access from this machine without credentials
 * @param remoteAccess the door for other machines; null: it is closed
 * @param stateDir absolute
 * @param pollIntervalOthers from one read to the next of a volume that another node owns and whose state is not set
 * @param metricsOfOwnedVolumes true if only volumes that this node owns have metrics
 * @param staleAfter the age at which a state is stale
 * @param quietTime how long the services VSS and swprv must be stopped on each node before a clear
 * @param clearDeadline how long the native clear may take; after that, its outcome is unknown
 * @param allowForce whether forceClear may override the guard
 * @param audit the options of the audit
 * @param log null: only stderr, from level info
 * @param leftoverInterval from one question to this node's Hyper-V to the next; null: it is not asked
 * @param leftoverAfter the age at which something is left over
 * @param simulatedRemoteAccess whether this agent may ask other simulated nodes for their services and shadow copies
 * @param simulatedJoin the simulated cluster of another agent; null: this agent holds its own
 */
public record Options(
        Backend backend,
        @Nullable String host,
        int port,
        AnonymousAccess anonymous,
        @Nullable RemoteAccess remoteAccess,
        Path stateDir,
        Duration pollInterval,
        Duration pollIntervalOthers,
        boolean metricsOfOwnedVolumes,
        Duration staleAfter,
        Duration quietTime,
        Duration clearDeadline,
        boolean allowForce,
        AuditOptions audit,
        int simulatedNodes,
        int simulatedVolumes,
        @Nullable LogOptions log,
        @Nullable Duration leftoverInterval,
        Duration leftoverAfter,
        boolean simulatedRemoteAccess,
        @Nullable SimulatedJoin simulatedJoin) {
    private static final Duration LEFTOVER_INTERVAL = Duration.ofMinutes(15);
    private static final Duration LEFTOVER_AFTER = Duration.ofHours(24);

    /** With the default log and questions for leftovers, and one agent for the whole simulated cluster. */
    public Options(
            Backend backend,
            String host,
            int port,
            AnonymousAccess anonymous,
            @Nullable RemoteAccess remoteAccess,
            Path stateDir,
            Duration pollInterval,
            Duration pollIntervalOthers,
            boolean metricsOfOwnedVolumes,
            Duration staleAfter,
            Duration quietTime,
            Duration clearDeadline,
            boolean allowForce,
            AuditOptions audit,
            int simulatedNodes,
            int simulatedVolumes) {
        this(
                backend,
                host,
                port,
                anonymous,
                remoteAccess,
                stateDir,
                pollInterval,
                pollIntervalOthers,
                metricsOfOwnedVolumes,
                staleAfter,
                quietTime,
                clearDeadline,
                allowForce,
                audit,
                simulatedNodes,
                simulatedVolumes,
                null,
                LEFTOVER_INTERVAL,
                LEFTOVER_AFTER,
                true,
                null);
    }

    /** The same with another log. */
    public Options with(@Nullable LogOptions other) {
        return new Options(
                backend,
                host,
                port,
                anonymous,
                remoteAccess,
                stateDir,
                pollInterval,
                pollIntervalOthers,
                metricsOfOwnedVolumes,
                staleAfter,
                quietTime,
                clearDeadline,
                allowForce,
                audit,
                simulatedNodes,
                simulatedVolumes,
                other,
                leftoverInterval,
                leftoverAfter,
                simulatedRemoteAccess,
                simulatedJoin);
    }

    /** The same with other questions for leftovers. */
    public Options withLeftoverInterval(Duration every) {
        return new Options(
                backend,
                host,
                port,
                anonymous,
                remoteAccess,
                stateDir,
                pollInterval,
                pollIntervalOthers,
                metricsOfOwnedVolumes,
                staleAfter,
                quietTime,
                clearDeadline,
                allowForce,
                audit,
                simulatedNodes,
                simulatedVolumes,
                log,
                every,
                leftoverAfter,
                simulatedRemoteAccess,
                simulatedJoin);
    }
}
