package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.threads.CallThreads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls shared disks in parallel. Each call has its own deadline, counted from its start; a call that misses it is late and keeps its thread until
 * it returns. While a call to a disk has not returned, no other call to that disk starts. Thread-safe.
 */
final class DiskCalls {
    /** Fast disks are asked one after the other with the same handles. While that takes longer than this, one thread more is started each time. */
    private static final long ONE_MORE_THREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long CHECK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean inline;
    private final Duration deadline;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Call> underWay = new LinkedHashSet<>();
    /** Guarded by the lock, like the calls and their rounds. */
    private final DiskIds ids = new DiskIds();

    private int threadCount;
    /** How many are awaited. */
    private int rounds;

    /** The query to a disk. */
    @FunctionalInterface
    interface Question<T> {
        List<T> ask(String disk) throws ClusterException;
    }

    /** A call that has not returned. Guarded by the lock. */
    private static final class Call {
        private final DiskRound<?> round;
        private final int disk;
        private final DiskIds.Key key;
        private final long begun;
        private final Thread thread = Thread.currentThread();
        private boolean late;

        private Call(DiskRound<?> round, int disk, DiskIds.Key key, long begun) {
            this.round = round;
            this.disk = disk;
            this.key = key;
            this.begun = begun;
        }

        /** The disk, as in the query. */
        private String name() {
            return round.disk(disk);
        }
    }

    DiskCalls(Cluster cluster, Duration deadline, Clock clock, LongSupplier nanoTime) {
        this(cluster, deadline, clock, nanoTime, CallThreads::run);
    }

    DiskCalls(Cluster cluster, Duration deadline, Clock clock, LongSupplier nanoTime, Executor threads) {
        this.inline = cluster.neverBlocks();
        this.deadline = deadline;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.threads = threads;
    }

    /** The names of all shared disks: the ids of other names are dropped. */
    void keepOnly(List<String> names) {
        locked(() -> ids.keepOnly(names));
    }

    /** Records the ids of the disks that answered. */
    <T> void learn(List<DiskAnswer<T>> answers, Function<T, String> id) {
        locked(() -> {
            for (DiskAnswer<T> answer : answers) {
                if (!answer.found().isEmpty()) {
                    ids.learn(answer.disk(), id.apply(answer.found().get(0)));
                }
            }
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks disks and waits until each has answered or missed its deadline. An interrupt ends the wait; the thread stays interrupted.
     *
     * @param disks names, or ids
     * @param mostThreads no further thread starts above this number, which includes the threads of calls that are late
     * @return the answers, in order
     */
    <T> List<DiskAnswer<T>> ask(List<String> disks, boolean byId, int mostThreads, Question<T> question) {
        DiskRound<T> round = new DiskRound<>(disks, byId, mostThreads, question);
        if (inline) {
            for (int disk = 0; disk < disks.size(); disk++) {
                round.answer(
                        disk, answer(round, disk, new DiskIds.Key(byId ? disks.get(disk) : id(disks.get(disk)), true)));
            }
        } else {
            await(round);
        }
        return round.inOrder();
    }

    private void await(DiskRound<?> round) {
        lock.lock();
        try {
            rounds++;
            giveUp(round);
            while (!round.isOver()) {
                if (!startsThread(round)) {
                    long unused = changed.awaitNanos(CHECK_EVERY_NANOS);
                }
                giveUp(round);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            for (int disk = round.left(0); disk < round.size(); disk = round.left(disk + 1)) {
                refuse(round, disk, DiskProblems.interrupted(ids.name(round.disk(disk))));
            }
            underWay.stream()
                    .filter(call -> call.round == round)
                    .forEach(call -> refuse(round, call.disk, DiskProblems.interrupted(ids.name(call.name()))));
        } finally {
            rounds--;
            lock.unlock();
        }
    }

    /** Gives up on late calls and on disks that cannot be asked because of one. */
    private void giveUp(DiskRound<?> round) {
        int lateCount = 0;
        for (Call call : underWay) {
            if (!call.late && age(call).compareTo(deadline) > 0) {
                call.late = true;
                call.round.threadLeft();
                refuse(call.round, call.disk, hangs(call));
                changed.signalAll();
            }
            lateCount += call.late ? 1 : 0;
        }
        if (lateCount > 0) {
            giveUp(round, underWay.stream().filter(call -> call.late).toList());
        }
    }

    private void giveUp(DiskRound<?> round, List<Call> late) {
        for (int disk = round.left(0); disk < round.size(); disk = round.left(disk + 1)) {
            String name = round.disk(disk);
            Call other = callTo(ids.key(name, round.byId()));
            if (other != null && other.late) {
                refuse(round, disk, hangs(other));
            } else if (late.size() >= round.mostThreads()) {
                refuse(round, disk, noThread(name, late));
            }
        }
    }

    private Duration age(Call call) {
        return Duration.ofNanos(nanoTime.getAsLong() - call.begun);
    }

    /** Starts a thread if disks are left and the threads so far are slow. */
    private boolean startsThread(DiskRound<?> round) {
        boolean othersDoIt = round.threads() > 0 && round.nanosSinceThreadStarted() < ONE_MORE_THREAD_NANOS;
        if (othersDoIt || threadCount >= round.mostThreads() || next(round) == round.size()) {
            return false;
        }
        try {
            threads.execute(() -> work(round));
        } catch (OutOfMemoryError e) {
            // The host has no thread or memory left. The existing threads go on.
            if (round.threads() == 0) {
                for (int disk = round.left(0); disk < round.size(); disk = round.left(disk + 1)) {
                    refuse(round, disk, DiskProblems.notStarted(ids.name(round.disk(disk)), e));
                }
            }
            return false;
        }
        round.threadStarted();
        threadCount++;
        return true;
    }

    /** The first disk of the round that is left and has no call in progress; the number of disks if there is none. */
    private int next(DiskRound<?> round) {
        int disk = round.left(0);
        while (disk < round.size() && !underWay.isEmpty() && callTo(ids.key(round.disk(disk), round.byId())) != null) {
            disk = round.left(disk + 1);
        }
        return disk;
    }

    /** The call to that disk, or one that may be to it; null if there is none. */
    private @Nullable Call callTo(DiskIds.Key key) {
        for (Call call : underWay) {
            if (ids.mayBeSame(call.key, key)) {
                return call;
            }
        }
        return null;
    }

    /** The work of a thread: one call after the other, until no disk is left or a call was late. */
    private <T> void work(DiskRound<T> round) {
        for (Call call = begin(round); call != null; ) {
            call = next(round, call, answer(round, call.disk, call.key));
        }
    }

    private @Nullable Call begin(DiskRound<?> round) {
        lock.lock();
        try {
            return beginOrLeave(round);
        } finally {
            lock.unlock();
        }
    }

    private <T> @Nullable Call next(DiskRound<T> round, Call ended, DiskAnswer<T> answer) {
        lock.lock();
        try {
            underWay.remove(ended);
            round.answer(ended.disk, answer);
            if (round.isOver() || rounds > 1) {
                // Another round may wait for this disk.
                changed.signalAll();
            }
            if (ended.late) {
                threadCount--;
                changed.signalAll();
                return null;
            }
            return beginOrLeave(round);
        } finally {
            lock.unlock();
        }
    }

    /** Null if the thread has nothing to do. */
    private @Nullable Call beginOrLeave(DiskRound<?> round) {
        int disk = next(round);
        if (disk == round.size()) {
            threadCount--;
            round.threadLeft();
            if (rounds > 1 || round.isOver()) {
                changed.signalAll();
            }
            return null;
        }
        round.ask(disk);
        Call call = new Call(round, disk, ids.key(round.disk(disk), round.byId()), nanoTime.getAsLong());
        underWay.add(call);
        return call;
    }

    private <T> DiskAnswer<T> answer(DiskRound<T> round, int index, DiskIds.Key key) {
        String disk = round.disk(index);
        String id = key.isId() ? key.text() : disk;
        try {
            Instant asked = clock.instant();
            List<T> found = asked(round.question(), disk);
            return new DiskAnswer<>(disk, id, found, null, asked, Moment.now(clock, nanoTime));
        } catch (ClusterException e) {
            return unanswered(disk, id, e);
        } catch (Throwable e) {
            return unanswered(disk, id, DiskProblems.bug(disk, e));
        }
    }

    private <T> List<T> asked(Question<T> question, String disk) throws ClusterException {
        if (inline) {
            return question.ask(disk);
        }
        ActiveNativeCalls.enter();
        try {
            return question.ask(disk);
        } finally {
            ActiveNativeCalls.leave();
        }
    }

    private <T> void refuse(DiskRound<T> round, int disk, ClusterException problem) {
        round.answer(disk, unanswered(round.disk(disk), problem));
    }

    <T> DiskAnswer<T> unanswered(String disk, ClusterException problem) {
        return unanswered(disk, id(disk), problem);
    }

    private <T> DiskAnswer<T> unanswered(String disk, String id, ClusterException problem) {
        Moment now = Moment.now(clock, nanoTime);
        return new DiskAnswer<>(disk, id, List.of(), problem, now.at(), now);
    }

    private String id(String disk) {
        lock.lock();
        try {
            return ids.id(disk);
        } finally {
            lock.unlock();
        }
    }

    private String where(Call call) {
        String site = ActiveNativeCalls.site(call.thread);
        return (site == null ? "reading " : site + " on ") + ids.name(call.name());
    }

    private ClusterException noThread(String disk, List<Call> late) {
        List<String> named =
                late.stream().limit(DiskProblems.MOST_NAMED).map(this::where).toList();
        return DiskProblems.noThread(ids.name(disk), late.size(), named);
    }

    private ClusterException hangs(Call call) {
        return DiskProblems.hangs(where(call), age(call));
    }
}
