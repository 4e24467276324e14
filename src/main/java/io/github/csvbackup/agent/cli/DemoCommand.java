package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.LocalTime;
import io.github.csvbackup.agent.cli.demo.Demo;
import io.github.csvbackup.agent.cli.demo.Exploration;
import io.github.csvbackup.agent.cli.demo.StoryException;
import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.GivenValue;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.security.AnonymousAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Its agents have a folder of their own, which the command deletes. */
@Command(
        name = "demo",
        description = {
            "Simulates a backup that crashes, and its cleanup, step by step.",
            "It uses the real HTTP server. Afterwards the agent keeps running, so that you can explore it.",
            "With --nodes=3 there are three agents."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String FOLDER = "csv-backup-demo-";
    private static final int THREE = 3;

    private final CommandContext context;

    @Option(
            names = "--exit",
            description = "Exits after the story; the exit code is 0 only if every step went as expected")
    private boolean exit;

    @Option(names = "--requests", description = "Also prints the requests and their answers")
    private boolean requests;

    @Option(
            names = "--pace",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "Pause after each step, 0s to 1m (default: ${DEFAULT-VALUE})")
    private String pace = "";

    @Option(
            names = "--nodes",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "3: plays the story with an agent on each of three nodes, which vouch for each other,"
                    + " in processes of their own (default: one agent)")
    private String nodes = "";

    @Option(
            names = "--port",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "Port to listen on (default: a free port)")
    private String port = "";

    DemoCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws StartException {
        Duration pause = pause();
        int number = new GivenValue("--port", port).number(0, 65535);
        boolean several = several();
        // The log would tell the story a second time, in lines wider than a screen.
        context.onlyErrors().run();
        Path folder = TemporaryFolder.create(FOLDER);
        try {
            if (several) {
                return tell(new DemoNodes(context.services(), folder, THREE, number), pause, folder);
            }
            Agent agent =
                    Agent.start(options(folder.resolve("state"), number), context.windows(), LocalTime.OF_THIS_JVM);
            OrderlyEnd end = OrderlyEnd.onShutdown(() -> {
                agent.close();
                delete(folder);
            });
            context.out().println(agent.announcement());
            return tell(
                    () -> Demo.play(agent.url(), agent.token(), agent.tokenFile(), pause, requests, context.out()),
                    Exploration.here(agent.url(), agent.tokenFile()).lines(),
                    end);
        } catch (StartException e) {
            delete(folder);
            throw e;
        }
    }

    private boolean several() throws UsageException {
        GivenValue count = new GivenValue("--nodes", nodes);
        if (!count.text().equals("1") && !count.text().equals(Integer.toString(THREE))) {
            throw count.invalid("1 or 3");
        }
        return !count.text().equals("1");
    }

    private Duration pause() throws UsageException {
        return new GivenValue("--pace", pace).duration(Duration.ZERO, Duration.ofMinutes(1), "from 0s to 1m");
    }

    /** Short times, so that the story is short; otherwise the defaults. */
    private static Options options(Path stateDir, int port) {
        return new Options(
                        Backend.SIMULATED,
                        "127.0.0.1",
                        port,
                        AnonymousAccess.ASSESS,
                        null,
                        stateDir,
                        Duration.ofMillis(250),
                        Duration.ofMillis(250),
                        false,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        false,
                        AuditOptions.DEFAULT,
                        3,
                        3)
                .withLeftoverInterval(Duration.ofSeconds(1));
    }

    private int tell(DemoNodes agents, Duration pause, Path folder) throws StartException {
        OrderlyEnd end = OrderlyEnd.onShutdown(() -> {
            agents.close();
            delete(folder);
        });
        try {
            agents.start();
        } catch (StartException e) {
            end.run();
            throw e;
        }
        for (int i = 0; i < agents.names().size(); i++) {
            context.out().println(agents.names().get(i) + "  " + agents.url(i));
        }
        return tell(() -> Demo.play(agents, pause, requests, context.out()), agents.exploration(), end);
    }

    /** The story, which blocks. */
    @FunctionalInterface
    private interface Told {
        void play() throws StoryException, InterruptedException;
    }

    /** @param explore what to print if the agents go on after the story */
    private int tell(Told story, List<String> explore, OrderlyEnd end) throws StartException {
        try {
            story.play();
        } catch (StoryException e) {
            if (end.hasBegun()) {
                // Ctrl+C during the story: the agent has stopped, and the JVM is about to exit.
                return OrderlyEnd.await();
            }
            end.run();
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.run();
            return ExitCode.SOFTWARE;
        }
        if (exit) {
            end.run();
            context.out().println();
            context.out().println("Every step went as expected.");
            return ExitCode.OK;
        }
        explore.forEach(context.out()::println);
        return OrderlyEnd.await();
    }

    private void delete(Path folder) {
        if (!Files.exists(folder)) {
            // The end of the agents has deleted it.
            return;
        }
        try {
            TemporaryFolder.delete(folder);
        } catch (IOException e) {
            context.err().println("csv-backup-agent: cannot delete the demo's folder " + folder + ": " + e);
        }
    }
}
