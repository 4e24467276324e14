package io.github.csvbackup.agent.options;

import io.github.csvbackup.cluster.Backend;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the agent was told, checked.
 *
 * @param host the address to listen on, as it was given
 * @param port 0 for any free port
 * @param remoteAccess users, certificate, and what may be done without credentials
 * @param stateDir absolute
 * @param staleAfter a state that is set for longer is stale
 * @param quietTime how long the services VSS and swprv must have been seen stopped on each node
 * @param clearDeadline how long the native clear may take before its outcome counts as unknown
 * @param allowForce whether forceClear may overrule the guard
 * @param audit how the audit is kept
 */
public record Options(
        Backend backend,
        String host,
        int port,
        RemoteAccess remoteAccess,
        Path stateDir,
        Duration pollInterval,
        Duration staleAfter,
        Duration quietTime,
        Duration clearDeadline,
        boolean allowForce,
        AuditOptions audit,
        int simulatedNodes,
        int simulatedVolumes) {}
