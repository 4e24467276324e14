package io.github.csvbackup.http;

import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers 200 while the last poll is fresh and the agent's threads work, otherwise 503 with the reason. The answer never mentions volumes.
 *
 * @param trouble describes threads that fail or have died; empty if all work
 */
public record HealthEndpoint(VolumeWatch watch, WatchSettings settings, Clock clock, Supplier<Optional<String>> trouble)
        implements Endpoint {
    @Override
    public Reply answer(Request request) {
        Optional<String> threads = trouble.get();
        if (threads.isPresent()) {
            return Reply.text(503, threads.get());
        }
        Snapshot snapshot = watch.snapshot();
        Problem problem = snapshot.pollError();
        if (snapshot.isFresh(clock.instant(), settings)) {
            return Reply.text(200, "ok");
        }
        if (problem != null) {
            return Reply.text(503, "The last poll failed: " + problem.message() + ". " + problem.remedy());
        }
        return Reply.text(
                503,
                snapshot.lastSuccess() == null
                        ? "The cluster has not been polled yet. Wait a moment."
                        : "The last successful poll ended " + snapshot.lastSuccess()
                                + ". Check the agent's log and the Cluster service.");
    }
}
