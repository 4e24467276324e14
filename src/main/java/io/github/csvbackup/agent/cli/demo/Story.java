package io.github.csvbackup.agent.cli.demo;

import io.github.csvbackup.agent.cli.demo.DemoClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backup dies, its state stays, and an operator clears it. Each step checks its result. */
final class Story {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long CHECK_EVERY_MILLIS = 250;
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String NODE = "NODE2";
    /** The simulated VSS service stops three minutes after its last use. */
    private static final int SECONDS_UNTIL_VSS_STOPS = 200;

    private final DemoClient client;
    private final Narrator narrator;

    Story(DemoClient client, Narrator narrator) {
        this.client = client;
        this.narrator = narrator;
    }

    void play() throws StoryException, InterruptedException {
        try {
            String before = beginning();
            theBackupStarts();
            theClearIsRefused();
            theBackupDies();
            theStateBecomesStale();
            notYetClearable();
            clearable();
            withoutTheToken();
            theClear();
            theProof();
            theMetrics(before);
        } catch (IOException e) {
            throw new StoryException("Step " + narrator.steps() + " failed: " + e.getMessage(), e);
        }
    }

    private String beginning() throws StoryException, InterruptedException, IOException {
        narrator.step("Nothing happens yet");
        narrator.says(
                "The cluster is simulated, so nothing real changes. Times are short: a state is stale after seconds,"
                        + " not after half an hour.");
        await("the first poll", "backupState", "NONE");
        expect("backupState", "NONE", volume(show(StoryRequest.readVolumes())));
        return client.metrics();
    }

    private void theBackupStarts() throws StoryException, InterruptedException, IOException {
        narrator.step("A backup of " + VOLUME + " starts on " + NODE);
        show(StoryRequest.exec(StoryRequest.SIMULATOR, "startBackup", true, VOLUME, NODE));
        await("the agent's next poll", "backupState", "IN_PROGRESS");
        narrator.says("\nThe agent sees it:");
        expect("backupState", "IN_PROGRESS", volume(show(StoryRequest.readVolumes())));
    }

    private void theClearIsRefused() throws StoryException, InterruptedException, IOException {
        narrator.step("A clear that comes too early is refused");
        narrator.says("A clear would corrupt the running backup. The checks show the reason.");
        Map<?, ?> result = result(show(StoryRequest.exec(StoryRequest.STATE, "clear", true, VOLUME)));
        expect("outcome", "REFUSED", result);
        expect("verdict", "ACTIVE", result);
    }

    private void theBackupDies() throws StoryException, InterruptedException, IOException {
        narrator.step("The backup program crashes");
        narrator.says(
                "The cluster saw the start of the backup but never its end, so the state would stay indefinitely.");
        show(StoryRequest.exec(StoryRequest.SIMULATOR, "killBackup", true, VOLUME));
        narrator.says("\nThe state is still set:");
        expect("backupState", "IN_PROGRESS", volume(show(StoryRequest.readVolumes())));
    }

    private void theStateBecomesStale() throws StoryException, InterruptedException, IOException {
        narrator.step("The state becomes stale");
        await("the state to become stale", "stale", true);
        expect("stale", true, volume(show(StoryRequest.readVolumes())));
    }

    private void notYetClearable() throws StoryException, InterruptedException, IOException {
        narrator.step("A stale state is not enough for a clear");
        narrator.says(
                "The Volume Shadow Copy service is still running on " + NODE + ", so a backup may be running there.");
        expect("verdict", "UNPROVEN", result(show(StoryRequest.exec(StoryRequest.STATE, "assess", true, VOLUME))));
    }

    private void clearable() throws StoryException, InterruptedException, IOException {
        narrator.step("The service stops by itself a few minutes later");
        narrator.says("The demo moves the clock of the simulated cluster forward, so you need not wait.");
        show(StoryRequest.exec(StoryRequest.SIMULATOR, "advance", true, SECONDS_UNTIL_VSS_STOPS));
        await("the service to be stopped for long enough", "verdict", "CLEARABLE");
        narrator.says("\nThe assessment now:");
        expect("verdict", "CLEARABLE", result(show(StoryRequest.exec(StoryRequest.STATE, "assess", false, VOLUME))));
    }

    private void withoutTheToken() throws StoryException, InterruptedException, IOException {
        narrator.step("A clear needs the operator's token");
        StoryRequest request = StoryRequest.exec(StoryRequest.STATE, "clear", false, VOLUME);
        narrator.shows(request);
        Reply reply = client.post(request);
        narrator.answers("HTTP " + reply.status() + " " + reply.body().strip());
        if (reply.status() != 401) {
            throw unexpected("HTTP status", 401, reply.status());
        }
    }

    private void theClear() throws StoryException, InterruptedException, IOException {
        narrator.step("The clear");
        narrator.says(
                "The agent checks every node again, records its intent in the audit, calls the cluster's function and"
                        + " reads the state again.");
        expect("outcome", "CLEARED", result(show(StoryRequest.exec(StoryRequest.STATE, "clear", true, VOLUME))));
    }

    private void theProof() throws StoryException, InterruptedException, IOException {
        narrator.step("The proof: the state is gone");
        expect("backupState", "NONE", volume(show(StoryRequest.readVolumes())));
    }

    private void theMetrics(String before) throws StoryException, InterruptedException, IOException {
        narrator.step("What Prometheus saw");
        List<String> changes = MetricChanges.between(before, client.metrics(), VOLUME);
        narrator.answers(String.join("\n  ", changes));
        for (String outcome : List.of("cleared", "refused")) {
            if (changes.stream()
                    .noneMatch(line -> line.startsWith("csv_backup_last_clear_timestamp_seconds")
                            && line.contains("outcome=\"" + outcome + "\""))) {
                throw unexpected("changed metrics", "csv_backup_last_clear_timestamp_seconds for " + outcome, changes);
            }
        }
    }

    /** Sends the request, prints it and the answer, and returns the answer. */
    private Map<?, ?> show(StoryRequest request) throws StoryException, IOException {
        narrator.shows(request);
        Map<?, ?> answer = answer(request);
        narrator.answers(PrettyJson.pretty(Shortening.of(answer, VOLUME)).replace("\n", "\n  "));
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
    private void await(String what, String field, Object value)
            throws StoryException, InterruptedException, IOException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            Object seen = field(volumeOrNull(answer(StoryRequest.readVolumes())), field);
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
        Map<?, ?> volume = volumeOrNull(answer);
        if (volume == null) {
            throw unexpected("the volumes", VOLUME, answer.get("value"));
        }
        return volume;
    }

    private static @Nullable Map<?, ?> volumeOrNull(Map<?, ?> answer) {
        if (answer.get("value") instanceof List<?> volumes) {
            for (Object item : volumes) {
                if (item instanceof Map<?, ?> volume && VOLUME.equals(volume.get("volume"))) {
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
        return new StoryException("Step " + narrator.steps() + " did not go as expected: " + what + " should be "
                + expected + " but is " + seen);
    }
}
