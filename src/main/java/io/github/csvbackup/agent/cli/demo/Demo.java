package io.github.csvbackup.agent.cli.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Plays the story against a running agent with a simulated cluster. */
public final class Demo {
    private Demo() {}

    /**
     * Blocks until the story ends.
     *
     * @param base the agent's address, with a slash at the end
     * @param token the operator's token
     * @param tokenFile the file of the token, for the commands that the story shows
     * @param pace the pause after each step
     * @param requests also prints requests and answers
     * @throws StoryException if a step did not go as expected
     */
    public static void play(URI base, String token, Path tokenFile, Duration pace, boolean requests, PrintStream out)
            throws StoryException, InterruptedException {
        new Story(new DemoClient(base, token, tokenFile), new Screen(out, pace, requests)).play();
    }

    /**
     * Plays the story of several agents that vouch for each other. Blocks until it ends.
     *
     * @param agents all of them run
     * @param pace the pause after each step
     * @param requests also prints requests and answers
     * @throws StoryException if a step did not go as expected
     */
    public static void play(DemoAgents agents, Duration pace, boolean requests, PrintStream out)
            throws StoryException, InterruptedException {
        new NodesStory(agents, new Screen(out, pace, requests)).play();
    }
}
