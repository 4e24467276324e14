package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.threads.CallThreads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls shared disks in parallel. Each call has its own deadline, counted from its start; a call that misses it is late and keeps its thread until
 * it returns. While a call to a disk has not returned, no other call to that disk starts. Thread-safe.
 */
final class DiskCalls {
    /** Fast disks are asked one after the other with the same handles. While that takes longer than this, one thread more is started each time. */
    private static final long ONE_MORE_THREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final int MOST_NAMED = 3;
    private static final long CHECK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean inline;
    private final Duration deadline;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Call> underWay = new LinkedHashSet<>();
    private final Map<String, String> idsByName = new HashMap<>();
    private List<String> kept = List.of();
    private int threadCount;
    /** How many are awaited. */
    private int rounds;

    /** The query to a disk. */
    @FunctionalInterface
    interface Question<T> {
        List<T> ask(String disk) throws ClusterException;
    }

    /** A disk by its id, or by its name where the id is unknown. */
    private record Key(String text, boolean isId) {}

    /** The disks of one query and their answers. Guarded by the lock. */
    private static final class Round<T> {
        private final Question<T> question;
        private final boolean byId;
        private final int mostThreads;
        private final List<String> disks;
        private final List<@Nullable DiskAnswer<T>> answers;
        /** The disks that have been asked. */
        private final BitSet asked = new BitSet();
        /** No disk before this one is left. */
        private int first;

        private int answered;
        private int threads;
        private long startedLast;

        private Round(List<String> disks, boolean byId, int mostThreads, Question<T> question) {
            this.disks = disks;
            this.answers = new ArrayList<>(Collections.nCopies(disks.size(), null));
            this.byId = byId;
            this.mostThreads = mostThreads;
            this.question = question;
        }

        private void answer(int disk, DiskAnswer<T> answer) {
            if (answers.get(disk) == null) {
                answers.set(disk, answer);
                answered++;
            }
        }

        /** The next disk from an index on that was neither asked nor given up; the number of disks if there is none. */
        private int left(int from) {
            int disk = Math.max(first, from);
            while (disk < disks.size() && (asked.get(disk) || answers.get(disk) != null)) {
                disk++;
            }
            if (from <= first) {
                first = disk;
            }
            return disk;
        }

        private boolean isOver() {
            return answered == disks.size();
        }

        private List<DiskAnswer<T>> inOrder() {
            return answers.stream().filter(Objects::nonNull).toList();
        }
    }

    /** A call that has not returned. Guarded by the lock. */
    private static final class Call {
        private final Round<?> round;
        private final int disk;
        private final Key key;
        private final long begun;
        private final Thread thread = Thread.currentThread();
        private boolean late;

        private Call(Round<?> round, int disk, Key key, long begun) {
            this.round = round;
            this.disk = disk;
            this.key = key;
            this.begun = begun;
        }

        /** The disk, as in the query. */
        private String name() {
            return round.disks.get(disk);
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
        locked(() -> {
            if (!names.equals(kept)) {
                idsByName.keySet().retainAll(Set.copyOf(names));
                kept = List.copyOf(names);
            }
        });
    }

    /** Records the ids of the disks that answered. */
    <T> void learn(List<DiskAnswer<T>> answers, Function<T, String> id) {
        locked(() -> {
            for (DiskAnswer<T> answer : answers) {
                if (!answer.found().isEmpty()) {
                    String found = id.apply(answer.found().get(0));
                    if (!found.equals(idsByName.get(answer.disk()))) {
                        idsByName.put(answer.disk(), found);
                        kept = List.of();
                    }
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
        Round<T> round = new Round<>(disks, byId, mostThreads, question);
        if (inline) {
            for (int disk = 0; disk < disks.size(); disk++) {
                round.answer(disk, answer(round, disk, new Key(byId ? disks.get(disk) : id(disks.get(disk)), true)));
            }
        } else {
            await(round);
        }
        return round.inOrder();
    }

    private void await(Round<?> round) {
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
            for (int disk = round.left(0); disk < round.disks.size(); disk = round.left(disk + 1)) {
                refuse(round, disk, interrupted(round.disks.get(disk)));
            }
            underWay.stream()
                    .filter(call -> call.round == round)
                    .forEach(call -> refuse(round, call.disk, interrupted(call.name())));
        } finally {
            rounds--;
            lock.unlock();
        }
    }

    /** Gives up on late calls and on disks that cannot be asked because of one. */
    private void giveUp(Round<?> round) {
        int lateCount = 0;
        for (Call call : underWay) {
            if (!call.late && age(call).compareTo(deadline) > 0) {
                call.late = true;
                call.round.threads--;
                refuse(call.round, call.disk, hangs(call));
                changed.signalAll();
            }
            lateCount += call.late ? 1 : 0;
        }
        if (lateCount > 0) {
            giveUp(round, underWay.stream().filter(call -> call.late).toList());
        }
    }

    private void giveUp(Round<?> round, List<Call> late) {
        for (int disk = round.left(0); disk < round.disks.size(); disk = round.left(disk + 1)) {
            String name = round.disks.get(disk);
            Call other = callTo(key(name, round.byId));
            if (other != null && other.late) {
                refuse(round, disk, hangs(other));
            } else if (late.size() >= round.mostThreads) {
                refuse(round, disk, noThread(name, late));
            }
        }
    }

    private Duration age(Call call) {
        return Duration.ofNanos(nanoTime.getAsLong() - call.begun);
    }

    /** Starts a thread if disks are left and the threads so far are slow. */
    private boolean startsThread(Round<?> round) {
        boolean othersDoIt = round.threads > 0 && System.nanoTime() - round.startedLast < ONE_MORE_THREAD_NANOS;
        if (othersDoIt || threadCount >= round.mostThreads || next(round) == round.disks.size()) {
            return false;
        }
        try {
            threads.execute(() -> work(round));
        } catch (OutOfMemoryError e) {
            // The host has no thread or memory left. The existing threads go on.
            if (round.threads == 0) {
                for (int disk = round.left(0); disk < round.disks.size(); disk = round.left(disk + 1)) {
                    refuse(round, disk, notStarted(round.disks.get(disk), e));
                }
            }
            return false;
        }
        round.threads++;
        round.startedLast = System.nanoTime();
        threadCount++;
        return true;
    }

    /** The first disk of the round that is left and has no call in progress; the number of disks if there is none. */
    private int next(Round<?> round) {
        int disk = round.left(0);
        while (disk < round.disks.size()
                && !underWay.isEmpty()
                && callTo(key(round.disks.get(disk), round.byId)) != null) {
            disk = round.left(disk + 1);
        }
        return disk;
    }

    private Key key(String disk, boolean isId) {
        String id = isId ? disk : idsByName.get(disk);
        return id == null ? new Key(disk, false) : new Key(id, true);
    }

    /** The call to that disk, or one that may be to it; null if there is none. */
    private @Nullable Call callTo(Key key) {
        for (Call call : underWay) {
            if (mayBeSame(call.key, key)) {
                return call;
            }
        }
        return null;
    }

    /** A name with an unknown id and an id with an unknown name may be the same disk: it may have been renamed. */
    private boolean mayBeSame(Key one, Key other) {
        if (one.isId == other.isId) {
            return one.equals(other);
        }
        return !idsByName.containsValue(one.isId ? one.text : other.text);
    }

    /** The work of a thread: one call after the other, until no disk is left or a call was late. */
    private <T> void work(Round<T> round) {
        for (Call call = begin(round); call != null; ) {
            call = next(round, call, answer(round, call.disk, call.key));
        }
    }

    private @Nullable Call begin(Round<?> round) {
        lock.lock();
        try {
            return beginOrLeave(round);
        } finally {
            lock.unlock();
        }
    }

    private <T> @Nullable Call next(Round<T> round, Call ended, DiskAnswer<T> answer) {
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
    private @Nullable Call beginOrLeave(Round<?> round) {
        int disk = next(round);
        if (disk == round.disks.size()) {
            threadCount--;
            round.threads--;
            if (rounds > 1 || round.isOver()) {
                changed.signalAll();
            }
            return null;
        }
        round.asked.set(disk);
        Call call = new Call(round, disk, key(round.disks.get(disk), round.byId), nanoTime.getAsLong());
        underWay.add(call);
        return call;
    }

    private <T> DiskAnswer<T> answer(Round<T> round, int index, Key key) {
        String disk = round.disks.get(index);
        String id = key.isId ? key.text : disk;
        try {
            Instant asked = clock.instant();
            List<T> found = asked(round.question, disk);
            return new DiskAnswer<>(disk, id, found, null, asked, Moment.now(clock, nanoTime));
        } catch (ClusterException e) {
            return unanswered(disk, id, e);
        } catch (Throwable e) {
            return unanswered(
                    disk,
                    id,
                    ClusterException.unavailable(
                            "reading " + disk + " failed: " + e, "This is a bug: report it with the agent's log."));
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

    private <T> void refuse(Round<T> round, int disk, ClusterException problem) {
        round.answer(disk, unanswered(round.disks.get(disk), problem));
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
            return idsByName.getOrDefault(disk, disk);
        } finally {
            lock.unlock();
        }
    }

    /** For a disk that was asked by its id. */
    private String name(String disk) {
        return idsByName.entrySet().stream()
                .filter(entry -> entry.getValue().equals(disk))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(disk);
    }

    private String where(Call call) {
        String site = ActiveNativeCalls.site(call.thread);
        return (site == null ? "reading " : site + " on ") + name(call.name());
    }

    private ClusterException hangs(Call call) {
        return ClusterException.unavailable(
                where(call) + " has not returned for " + age(call).toSeconds() + " s",
                "Check the disk and the node that owns it; the agent reads it again once the call has returned.");
    }

    private ClusterException noThread(String disk, List<Call> late) {
        return ClusterException.unavailable(
                name(disk) + " was not read: " + late.size() + " calls have not returned ("
                        + late.stream().limit(MOST_NAMED).map(this::where).collect(Collectors.joining("; "))
                        + (late.size() > MOST_NAMED ? "; and others)" : ")"),
                "Check the Cluster service of this node; restart the agent if the calls do not return.");
    }

    private ClusterException notStarted(String disk, OutOfMemoryError e) {
        return ClusterException.unavailable(
                name(disk) + " was not read: " + e.getMessage(),
                "Check the memory and the number of threads of this JVM.");
    }

    private ClusterException interrupted(String disk) {
        return ClusterException.unavailable(
                "the wait for " + name(disk) + " was interrupted; the agent may be stopping", "Read it again.");
    }
}
