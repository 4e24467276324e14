package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that polls once the watcher has started, and callers that ask for a poll. These tests do not wait for the interval of an hour. */
@Timeout(60)
class PollingThreadTest {
    private static final WatchSettings HOURLY = new WatchSettings(
            Duration.ofHours(1), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofMinutes(1));

    private static final String ENDED = "Polling has ended: the agent is stopping.";

    private final StubCluster cluster = new StubCluster();
    private volatile boolean clockFails;
    private final MovableClock movable = new MovableClock();
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            if (clockFails) {
                throw new ArithmeticException("a broken clock");
            }
            return movable.instant();
        }

        @Override
        public ZoneId getZone() {
            return movable.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return movable.withZone(zone);
        }
    };
    private final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, HOURLY.callDeadline(), HOURLY.callDeadline(), clock, System::nanoTime),
            HOURLY,
            clock,
            System::nanoTime);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void end() {
        goOn.countDown();
        watcher.close();
    }

    private void startAndAwaitFirstPoll() throws InterruptedException {
        CountDownLatch polled = new CountDownLatch(1);
        watcher.onSnapshot(snapshot -> polled.countDown());
        watcher.start();
        polled.await();
    }

    /** The next poll blocks in its read until goOn; returns once it has got there. */
    private void holdUpTheNextPoll(Runnable begin) throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        cluster.beforeReading = () -> {
            reading.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        begin.run();
        reading.await();
        cluster.beforeReading = () -> {};
    }

    private CompletableFuture<Snapshot> ask() {
        return CompletableFuture.supplyAsync(watcher::refresh, task -> new Thread(task).start());
    }

    private static void awaitThatItWaits(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void listenersRunOnThePollingThreadWhoeverAsks() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        watcher.onSnapshot(snapshot -> threads.add(Thread.currentThread().getName()));
        watcher.onEvent(event -> threads.add(Thread.currentThread().getName()));
        startAndAwaitFirstPoll();
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);

        Snapshot snapshot = watcher.refresh();

        assertThat(snapshot.polls()).isEqualTo(2);
        assertThat(snapshot.volumes()).anyMatch(volume -> volume.since() != null);
        assertThat(threads).containsExactly("csv-backup-watch");
    }

    @Test
    void aPollUnderWayDoesNotServeWhoAsksInItsMiddle() throws Exception {
        holdUpTheNextPoll(watcher::start);
        CompletableFuture<Snapshot> answer = new CompletableFuture<>();
        Thread caller = new Thread(() -> answer.complete(watcher.refresh()));
        caller.start();
        awaitThatItWaits(caller);
        goOn.countDown();

        assertThat(answer.get().polls()).isEqualTo(2);
    }

    @Test
    void anInterruptDoesNotEndTheWaitForAPollAndIsNotLost() throws Exception {
        holdUpTheNextPoll(watcher::start);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            Thread.currentThread().interrupt();
            long polls = watcher.refresh().polls();
            interrupted.complete(polls == 2 && Thread.currentThread().isInterrupted());
        });
        caller.start();
        awaitThatItWaits(caller);
        goOn.countDown();

        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void aPollThatFailsByADefectIsSaidToWhoAsked() throws Exception {
        startAndAwaitFirstPoll();
        clockFails = true;

        assertThatThrownBy(watcher::refresh)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The poll failed unexpectedly: java.lang.ArithmeticException: a broken clock.");

        clockFails = false;
        assertThat(watcher.refresh().pollError()).isNull();
    }

    @Test
    void whoWaitsOrAsksWhenTheAgentStopsIsToldSo() throws Exception {
        startAndAwaitFirstPoll();
        AtomicReference<CompletableFuture<Snapshot>> held = new AtomicReference<>();
        holdUpTheNextPoll(() -> held.set(ask()));

        watcher.close();

        assertThatThrownBy(() -> held.get().get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage(ENDED);
        assertThatThrownBy(watcher::refresh).hasMessage(ENDED);
    }

    @Test
    void anInterruptFromTheHostDoesNotEndThePolling() throws Exception {
        Thread thread = startAndFindThread();

        thread.interrupt();

        // One poll may fail because of it, but no other.
        assertThat(watcher.refresh().polls()).isGreaterThan(1);
        assertThat(watcher.refresh().pollError()).isNull();
        assertThat(thread.isAlive()).isTrue();
    }

    /** A host's stream may throw anything while the agent logs. */
    @Test
    void aPollThatFailsAndCannotBeLoggedDoesNotEndThePolling() throws Exception {
        Thread thread = startAndFindThread();
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int character) {
                throw new OutOfMemoryError("planted");
            }
        });
        try (LogLines lines = new LogLines(broken, SupervisedLoop.class.getName())) {
            clockFails = true;
            assertThatThrownBy(watcher::refresh).isInstanceOf(IllegalStateException.class);
            clockFails = false;

            assertThat(watcher.refresh().pollError()).isNull();
            assertThat(thread.isAlive()).isTrue();
            assertThat(lines.lines()).isEmpty();
        }
    }

    @Test
    void aListenersErrorIsCountedAndLoggedOnceAndKeepsNothingFromWhoAsks() throws Exception {
        startAndAwaitFirstPoll();
        AtomicBoolean fails = new AtomicBoolean(true);
        watcher.onSnapshot(snapshot -> {
            if (fails.get()) {
                throw new OutOfMemoryError("planted");
            }
        });
        try (LogLines lines = new LogLines(SupervisedLoop.class.getName())) {
            assertThat(watcher.refresh().polls()).isEqualTo(2);
            assertThat(watcher.refresh().polls()).isEqualTo(3);
            while (watcher.loop().failures() < 2) {
                Thread.onSpinWait();
            }
            assertThat(watcher.loop().isInTrouble()).isTrue();
            fails.set(false);
            assertThat(watcher.refresh().polls()).isEqualTo(4);
            while (watcher.loop().isInTrouble()) {
                Thread.onSpinWait();
            }

            assertThat(lines.lines())
                    .filteredOn(line -> line.contains(" ERROR "))
                    .hasSize(1);
            assertThat(lines.lines()).anyMatch(line -> line.contains("OutOfMemoryError: planted"));
        }
    }

    @Test
    void aListenerThatAsksGetsTheLastSnapshotAndTakesNoPollFromOthers() throws Exception {
        AtomicReference<Snapshot> got = new AtomicReference<>();
        watcher.onSnapshot(snapshot -> got.set(watcher.refresh()));
        startAndAwaitFirstPoll();

        Snapshot snapshot = watcher.refresh();

        assertThat(snapshot.polls()).isEqualTo(2);
        assertThat(got.get()).isSameAs(snapshot);
    }

    private Thread startAndFindThread() throws Exception {
        CompletableFuture<Thread> polling = new CompletableFuture<>();
        watcher.onSnapshot(snapshot -> polling.complete(Thread.currentThread()));
        watcher.start();
        return polling.get();
    }
}
