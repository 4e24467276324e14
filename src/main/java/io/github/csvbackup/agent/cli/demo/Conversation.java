package io.github.csvbackup.agent.cli.demo;

import io.github.csvbackup.agent.cli.demo.DemoClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests to one agent, and answers that a story expects. */
final class Conversation {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long CHECK_EVERY_MILLIS = 250;

    private final DemoClient client;
    private final Screen screen;
    private final String volume;

    /** @param volume the one that the story is about; printed answers leave out the others */
    Conversation(DemoClient client, Screen screen, String volume) {
        this.client = client;
        this.screen = screen;
        this.volume = volume;
    }

    /** Sends the request, prints it and the answer, and returns the answer. */
    Map<?, ?> show(StoryRequest request) throws StoryException, IOException {
        screen.shows(client, request);
        Map<?, ?> answer = answer(request);
        screen.answers(PrettyJson.pretty(Shortening.of(answer, volume)).replace("\n", "\n  "));
        return answer;
    }

    Map<?, ?> answer(StoryRequest request) throws StoryException, IOException {
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
    void await(String what, String path, String field, Object value)
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

    /** The first row of an attribute, once it has one. */
    Map<?, ?> awaitRow(String attribute) throws StoryException, InterruptedException, IOException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            Object value = answer(StoryRequest.read(attribute)).get("value");
            if (value instanceof List<?> rows && !rows.isEmpty() && rows.get(0) instanceof Map<?, ?> row) {
                return row;
            }
            if (System.nanoTime() > end) {
                throw unexpected(attribute, "a row", value);
            }
            Thread.sleep(CHECK_EVERY_MILLIS);
        }
    }

    /** The story's volume in the answer. */
    Map<?, ?> volume(Map<?, ?> answer) throws StoryException {
        Map<?, ?> found = volumeOrNull(answer, volume);
        if (found == null) {
            throw unexpected("the volumes", volume, answer.get("value"));
        }
        return found;
    }

    boolean isStale(String path) throws StoryException, IOException {
        return Boolean.TRUE.equals(field(volumeOrNull(answer(StoryRequest.readVolumes()), path), "stale"));
    }

    private static @Nullable Map<?, ?> volumeOrNull(Map<?, ?> answer, String path) {
        if (answer.get("value") instanceof List<?> volumes) {
            for (Object item : volumes) {
                if (item instanceof Map<?, ?> each && path.equals(each.get("volume"))) {
                    return each;
                }
            }
        }
        return null;
    }

    Map<?, ?> result(Map<?, ?> answer) throws StoryException {
        if (answer.get("value") instanceof Map<?, ?> result) {
            return result;
        }
        throw unexpected("the result", "an object", answer.get("value"));
    }

    void expect(String field, Object expected, Map<?, ?> composite) throws StoryException {
        Object seen = field(composite, field);
        if (!expected.equals(seen)) {
            throw unexpected(field, expected, seen);
        }
    }

    private static @Nullable Object field(@Nullable Map<?, ?> composite, String field) {
        return composite == null ? null : composite.get(field);
    }

    StoryException unexpected(String what, Object expected, @Nullable Object seen) {
        return new StoryException("Step " + screen.steps() + " did not go as expected: " + what + " should be "
                + expected + " but is " + seen);
    }
}
