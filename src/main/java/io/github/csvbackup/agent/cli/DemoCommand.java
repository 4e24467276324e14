package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.cli.demo.Demo;
import io.github.csvbackup.agent.cli.demo.StoryException;
import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.cluster.Backend;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The command demo: plays the story on a simulated cluster with a state directory of its own, which it deletes. */
final class DemoCommand {
    private static final String FOLDER = "csv-backup-demo-";

    private final Duration pace;
    private final boolean exit;
    private final PrintStream out;

    /**
     * The command.
     *
     * @param pace how long to wait after each step
     * @param exit whether to end after the story instead of staying up
     */
    DemoCommand(Duration pace, boolean exit, PrintStream out) {
        this.pace = pace;
        this.exit = exit;
        this.out = out;
    }

    /**
     * Plays it.
     *
     * @param port where to listen; 0 for any free port
     */
    int run(int port, WindowsBackend windows) throws StartException {
        Path folder = TemporaryFolder.create(FOLDER);
        try {
            Agent agent = Agent.start(options(folder.resolve("state"), port), windows);
            OrderlyEnd end = OrderlyEnd.onShutdown(() -> {
                agent.close();
                delete(folder);
            });
            return tell(agent, end);
        } catch (StartException e) {
            delete(folder);
            throw e;
        }
    }

    /** Short times, so that nobody has to wait; everything else as ever. */
    private static Options options(Path stateDir, int port) {
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
                AuditOptions.DEFAULT,
                3,
                3);
    }

    private int tell(Agent agent, OrderlyEnd end) throws StartException {
        out.println(agent.announcement());
        try {
            Demo.play(agent.url(), agent.token(), agent.tokenFile(), pace, out);
        } catch (StoryException e) {
            if (end.hasBegun()) {
                // Ctrl+C in the middle of the story: the agent is gone, and the JVM is about to go.
                return OrderlyEnd.await();
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
        return OrderlyEnd.await();
    }

    private static void delete(Path folder) {
        try {
            TemporaryFolder.delete(folder);
        } catch (IOException e) {
            System.err.println("csv-backup-agent: the demonstration's folder " + folder + " stays: " + e);
        }
    }
}
