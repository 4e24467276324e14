package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.threads.DaemonThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private static final long CHECK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean inline;
    private final Duration deadline;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Function<Runnable, Thread> threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Call> underWay = new LinkedHashSet<>();
    private final Map<String, String> idsByName = new HashMap<>();
    private int threadCount;

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
        private final Set<String> left;
        private final Map<String, DiskAnswer<T>> answers = new HashMap<>();
        private final int asked;
        private int threads;
        private long startedLast;

        private Round(List<String> disks, boolean byId, int mostThreads, Question<T> question) {
            this.left = new LinkedHashSet<>(disks);
            this.asked = left.size();
            this.byId = byId;
            this.mostThreads = mostThreads;
            this.question = question;
        }

        private void answer(DiskAnswer<T> answer) {
            left.remove(answer.disk());
            answers.putIfAbsent(answer.disk(), answer);
        }

        private boolean isOver() {
            return answers.size() == asked;
        }
    }

    /** A call that has not returned. Guarded by the lock. */
    private static final class Call {
        private final Round<?> round;
        private final String disk;
        private final Key key;
        private final long begun;
        private final Thread thread = Thread.currentThread();
        private boolean late;

        private Call(Round<?> round, String disk, Key key, long begun) {
            this.round = round;
            this.disk = disk;
            this.key = key;
            this.begun = begun;
        }
    }

    DiskCalls(Cluster cluster, Duration deadline, Clock clock, LongSupplier nanoTime) {
        this(cluster, deadline, clock, nanoTime, task -> DaemonThread.named("csv-backup-disk", task));
    }

    DiskCalls(
            Cluster cluster,
            Duration deadline,
            Clock clock,
            LongSupplier nanoTime,
            Function<Runnable, Thread> threads) {
        this.inline = cluster.neverBlocks();
        this.deadline = deadline;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.threads = threads;
    }

    /** The names of all shared disks: the ids of other names are dropped. */
    void keepOnly(List<String> names) {
        locked(() -> idsByName.keySet().retainAll(Set.copyOf(names)));
    }

    /** Records the ids of the disks that answered. */
    <T> void learn(List<DiskAnswer<T>> answers, Function<T, String> id) {
        locked(() -> {
            for (DiskAnswer<T> answer : answers) {
                if (!answer.found().isEmpty()) {
                    idsByName.put(answer.disk(), id.apply(answer.found().get(0)));
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
            disks.forEach(disk -> round.answer(answer(round, disk)));
        } else {
            await(round);
        }
        return disks.stream().map(round.answers::get).toList();
    }

    private void await(Round<?> round) {
        lock.lock();
        try {
            giveUp(round);
            while (!round.isOver()) {
                if (!startsThread(round)) {
                    long unused = changed.awaitNanos(CHECK_EVERY_NANOS);
                }
                giveUp(round);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            for (String disk : List.copyOf(round.left)) {
                refuse(round, disk, interrupted(disk));
            }
            underWay.stream()
                    .filter(call -> call.round == round)
                    .forEach(call -> refuse(round, call.disk, interrupted(call.disk)));
        } finally {
            lock.unlock();
        }
    }

    /** Gives up on late calls and on disks that cannot be asked because of one. */
    private void giveUp(Round<?> round) {
        for (Call call : underWay) {
            if (!call.late && age(call).compareTo(deadline) > 0) {
                call.late = true;
                call.round.threads--;
                refuse(call.round, call.disk, hangs(call));
                changed.signalAll();
            }
        }
        List<Call> late = underWay.stream().filter(call -> call.late).toList();
        for (String disk : late.isEmpty() ? List.<String>of() : List.copyOf(round.left)) {
            Call other = callTo(key(disk, round.byId));
            if (other != null && other.late) {
                refuse(round, disk, hangs(other));
            } else if (late.size() >= round.mostThreads) {
                refuse(round, disk, noThread(disk, late));
            }
        }
    }

    private Duration age(Call call) {
        return Duration.ofNanos(nanoTime.getAsLong() - call.begun);
    }

    /** Starts a thread if disks are left and the threads so far are slow. */
    private boolean startsThread(Round<?> round) {
        boolean othersDoIt = round.threads > 0 && System.nanoTime() - round.startedLast < ONE_MORE_THREAD_NANOS;
        if (othersDoIt || threadCount >= round.mostThreads || next(round) == null) {
            return false;
        }
        try {
            threads.apply(() -> work(round)).start();
        } catch (OutOfMemoryError e) {
            // The host has no thread or memory left. The existing threads go on.
            if (round.threads == 0) {
                List.copyOf(round.left).forEach(disk -> refuse(round, disk, notStarted(disk, e)));
            }
            return false;
        }
        round.threads++;
        round.startedLast = System.nanoTime();
        threadCount++;
        return true;
    }

    /** The first disk of the round without a call in progress; null if there is none. */
    private @Nullable String next(Round<?> round) {
        return round.left.stream()
                .filter(disk -> callTo(key(disk, round.byId)) == null)
                .findFirst()
                .orElse(null);
    }

    private Key key(String disk, boolean isId) {
        String id = isId ? disk : idsByName.get(disk);
        return id == null ? new Key(disk, false) : new Key(id, true);
    }

    /** The call to that disk, or one that may be to it; null if there is none. */
    private @Nullable Call callTo(Key key) {
        return underWay.stream()
                .filter(call -> mayBeSame(call.key, key))
                .findFirst()
                .orElse(null);
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
        boolean late = false;
        for (Call call = begin(round); call != null; call = late ? null : begin(round)) {
            ActiveNativeCalls.enter();
            DiskAnswer<T> answer = answer(round, call.disk);
            ActiveNativeCalls.leave();
            late = end(round, call, answer);
        }
        leave(round, late);
    }

    private @Nullable Call begin(Round<?> round) {
        lock.lock();
        try {
            String disk = next(round);
            if (disk == null) {
                return null;
            }
            round.left.remove(disk);
            Call call = new Call(round, disk, key(disk, round.byId), nanoTime.getAsLong());
            underWay.add(call);
            return call;
        } finally {
            lock.unlock();
        }
    }

    private <T> boolean end(Round<T> round, Call call, DiskAnswer<T> answer) {
        lock.lock();
        try {
            underWay.remove(call);
            round.answer(answer);
            changed.signalAll();
            return call.late;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Round<?> round, boolean late) {
        locked(() -> {
            threadCount--;
            round.threads -= late ? 0 : 1;
            changed.signalAll();
        });
    }

    private <T> DiskAnswer<T> answer(Round<T> round, String disk) {
        try {
            Instant asked = clock.instant();
            List<T> found = round.question.ask(disk);
            return new DiskAnswer<>(disk, id(disk), found, null, asked, Moment.now(clock, nanoTime));
        } catch (ClusterException e) {
            return unanswered(disk, e);
        } catch (Throwable e) {
            return unanswered(
                    disk,
                    ClusterException.unavailable(
                            "reading " + disk + " failed: " + e, "This is a bug: report it with the agent's log."));
        }
    }

    private <T> void refuse(Round<T> round, String disk, ClusterException problem) {
        round.answer(unanswered(disk, problem));
    }

    <T> DiskAnswer<T> unanswered(String disk, ClusterException problem) {
        Moment now = Moment.now(clock, nanoTime);
        return new DiskAnswer<>(disk, id(disk), List.of(), problem, now.at(), now);
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
        return (site == null ? "reading " : site + " on ") + name(call.disk);
    }

    private ClusterException hangs(Call call) {
        return ClusterException.unavailable(
                where(call) + " has not returned for " + age(call).toSeconds() + " s",
                "Check the disk and the node that owns it; the agent reads it again once the call has returned.");
    }

    private ClusterException noThread(String disk, List<Call> late) {
        return ClusterException.unavailable(
                name(disk) + " was not read: " + late.size() + " calls have not returned ("
                        + late.stream().map(this::where).collect(Collectors.joining("; ")) + ")",
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
