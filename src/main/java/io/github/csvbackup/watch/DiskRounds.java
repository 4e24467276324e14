package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads disks in rounds, in parallel with the polls. Used by one thread at a time. */
final class DiskRounds<T> {
    private final String what;
    private final Function<List<String>, List<DiskAnswer<T>>> reading;
    private final long everyNanos;
    private final Consumer<List<DiskAnswer<T>>> late;
    private final LongSupplier nanoTime;
    private final BoundedCalls calls;
    private final BiFunction<String, ClusterException, DiskAnswer<T>> failed;
    private BoundedCalls.@Nullable Pending<List<DiskAnswer<T>>> pending;
    /** The pending round, if its end is awaited. */
    private BoundedCalls.@Nullable Pending<List<DiskAnswer<T>>> awaited;

    private List<String> asked = List.of();
    private @Nullable Long begunNanos;

    /**
     * Rounds that begin with a poll.
     *
     * @param every from one round to the next; polls are not exact, so one that is early by less than half a poll interval counts
     * @param late gets the answers of a round that was not over when they were wanted; must not block. The next call of {@link #answers} gives them, too
     */
    DiskRounds(
            String what,
            Cluster cluster,
            Function<List<String>, List<DiskAnswer<T>>> reading,
            BiFunction<String, ClusterException, DiskAnswer<T>> failed,
            WatchSettings settings,
            Duration every,
            LongSupplier nanoTime,
            Consumer<List<DiskAnswer<T>>> late) {
        this.what = what;
        this.reading = reading;
        this.failed = failed;
        this.everyNanos = every.toNanos() - settings.pollInterval().toNanos() / 2;
        this.late = late;
        this.nanoTime = nanoTime;
        this.calls = new BoundedCalls(1, cluster);
    }

    /** The next round is due an interval from now: the disks have just been read. */
    void justRead() {
        begunNanos = nanoTime.getAsLong();
    }

    /** Starts a round if one is due and the last one has ended. */
    void begin(List<String> disks) {
        long now = nanoTime.getAsLong();
        Long last = begunNanos;
        if (pending == null && !disks.isEmpty() && (last == null || now - last >= everyNanos)) {
            begunNanos = now;
            asked = disks;
            pending = calls.start(what, () -> reading.apply(disks));
        }
    }

    /** The answers of a round that has ended since the last call; none if there is none. */
    List<DiskAnswer<T>> answers(Duration patience) {
        BoundedCalls.Pending<List<DiskAnswer<T>>> round = pending;
        if (round == null) {
            return List.of();
        }
        if (!round.endsWithin(patience)) {
            if (awaited != round) {
                awaited = round;
                round.whenEnded(() -> late.accept(ended(round)));
            }
            return List.of();
        }
        awaited = null;
        pending = null;
        return ended(round);
    }

    private List<DiskAnswer<T>> ended(BoundedCalls.Pending<List<DiskAnswer<T>>> round) {
        try {
            return round.ended();
        } catch (ClusterException e) {
            return asked.stream().map(disk -> failed.apply(disk, e)).toList();
        } catch (CallTimeoutException e) {
            throw new IllegalStateException("the round has ended", e);
        }
    }
}
