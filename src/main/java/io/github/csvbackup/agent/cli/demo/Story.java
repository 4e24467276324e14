package io.github.csvbackup.agent.cli.demo;

import io.github.csvbackup.agent.cli.demo.DemoClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backup dies, its state stays, and an operator clears it. Then the stage is set for the user. Each step checks its result. */
final class Story {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long CHECK_EVERY_MILLIS = 250;
    private static final String FOLDER = "C:\\ClusterStorage\\";
    private static final String VOLUME = FOLDER + "Volume1";
    private static final String SECOND = FOLDER + "Volume2";
    private static final String THIRD = FOLDER + "Volume3";
    private static final List<String> VOLUMES = List.of(VOLUME, SECOND, THIRD);
    private static final String NODE = "NODE2";
    /** The simulated VSS service stops three minutes after its last use. */
    private static final int SECONDS_UNTIL_VSS_STOPS = 200;

    /** ERROR_RESOURCE_CALL_TIMED_OUT. */
    private static final int DOES_NOT_ANSWER = 5910;

    private final DemoClient client;
    private final Screen screen;

    Story(DemoClient client, Screen screen) {
        this.client = client;
        this.screen = screen;
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
        await("the first poll", VOLUME, "backupState", "NONE");
        expect("backupState", "NONE", volume(show(StoryRequest.readVolumes())));
        showVerdicts("IDLE", "IDLE", "IDLE");
        return client.metrics();
    }

    private void theBackupStarts() throws StoryException, InterruptedException, IOException {
        screen.step("A backup of Volume1 starts on " + NODE + ".");
        show(StoryRequest.simulate("startBackup", VOLUME, NODE));
        await("the agent's next poll", VOLUME, "backupState", "IN_PROGRESS");
        showVerdicts("ACTIVE", "IDLE", "IDLE");
    }

    private void theClearIsRefused() throws StoryException, InterruptedException, IOException {
        screen.step("A clear now is REFUSED: it would corrupt the backup.");
        Map<?, ?> result = result(show(StoryRequest.operate("clear", VOLUME)));
        expect("outcome", "REFUSED", result);
        expect("verdict", "ACTIVE", result);
        showVerdicts("ACTIVE", "IDLE", "IDLE");
    }

    private void theBackupDies() throws StoryException, InterruptedException, IOException {
        screen.step("The backup program crashes, and the state stays.");
        show(StoryRequest.simulate("killBackup", VOLUME));
        expect("backupState", "IN_PROGRESS", volume(show(StoryRequest.readVolumes())));
        showVerdicts("UNPROVEN", "IDLE", "IDLE");
    }

    private void theStateBecomesStale() throws StoryException, InterruptedException, IOException {
        screen.step("It becomes stale. VSS still runs: a backup may run too.");
        await("the state to become stale", VOLUME, "stale", true);
        show(StoryRequest.operate("assess", VOLUME));
        showVerdicts("UNPROVEN", "IDLE", "IDLE");
    }

    private void clearable() throws StoryException, InterruptedException, IOException {
        screen.step("Minutes later VSS has stopped by itself. All checks pass.");
        show(StoryRequest.simulate("advance", SECONDS_UNTIL_VSS_STOPS));
        await("the service to be stopped for long enough", VOLUME, "verdict", "CLEARABLE");
        showVerdicts("CLEARABLE", "IDLE", "IDLE");
    }

    private void withoutTheToken() throws StoryException, InterruptedException, IOException {
        screen.step("A clear without the operator's token: HTTP 401.");
        StoryRequest request = StoryRequest.exec(StoryRequest.STATE, "clear", false, VOLUME);
        screen.shows(request);
        Reply reply = client.post(request);
        screen.answers("HTTP " + reply.status() + " " + reply.body().strip());
        if (reply.status() != 401) {
            throw unexpected("HTTP status", 401, reply.status());
        }
        showVerdicts("CLEARABLE", "IDLE", "IDLE");
    }

    private void theClear() throws StoryException, InterruptedException, IOException {
        screen.step("The clear asks all nodes again. CLEARED, and verified.");
        expect("outcome", "CLEARED", result(show(StoryRequest.operate("clear", VOLUME))));
        expect("backupState", "NONE", volume(show(StoryRequest.readVolumes())));
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
                throw unexpected("changed metrics", "csv_backup_last_clear_timestamp_seconds for " + outcome, changes);
            }
        }
        showVerdicts("IDLE", "IDLE", "IDLE");
    }

    /**
     * A backup with an open VSS session keeps VSS running on its node, and then no volume is CLEARABLE. The one that goes on here reads a
     * persistent copy, and VSS stops: no poll can see it, and only the question of the clear finds its copy.
     */
    private void theStageIsYours() throws StoryException, InterruptedException, IOException {
        screen.step("For you: two crashes, and a backup that no poll can see.");
        for (String crashed : List.of(SECOND, THIRD)) {
            show(StoryRequest.simulate("startBackup", crashed, NODE));
            show(StoryRequest.simulate("killBackup", crashed));
            await("the state to become stale", crashed, "stale", true);
        }
        show(StoryRequest.simulate("failReads", SECOND, DOES_NOT_ANSWER));
        // Now the question after the clear of the story has been asked: it does not find this copy.
        show(StoryRequest.simulate("startPersistentBackup", VOLUME, NODE));
        await("the state to become stale", VOLUME, "stale", true);
        show(StoryRequest.simulate("advance", SECONDS_UNTIL_VSS_STOPS));
        await("the service to be stopped for long enough", THIRD, "verdict", "CLEARABLE");
        showVerdicts("CLEARABLE", "UNPROVEN", "CLEARABLE");
    }

    /** Assesses the volumes, prints what comes out, and checks it. */
    private void showVerdicts(String... expected) throws StoryException, IOException {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            Map<?, ?> assessed = result(answer(StoryRequest.operate("assess", VOLUMES.get(i))));
            Object stale = field(volumeOrNull(answer(StoryRequest.readVolumes()), VOLUMES.get(i)), "stale");
            cells.add(assessed.get("verdict") + (Boolean.TRUE.equals(stale) ? " *" : ""));
            if (!expected[i].equals(assessed.get("verdict"))) {
                throw unexpected("the verdict of " + name(VOLUMES.get(i)), expected[i], assessed.get("verdict"));
            }
        }
        screen.verdicts(cells);
    }

    private static String name(String path) {
        return path.substring(FOLDER.length());
    }

    /** Sends the request, prints it and the answer, and returns the answer. */
    private Map<?, ?> show(StoryRequest request) throws StoryException, IOException {
        screen.shows(request);
        Map<?, ?> answer = answer(request);
        screen.answers(PrettyJson.pretty(Shortening.of(answer, VOLUME)).replace("\n", "\n  "));
        return answer;
    }

    private Map<?, ?> answer(StoryRequest request) throws StoryException, IOException {
        Reply reply = client.post(request);
        Map<?, ?> answer = reply.status() == 200 ? PrettyJson.object(reply.body()) : Map.of();
        if (!Long.valueOf(200).equals(answer.get("status"))) {
            throw unexpected(
                    "answer to " + request.json(),
                    "status 200",
                    reply.status() + " " + reply.body().strip());
        }
        return answer;
    }

    /** Polls the volume until its field has this value. */
    private void await(String what, String path, String field, Object value)
            throws StoryException, InterruptedException, IOException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            Object seen = field(volumeOrNull(answer(StoryRequest.readVolumes()), path), field);
            if (value.equals(seen)) {
                return;
            }
            if (System.nanoTime() > end) {
                throw unexpected(field + " after waiting for " + what, value, seen);
            }
            Thread.sleep(CHECK_EVERY_MILLIS);
        }
    }

    private Map<?, ?> volume(Map<?, ?> answer) throws StoryException {
        Map<?, ?> volume = volumeOrNull(answer, VOLUME);
        if (volume == null) {
            throw unexpected("the volumes", VOLUME, answer.get("value"));
        }
        return volume;
    }

    private static @Nullable Map<?, ?> volumeOrNull(Map<?, ?> answer, String path) {
        if (answer.get("value") instanceof List<?> volumes) {
            for (Object item : volumes) {
                if (item instanceof Map<?, ?> volume && path.equals(volume.get("volume"))) {
                    return volume;
                }
            }
        }
        return null;
    }

    private Map<?, ?> result(Map<?, ?> answer) throws StoryException {
        if (answer.get("value") instanceof Map<?, ?> result) {
            return result;
        }
        throw unexpected("the result", "an object", answer.get("value"));
    }

    private void expect(String field, Object expected, Map<?, ?> composite) throws StoryException {
        Object seen = field(composite, field);
        if (!expected.equals(seen)) {
            throw unexpected(field, expected, seen);
        }
    }

    private static @Nullable Object field(@Nullable Map<?, ?> composite, String field) {
        return composite == null ? null : composite.get(field);
    }

    private StoryException unexpected(String what, Object expected, @Nullable Object seen) {
        return new StoryException("Step " + screen.steps() + " did not go as expected: " + what + " should be "
                + expected + " but is " + seen);
    }
}
