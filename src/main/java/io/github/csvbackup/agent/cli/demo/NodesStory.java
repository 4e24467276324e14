package io.github.csvbackup.agent.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A backup dies, and the agents of all nodes vouch that no other runs: each tells the others about the services and shadow copies of its own node, which no
 * other may ask. Then one is missing. Each step checks its result.
 */
final class NodesStory {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long CHECK_EVERY_MILLIS = 250;
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final int SECONDS_UNTIL_VSS_STOPS = 200;
    private static final String NO_AGENT = "-";
    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int THIRD = 2;

    private final DemoAgents agents;
    private final Screen screen;

    NodesStory(DemoAgents agents, Screen screen) {
        this.agents = agents;
        this.screen = screen;
    }

    void play() throws StoryException, InterruptedException {
        try {
            beginning();
            theBackupStarts();
            theClearIsRefused();
            theBackupDies();
            allVouch();
            oneStops();
            withoutOneTheClearIsRefused();
            itIsBack();
            theClear();
        } catch (IOException e) {
            throw new StoryException("Step " + screen.steps() + " failed: " + e.getMessage(), e);
        }
    }

    private void beginning() throws StoryException, InterruptedException, IOException {
        screen.begin(
                "The cluster is simulated. Each column is what the agent of that node says of Volume1.",
                agents.names());
        screen.step("Nothing happens: no backup state is set.");
        awaitVerdicts("IDLE", "IDLE", "IDLE");
    }

    /** The agent of the volume's owner, NODE1, has asked NODE2 for its shadow copies, and NODE2 lists its own. NODE3 knows only that VSS runs. */
    private void theBackupStarts() throws StoryException, InterruptedException, IOException {
        screen.step("A backup of Volume1 starts on NODE2.");
        agent(FIRST).show(StoryRequest.simulate("startBackup", VOLUME, "NODE2"));
        awaitVerdicts("ACTIVE", "ACTIVE", "UNPROVEN");
    }

    private void theClearIsRefused() throws StoryException, InterruptedException, IOException {
        screen.step("A clear on NODE3 is REFUSED: it asks the agent of NODE2.");
        expectClear(THIRD, "REFUSED");
        awaitVerdicts("ACTIVE", "ACTIVE", "UNPROVEN");
    }

    private void theBackupDies() throws StoryException, InterruptedException, IOException {
        screen.step("The backup program crashes, and the state stays.");
        agent(FIRST).show(StoryRequest.simulate("killBackup", VOLUME));
        // The last list of NODE2 counts for NODE1 while that VSS process lives, and NODE2 lists again at once.
        List<String> verdicts = List.of(verdict(FIRST), verdict(SECOND), verdict(THIRD));
        if (verdicts.contains("CLEARABLE")) {
            throw agent(FIRST).unexpected("the verdicts", "ACTIVE or UNPROVEN", verdicts);
        }
        screen.verdicts(verdicts);
    }

    private void allVouch() throws StoryException, InterruptedException, IOException {
        screen.step("Minutes later VSS has stopped. All three agents say so.");
        agent(FIRST).show(StoryRequest.simulate("advance", SECONDS_UNTIL_VSS_STOPS));
        awaitVerdicts("CLEARABLE", "CLEARABLE", "CLEARABLE");
    }

    private void oneStops() throws StoryException, InterruptedException, IOException {
        screen.step("The agent of NODE3 stops: no agent vouches for NODE3.");
        agents.stop(THIRD);
        awaitVerdicts("UNPROVEN", "UNPROVEN", NO_AGENT);
        Map<?, ?> check = missing(agent(FIRST).result(agent(FIRST).answer(StoryRequest.operate("assess", VOLUME))));
        screen.explains(check.get("seen") + ".");
        screen.explains(String.valueOf(check.get("remedy")));
    }

    /** The first check that says what is not known about NODE3. */
    private Map<?, ?> missing(Map<?, ?> assessed) throws StoryException {
        if (assessed.get("checks") instanceof List<?> checks) {
            for (Object each : checks) {
                if (each instanceof Map<?, ?> check
                        && "UNKNOWN".equals(check.get("result"))
                        && (check.get("name") + " " + check.get("seen"))
                                .contains(agents.names().get(THIRD))) {
                    return check;
                }
            }
        }
        throw agent(FIRST).unexpected("a check about " + agents.names().get(THIRD), "UNKNOWN", assessed.get("checks"));
    }

    private void withoutOneTheClearIsRefused() throws StoryException, InterruptedException, IOException {
        screen.step("A clear on NODE1 is REFUSED: a backup may run on NODE3.");
        expectClear(FIRST, "REFUSED");
        awaitVerdicts("UNPROVEN", "UNPROVEN", NO_AGENT);
    }

    private void itIsBack() throws StoryException, InterruptedException, IOException {
        screen.step("It starts again, and must see VSS stopped for long enough.");
        agents.startAgain(THIRD);
        awaitVerdicts("CLEARABLE", "CLEARABLE", "CLEARABLE");
    }

    /** On NODE2: that node has listed its shadow copies a moment ago, and lists them for others at most once a minute. */
    private void theClear() throws StoryException, InterruptedException, IOException {
        screen.step("A clear on NODE2 asks all three. CLEARED, and verified.");
        expectClear(SECOND, "CLEARED");
        awaitVerdicts("IDLE", "IDLE", "IDLE");
    }

    private void expectClear(int index, String outcome) throws StoryException, IOException {
        Conversation agent = agent(index);
        Map<?, ?> result = agent.result(agent.show(StoryRequest.operate("clear", VOLUME)));
        if (!outcome.equals(result.get("outcome"))) {
            throw agent.unexpected("outcome", outcome, result);
        }
    }

    /** The agent of a node, with its token and address of now. */
    private Conversation agent(int index) throws StoryException {
        try {
            String token = Files.readString(agents.tokenFile(index)).strip();
            return new Conversation(new DemoClient(agents.url(index), token, agents.tokenFile(index)), screen, VOLUME);
        } catch (IOException e) {
            throw new StoryException(
                    "Cannot read the token of " + agents.names().get(index) + ": " + e, e);
        }
    }

    /**
     * Lets each agent assess the volume until it says what is expected, then prints it. One after the other: an agent that lists the shadow copies of its
     * own node does not list them for others within a minute.
     */
    private void awaitVerdicts(String... expected) throws StoryException, InterruptedException, IOException {
        for (int i = 0; i < expected.length; i++) {
            long end = System.nanoTime() + LONGEST_WAIT.toNanos();
            String verdict = expected[i].equals(NO_AGENT) ? NO_AGENT : verdict(i);
            while (!verdict.equals(expected[i])) {
                if (System.nanoTime() > end) {
                    throw agent(i).unexpected("the verdict on " + agents.names().get(i), expected[i], verdict);
                }
                Thread.sleep(CHECK_EVERY_MILLIS);
                verdict = verdict(i);
            }
        }
        screen.verdicts(List.of(expected));
    }

    private String verdict(int index) throws StoryException, IOException {
        Conversation agent = agent(index);
        return String.valueOf(agent.result(agent.answer(StoryRequest.operate("assess", VOLUME)))
                .get("verdict"));
    }
}
