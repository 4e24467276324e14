package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.VolumeIoState;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads once a minute how the nodes reach the volumes, in parallel with the polls: a poll waits for the answer only for a moment. Used by one thread at a time. */
final class IoWatch {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final DiskReads disks;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BoundedCalls calls;
    private BoundedCalls.@Nullable Pending<IoReading> pending;
    private @Nullable Long askedNanos;
    private @Nullable NodeAnswer<IoReading> last;

    IoWatch(Cluster cluster, DiskReads disks, Clock clock, LongSupplier nanoTime) {
        this.disks = disks;
        this.calls = new BoundedCalls(1, cluster);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Starts a query if one is due. */
    void begin(List<String> names) {
        long now = nanoTime.getAsLong();
        if (pending == null && (askedNanos == null || now - askedNanos >= EVERY.toNanos())) {
            askedNanos = now;
            pending = calls.start("reading how the nodes reach the volumes", () -> read(names));
        }
    }

    private IoReading read(List<String> names) throws ClusterException {
        List<DiskAnswer<VolumeIoState>> answers = disks.ioStates(names);
        IoReading reading = new IoReading(
                answers.stream().flatMap(answer -> answer.found().stream()).toList(), DiskAnswer.unreadable(answers));
        if (!names.isEmpty() && reading.unreadable().size() == names.size()) {
            throw reading.unreadable().get(0).problem();
        }
        return reading;
    }

    /** The last answer; null before the first. */
    @Nullable
    NodeAnswer<IoReading> answer() {
        if (pending != null && pending.endsWithin(PATIENCE)) {
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
}
