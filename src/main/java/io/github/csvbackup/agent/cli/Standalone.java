package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.NativeLibrary;
import io.github.csvbackup.agent.cli.demo.Demo;
import io.github.csvbackup.agent.cli.demo.StoryException;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.windows.Probe;
import io.github.csvbackup.security.Role;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands in a JVM of the agent's own. */
public final class Standalone implements Actions {
    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);
    private static final String DEMO_FOLDER = "csv-backup-demo-";
    private static final String PROBE_FOLDER = "csv-backup-probe-";
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(10);

    private final Agent.WindowsBackend windows;
    private final @Nullable Instrumentation instrumentation;
    private final PrintStream out;

    public Standalone(Agent.WindowsBackend windows, @Nullable Instrumentation instrumentation, PrintStream out) {
        this.windows = windows;
        this.instrumentation = instrumentation;
        this.out = out;
    }

    @Override
    public int run(Options options) throws StartException {
        Agent agent = Agent.start(options, instrumentation, windows);
        out.println(agent.announcement());
        onShutdown(new Once(agent::close));
        return awaitForEver();
    }

    @Override
    public int demo(int port, Duration pace, boolean exit) throws StartException {
        Path folder = temporaryFolder(DEMO_FOLDER);
        try {
            Agent agent = Agent.start(demoOptions(folder.resolve("state"), port), instrumentation, windows);
            Once end = new Once(() -> {
                agent.close();
                delete(folder);
            });
            return tell(agent, pace, exit, end);
        } catch (StartException e) {
            delete(folder);
            throw e;
        }
    }

    @Override
    public int probe(boolean json) throws StartException {
        Path folder = temporaryFolder(PROBE_FOLDER);
        try {
            NativeLibrary.unpackInto(folder);
            List<Probe.Finding> findings = Probe.run(PROBE_DEADLINE);
            if (json) {
                ProbeReport.printJson(findings, out);
            } else {
                ProbeReport.print(findings, out);
            }
            return ProbeReport.failed(findings) ? CommandLine.FAILURE : CommandLine.OK;
        } catch (IOException e) {
            throw new StartException("JNA's native library cannot be put into " + folder + ": " + e + ".", e);
        } finally {
            deleteWhatCanBeDeleted();
        }
    }

    /** Windows keeps a library that is loaded: the next probe deletes what this one had to leave. */
    private static void deleteWhatCanBeDeleted() {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), PROBE_FOLDER + "*")) {
            for (Path folder : folders) {
                deleteQuietly(folder);
            }
        } catch (IOException e) {
            LOG.debug("The folder for temporary files cannot be listed", e);
        }
    }

    private static void deleteQuietly(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} stays until the next probe", folder, e);
        }
    }

    @Override
    public int user(String name, Role role) throws StartException {
        return NewUser.print(name, role, System.console(), System.in, out);
    }

    @Override
    public int audit(Path stateDir, boolean verify) throws StartException {
        return verify ? AuditReport.verify(stateDir, out) : AuditReport.print(stateDir, out);
    }

    @Override
    public int attach(String pid, String arguments) {
        return Attach.attach(pid, arguments);
    }

    @Override
    public int detach(String pid) {
        return Attach.detach(pid);
    }

    private int tell(Agent agent, Duration pace, boolean exit, Once end) throws StartException {
        onShutdown(end);
        out.println(agent.announcement());
        try {
            Demo.play(agent.url(), agent.token(), agent.tokenFile(), pace, out);
        } catch (StoryException e) {
            if (end.hasBegun()) {
                // Ctrl+C in the middle of the story: the agent is gone, and the JVM is about to go.
                return awaitForEver();
            }
            end.run();
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.run();
            return CommandLine.FAILURE;
        }
        out.println();
        if (exit) {
            end.run();
            out.println("Every step went as told.");
            return CommandLine.OK;
        }
        out.println("The agent stays up for exploring; Ctrl+C ends it.");
        for (String path : List.of("", "jolokia/", "metrics", "healthz")) {
            out.println("  " + agent.url().resolve(path));
        }
        out.println("  the operator's token: " + agent.tokenFile());
        return awaitForEver();
    }

    /** Short times, so that nobody has to wait; everything else as ever. */
    private static Options demoOptions(Path stateDir, int port) {
        return new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                port,
                RemoteAccess.NONE,
                stateDir,
                Duration.ofMillis(250),
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                false,
                3,
                3);
    }

    private static int awaitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return CommandLine.OK;
    }

    /** Ours is the JVM: an end by Ctrl+C or by the service manager is to be a clean one. */
    private static void onShutdown(Once end) {
        Runtime.getRuntime().addShutdownHook(new Thread(end, "csv-backup-stop"));
    }

    /** Runs at most once, whoever comes first. */
    private static final class Once implements Runnable {
        private final Runnable end;
        private final AtomicBoolean begun = new AtomicBoolean();

        Once(Runnable end) {
            this.end = end;
        }

        boolean hasBegun() {
            return begun.get();
        }

        @Override
        public void run() {
            if (!begun.getAndSet(true)) {
                end.run();
            }
        }
    }

    private static Path temporaryFolder(String name) throws StartException {
        try {
            return Files.createTempDirectory(name);
        } catch (IOException e) {
            throw new StartException("A folder for temporary files is needed: " + e + ".", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("csv-backup-agent: the demonstration's folder " + folder + " stays: " + e);
        }
    }
}
