package io.github.csvbackup.agent.cli.demo;

import io.github.csvbackup.agent.cli.demo.DemoClient.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A backup dies, its state stays, and an operator clears it. Then the stage is set for the user. Each step checks its result. */
final class Story {
    private static final String FOLDER = "C:\\ClusterStorage\\";
    private static final String VOLUME = FOLDER + "Volume1";
    private static final String SECOND = FOLDER + "Volume2";
    private static final String THIRD = FOLDER + "Volume3";
    private static final List<String> VOLUMES = List.of(VOLUME, SECOND, THIRD);
    private static final String NODE = "NODE2";
    /** The simulated VSS service stops three minutes after its last use. */
    private static final int SECONDS_UNTIL_VSS_STOPS = 200;

    private static final int TWO_DAYS_IN_SECONDS = 172_800;

    /** ERROR_RESOURCE_CALL_TIMED_OUT. */
    private static final int DOES_NOT_ANSWER = 5910;

    private final DemoClient client;
    private final Screen screen;
    private final Conversation agent;

    Story(DemoClient client, Screen screen) {
        this.client = client;
        this.screen = screen;
        this.agent = new Conversation(client, screen, VOLUME);
    }

    void play() throws StoryException, InterruptedException {
        try {
            String before = beginning();
            theBackupStarts();
            theClearIsRefused();
            theBackupDies();
            theStateBecomesStale();
            clearable();
            withoutTheToken();
            theClear();
            theMetrics(before);
            somethingIsLeftOver();
            theStageIsYours();
        } catch (IOException e) {
            throw new StoryException("Step " + screen.steps() + " failed: " + e.getMessage(), e);
        }
    }

    private String beginning() throws StoryException, InterruptedException, IOException {
        screen.begin(
                "The cluster is simulated. A state is stale (*) after 3 seconds here, not after 30 minutes.",
                VOLUMES.stream().map(Story::name).toList());
        screen.step("Nothing happens: no backup state is set.");
        agent.await("the first poll", VOLUME, "backupState", "NONE");
        agent.expect("backupState", "NONE", agent.volume(agent.show(StoryRequest.readVolumes())));
        showVerdicts("IDLE", "IDLE", "IDLE");
        return client.metrics();
    }

    private void theBackupStarts() throws StoryException, InterruptedException, IOException {
        screen.step("A backup of Volume1 starts on " + NODE + ".");
        agent.show(StoryRequest.simulate("startBackup", VOLUME, NODE));
        agent.await("the agent's next poll", VOLUME, "backupState", "IN_PROGRESS");
        showVerdicts("ACTIVE", "IDLE", "IDLE");
    }

    private void theClearIsRefused() throws StoryException, InterruptedException, IOException {
        screen.step("A clear now is REFUSED: it would corrupt the backup.");
        Map<?, ?> result = agent.result(agent.show(StoryRequest.operate("clear", VOLUME)));
        agent.expect("outcome", "REFUSED", result);
        agent.expect("verdict", "ACTIVE", result);
        showVerdicts("ACTIVE", "IDLE", "IDLE");
    }

    private void theBackupDies() throws StoryException, InterruptedException, IOException {
        screen.step("The backup program crashes, and the state stays.");
        agent.show(StoryRequest.simulate("killBackup", VOLUME));
        agent.expect("backupState", "IN_PROGRESS", agent.volume(agent.show(StoryRequest.readVolumes())));
        showVerdicts("UNPROVEN", "IDLE", "IDLE");
    }

    private void theStateBecomesStale() throws StoryException, InterruptedException, IOException {
        screen.step("It becomes stale. VSS still runs: a backup may run too.");
        agent.await("the state to become stale", VOLUME, "stale", true);
        agent.show(StoryRequest.operate("assess", VOLUME));
        showVerdicts("UNPROVEN", "IDLE", "IDLE");
    }

    private void clearable() throws StoryException, InterruptedException, IOException {
        screen.step("Minutes later VSS has stopped by itself. All checks pass.");
        agent.show(StoryRequest.simulate("advance", SECONDS_UNTIL_VSS_STOPS));
        agent.await("the service to be stopped for long enough", VOLUME, "verdict", "CLEARABLE");
        showVerdicts("CLEARABLE", "IDLE", "IDLE");
    }

    private void withoutTheToken() throws StoryException, InterruptedException, IOException {
        screen.step("A clear without the operator's token: HTTP 401.");
        StoryRequest request = StoryRequest.exec(StoryRequest.STATE, "clear", false, VOLUME);
        screen.shows(client, request);
        Reply reply = client.post(request);
        screen.answers("HTTP " + reply.status() + " " + reply.body().strip());
        if (reply.status() != 401) {
            throw agent.unexpected("HTTP status", 401, reply.status());
        }
        showVerdicts("CLEARABLE", "IDLE", "IDLE");
    }

    private void theClear() throws StoryException, InterruptedException, IOException {
        screen.step("The clear asks all nodes again. CLEARED, and verified.");
        agent.expect("outcome", "CLEARED", agent.result(agent.show(StoryRequest.operate("clear", VOLUME))));
        agent.expect("backupState", "NONE", agent.volume(agent.show(StoryRequest.readVolumes())));
        showVerdicts("IDLE", "IDLE", "IDLE");
    }

    private void theMetrics(String before) throws StoryException, InterruptedException, IOException {
        screen.step("Prometheus sees it all: stale, refused, cleared.");
        List<String> changes = MetricChanges.between(before, client.metrics(), VOLUME);
        screen.answers(String.join("\n  ", changes));
        for (String outcome : List.of("cleared", "refused")) {
            if (changes.stream()
                    .noneMatch(line -> line.startsWith("csv_backup_last_clear_timestamp_seconds")
                            && line.contains("outcome=\"" + outcome + "\""))) {
                throw agent.unexpected(
                        "changed metrics", "csv_backup_last_clear_timestamp_seconds for " + outcome, changes);
            }
        }
        showVerdicts("IDLE", "IDLE", "IDLE");
    }

    private void somethingIsLeftOver() throws StoryException, InterruptedException, IOException {
        screen.step("Another backup left a checkpoint of SQL-7. What ends it:");
        agent.show(StoryRequest.simulate("addMachine", "NODE1", "SQL-7", VOLUME));
        agent.show(StoryRequest.simulate("addCheckpoint", "SQL-7", TWO_DAYS_IN_SECONDS));
        Map<?, ?> leftover = agent.awaitRow("Leftovers");
        agent.expect("kind", "CHECKPOINT", leftover);
        agent.expect("machine", "SQL-7", leftover);
        showVerdicts("IDLE", "IDLE", "IDLE");
        screen.explains(String.valueOf(leftover.get("command")));
    }

    /**
     * A backup with an open VSS session keeps VSS running on its node, and then no volume is CLEARABLE. The one that goes on here reads a
     * persistent copy, and VSS stops: no poll can see it, and only the question of the clear finds its copy.
     */
    private void theStageIsYours() throws StoryException, InterruptedException, IOException {
        screen.step("For you: two crashes, and a backup that no poll can see.");
        for (String crashed : List.of(SECOND, THIRD)) {
            agent.show(StoryRequest.simulate("startBackup", crashed, NODE));
            agent.show(StoryRequest.simulate("killBackup", crashed));
            agent.await("the state to become stale", crashed, "stale", true);
        }
        agent.show(StoryRequest.simulate("failReads", SECOND, DOES_NOT_ANSWER));
        // Now the question after the clear of the story has been asked: it does not find this copy.
        agent.show(StoryRequest.simulate("startPersistentBackup", VOLUME, NODE));
        agent.await("the state to become stale", VOLUME, "stale", true);
        agent.show(StoryRequest.simulate("advance", SECONDS_UNTIL_VSS_STOPS));
        agent.await("the service to be stopped for long enough", THIRD, "verdict", "CLEARABLE");
        showVerdicts("CLEARABLE", "UNPROVEN", "CLEARABLE");
    }

    /** Assesses the volumes, prints what comes out, and checks it. */
    private void showVerdicts(String... expected) throws StoryException, IOException {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            Map<?, ?> assessed = agent.result(agent.answer(StoryRequest.operate("assess", VOLUMES.get(i))));
            cells.add(assessed.get("verdict") + (agent.isStale(VOLUMES.get(i)) ? " *" : ""));
            if (!expected[i].equals(assessed.get("verdict"))) {
                throw agent.unexpected("the verdict of " + name(VOLUMES.get(i)), expected[i], assessed.get("verdict"));
            }
        }
        screen.verdicts(cells);
    }

    private static String name(String path) {
        return path.substring(FOLDER.length());
    }
}
