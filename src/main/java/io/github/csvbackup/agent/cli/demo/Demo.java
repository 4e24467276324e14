package io.github.csvbackup.agent.cli.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Plays the story against a running agent with a simulated cluster. */
public final class Demo {
    private Demo() {}

    /**
     * Blocks until the story is told.
     *
     * @param base the agent's address, with a slash at its end
     * @param token the operator's token
     * @param tokenFile where it lies, for the commands that are shown
     * @param pace how long to wait after each step
     * @throws StoryException if a step did not go as told
     */
    public static void play(URI base, String token, Path tokenFile, Duration pace, PrintStream out)
            throws StoryException, InterruptedException {
        new Story(new DemoClient(base, token), new Narrator(out, pace, base, tokenFile)).play();
    }
}
