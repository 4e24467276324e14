package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.security.Role;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The commands in a JVM of the agent's own. */
final class StandaloneCommands implements Commands {
    private final WindowsBackend windows;
    private final PrintStream out;

    StandaloneCommands(WindowsBackend windows, PrintStream out) {
        this.windows = windows;
        this.out = out;
    }

    @Override
    public int run(Options options) throws StartException {
        return RunCommand.run(options, windows, out);
    }

    @Override
    public int demo(int port, Duration pace, boolean exit) throws StartException {
        return new DemoCommand(pace, exit, out).run(port, windows);
    }

    @Override
    public int probe(boolean json) throws StartException {
        return ProbeCommand.run(json, out);
    }

    @Override
    public int audit(Path stateDir) throws StartException {
        return AuditCommand.print(stateDir, out);
    }

    @Override
    public int verifyAudit(Path stateDir, @Nullable Mark expected) throws StartException {
        return AuditCommand.verify(stateDir, expected, out);
    }

    @Override
    public int user(String name, Role role, @Nullable Path passwordFile) throws StartException {
        return passwordFile == null
                ? UserCommand.print(name, role, System.console(), System.in, out)
                : UserCommand.print(name, role, passwordFile, out);
    }

    @Override
    public int attach(String pid, String arguments) {
        return AttachCommand.run(pid, arguments);
    }

    @Override
    public int detach(String pid) {
        return DetachCommand.run(pid);
    }
}
