package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.IoReading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Looks once a minute how the nodes reach the volumes, beside the polls: no poll waits for it longer than a moment. Used by one thread at a time. */
final class IoWatch {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Cluster cluster;
    private final Duration deadline;
    private final Clock clock;
    private final BoundedCalls calls;
    private BoundedCalls.@Nullable Pending<IoReading> pending;
    private @Nullable Instant asked;
    private @Nullable NodeAnswer<IoReading> last;

    IoWatch(Cluster cluster, Duration deadline, Clock clock) {
        this.cluster = cluster;
        this.calls = new BoundedCalls(1, cluster);
        this.deadline = deadline;
        this.clock = clock;
    }

    /** Asks, if it is time. */
    void begin() {
        Instant now = clock.instant();
        if (pending == null && (asked == null || isOver(asked, EVERY, now))) {
            asked = now;
            pending = calls.start("reading how the nodes reach the volumes", cluster::ioStates);
        }
    }

    /** The last answer; null before the first. */
    @Nullable
    NodeAnswer<IoReading> answer() {
        if (pending != null
                && asked != null
                && (pending.endsWithin(PATIENCE) || isOver(asked, deadline, clock.instant()))) {
            last = ended(pending);
            pending = null;
        }
        return last;
    }

    private NodeAnswer<IoReading> ended(BoundedCalls.Pending<IoReading> call) {
        try {
            return NodeAnswer.of(clock.instant(), call.ended());
        } catch (ClusterException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        } catch (CallTimeoutException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        }
    }

    /** A clock that went back is taken for one that went far. */
    private static boolean isOver(Instant since, Duration time, Instant now) {
        Duration passed = Duration.between(since, now);
        return passed.isNegative() || passed.compareTo(time) >= 0;
    }
}
