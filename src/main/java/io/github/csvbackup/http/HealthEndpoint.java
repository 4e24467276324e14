package io.github.csvbackup.http;

import io.github.csvbackup.cluster.DisksByReason;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers 200 while the last poll is fresh, some shared disk can be read if there are any, and the agent's threads work; otherwise 503 with the
 * reason. The answer never names volumes or disks.
 *
 * @param times for texts that people read
 * @param trouble describes threads that fail or have died; empty if all work
 */
public record HealthEndpoint(
        VolumeWatch watch, WatchSettings settings, Clock clock, Times times, Supplier<Optional<String>> trouble)
        implements Endpoint {
    private static final int MOST_REASONS = 3;

    @Override
    public Reply answer(Request request) {
        Optional<String> threads = trouble.get();
        if (threads.isPresent()) {
            return Reply.text(503, threads.get());
        }
        Snapshot snapshot = watch.snapshot();
        Problem problem = snapshot.pollError();
        if (snapshot.isFresh(clock.instant(), settings)) {
            return snapshot.isBlind() ? Reply.text(503, blind(snapshot)) : Reply.text(200, "ok");
        }
        if (problem != null) {
            return Reply.text(503, "The last poll failed: " + problem.message() + ". " + problem.remedy());
        }
        return Reply.text(
                503,
                snapshot.lastSuccess() == null
                        ? "The cluster has not been polled yet. Wait a moment."
                        : "The last successful poll ended " + times.time(snapshot.lastSuccess())
                                + ". Check the agent's log and the Cluster service.");
    }

    private static String blind(Snapshot snapshot) {
        return "No shared disk can be read, of "
                + snapshot.unreadable().size() + ": "
                + DisksByReason.of(snapshot.unreadable()).stream()
                        .limit(MOST_REASONS)
                        .map(DisksByReason::reason)
                        .collect(Collectors.joining(" "));
    }
}
