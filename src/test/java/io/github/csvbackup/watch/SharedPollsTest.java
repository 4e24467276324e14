package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load on the cluster from callers that ask for polls. These tests do not wait for the interval of an hour. */
@Timeout(60)
class SharedPollsTest {
    private static final WatchSettings HOURLY = new WatchSettings(
            Duration.ofHours(1), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofMinutes(1));

    private final AtomicLong nanos = new AtomicLong();
    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, HOURLY.callDeadline(), HOURLY.callDeadline(), clock, clock::nanoTime),
            HOURLY,
            clock,
            clock::nanoTime);
    private final SharedPolls polls = new SharedPolls(watcher, HOURLY, nanos::get);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void end() {
        goOn.countDown();
        watcher.close();
    }

    private void start() throws InterruptedException {
        CountDownLatch polled = new CountDownLatch(1);
        watcher.onSnapshot(snapshot -> polled.countDown());
        watcher.start();
        polled.await();
    }

    /** From now on the cluster does not answer until goOn. */
    private CountDownLatch hang() {
        CountDownLatch reading = new CountDownLatch(1);
        cluster.beforeReading = () -> {
            reading.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        return reading;
    }

    private static <T> CompletableFuture<T> on(List<Thread> threads, Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            thread.start();
        });
    }

    @Test
    void onePollBeginsInAnIntervalHoweverOftenAnybodyAsks() throws Exception {
        start();
        for (int i = 0; i < 1_000; i++) {
            assertThat(polls.refresh().polls()).isEqualTo(2);
        }

        nanos.addAndGet(HOURLY.pollInterval().toNanos());
        assertThat(polls.refresh().polls()).isEqualTo(3);
        assertThat(polls.refresh().polls()).isEqualTo(3);
    }

    /** Six anonymous loops made the server answer the operator with 429, eight times out of eight. */
    @Test
    void whileTheClusterHangsOneOfThoseWhoAskWaitsAndNoMore() throws Exception {
        start();
        CountDownLatch reading = hang();
        CompletableFuture<Snapshot> first = on(new ArrayList<>(), polls::refresh);
        reading.await();

        for (int i = 0; i < 6; i++) {
            nanos.addAndGet(HOURLY.pollInterval().toNanos());
            assertThat(polls.refresh().polls()).as("the last poll, at once").isEqualTo(1);
        }
        assertThat(first).isNotDone();

        goOn.countDown();
        assertThat(first.get().polls()).isEqualTo(2);
    }

    /** Its state would not tell: a thread that waits for the lock has not asked yet. */
    private static boolean waitsForAPoll(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitUninterruptibly"));
    }

    @Test
    void allWhoAskDuringAPollShareTheNext() throws Exception {
        start();
        CountDownLatch reading = hang();
        List<Thread> threads = new ArrayList<>();
        CompletableFuture<Snapshot> first = on(threads, watcher::refresh);
        reading.await();
        List<CompletableFuture<Snapshot>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(on(threads, watcher::refresh));
        }
        for (Thread thread : threads) {
            while (!waitsForAPoll(thread)) {
                Thread.onSpinWait();
            }
        }

        goOn.countDown();

        first.get();
        for (CompletableFuture<Snapshot> each : others) {
            assertThat(each.get().polls()).isEqualTo(3);
        }
        assertThat(watcher.snapshot().polls()).isEqualTo(3);
    }
}
