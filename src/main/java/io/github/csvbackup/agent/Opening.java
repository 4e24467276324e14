package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.LogOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditSettings;
import io.github.csvbackup.audit.RecordOpener;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.state.FileTrouble;
import io.github.csvbackup.state.OperatorToken;
import io.github.csvbackup.state.StateDirectory;
import io.github.csvbackup.state.StateException;
import java.io.IOException;
import java.time.Clock;

/** Opens the parts of an agent that can fail for reasons that its user can change: each failure is a sentence. */
final class Opening {
    private Opening() {}

    static StateDirectory stateDirectory(Options options, Clock clock) throws StartException {
        try {
            return StateDirectory.open(options.stateDir(), clock);
        } catch (StateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    static void publish(OperatorToken token, Doors doors) throws StartException {
        try {
            token.publish(doors.urlForToken());
        } catch (StateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    static Cluster cluster(Options options, WindowsBackend windows, StateDirectory directory, Clock clock)
            throws StartException {
        if (options.backend() == Backend.SIMULATED) {
            return Simulation.cluster(options, clock);
        }
        LogOptions log = options.log();
        if (log == null || !log.events()) {
            unpackJna(directory);
        }
        try {
            return windows.open();
        } catch (ClusterException e) {
            throw new StartException("Cannot open the cluster: " + e.getMessage() + ". " + e.remedy(), e);
        } catch (LinkageError e) {
            throw new StartException("Cannot start JNA: " + e + ".", e);
        }
    }

    static void unpackJna(StateDirectory directory) throws StartException {
        try {
            NativeLibrary.unpackInto(directory);
        } catch (IOException e) {
            throw new StartException(
                    "Cannot write JNA's native library to the state directory " + directory.path() + ": "
                            + FileTrouble.of(e) + ".",
                    e);
        }
    }

    static AuditFile audit(StateDirectory directory, AuditOptions options, Clock clock) throws StartException {
        try {
            return AuditFile.open(
                    directory.path(),
                    new AuditSettings(Version.text(), options.strict(), options.keep(), AuditSettings.LARGE, clock),
                    RecordOpener.of(directory.ofNewFile()));
        } catch (IOException e) {
            throw new StartException(
                    "Cannot open the audit in " + directory.path() + ": " + FileTrouble.of(e) + ".", e);
        }
    }
}
