package io.github.csvbackup.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.threads.CallThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hung calls do not pile up and do not block their caller. */
@Timeout(30)
class BoundedCallsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private final BoundedCalls calls = new BoundedCalls(1);

    @Test
    void bringsTheAnswerFromADaemonThread() throws Exception {
        Thread thread = calls.call("asking", LONG, Thread::currentThread);
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).startsWith("csv-backup-call-");
    }

    @Test
    void aFailureOfTheClusterArrivesAsItIs() {
        ClusterException failure = ClusterException.win32("OpenClusterEx", 5);
        assertThatThrownBy(() -> calls.call("asking", LONG, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void anythingElseBecomesASentence() {
        assertThatThrownBy(() -> calls.call("asking", LONG, () -> {
                    throw new IllegalStateException("boom");
                }))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("asking failed: ")
                .hasMessageContaining("boom");
        assertThatThrownBy(() -> calls.call("asking", LONG, () -> {
                    throw new UnsatisfiedLinkError("no clusapi");
                }))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("no clusapi");
    }

    @Test
    void aCallThatHangsIsLeftAloneAndCountsUntilItEnds() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        BoundedCalls.Pending<String> hung = calls.start("asking NODE2", () -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return "late";
        });
        begun.await();
        assertThatThrownBy(() -> hung.await(Duration.ofMillis(20)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("asking NODE2 did not return within 20 ms");
        assertThatThrownBy(() -> calls.call("asking NODE3", LONG, () -> "never"))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("asking NODE3 was not started")
                .hasMessageContaining("(asking NODE2)");
        release.countDown();
        assertThat(hung.await(LONG)).isEqualTo("late");
        assertThat(interrupted).isFalse();
        assertThat(eventually("asking NODE3")).isEqualTo("again");
    }

    @Test
    void aCallThatHangsNamesTheNativeFunctionThatItIsIn() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BoundedCalls.Pending<String> hung = calls.start("reading the cluster", () -> {
            ActiveNativeCalls.about("NODE2");
            ActiveNativeCalls.begin("GetClusterNodeState");
            inside.countDown();
            release.await();
            ActiveNativeCalls.end();
            return "late";
        });
        inside.await();

        assertThatThrownBy(() -> hung.await(Duration.ofMillis(20)))
                .hasMessage("reading the cluster did not return within 20 ms: it is in GetClusterNodeState on NODE2");
        assertThatThrownBy(() -> calls.call("asking NODE3", LONG, () -> "never"))
                .hasMessageContaining("(reading the cluster, in GetClusterNodeState on NODE2)");

        release.countDown();
        assertThat(hung.await(LONG)).isEqualTo("late");
        assertThat(ActiveNativeCalls.site(Thread.currentThread())).isNull();
    }

    @Test
    void oneThatFindsNoPlaceWaitsForItWithinItsDeadline() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BoundedCalls.Pending<String> first = calls.start("first", () -> {
            begun.countDown();
            release.await();
            return "first";
        });
        begun.await();
        BoundedCalls.Pending<String> second = calls.start("second", () -> "second");
        assertThatThrownBy(() -> calls.call("third", Duration.ofMillis(20), () -> "never"))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.wasStarted()).isFalse())
                .hasMessageContaining("third was not started");
        release.countDown();

        assertThat(first.await(LONG)).isEqualTo("first");
        assertThat(second.await(LONG)).isEqualTo("second");
    }

    @Test
    void tellsWhenACallThatWasGivenUpHasEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        BoundedCalls.Pending<String> hung = calls.start("asking", () -> {
            begun.countDown();
            release.await();
            return "late";
        });
        begun.await();
        assertThatThrownBy(() -> hung.await(Duration.ofMillis(20))).isInstanceOf(CallTimeoutException.class);
        int underWay = ActiveNativeCalls.count();
        hung.whenEnded(ended::countDown);
        assertThat(ended.getCount()).isEqualTo(1);
        release.countDown();
        ended.await();

        assertThat(hung.ended()).isEqualTo("late");
        assertThat(ActiveNativeCalls.count()).isEqualTo(underWay - 1);
    }

    /** The place is free a moment after the answer. */
    private String eventually(String what) throws CallTimeoutException {
        while (true) {
            try {
                return calls.call(what, LONG, () -> "again");
            } catch (ClusterException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void theNextCallMayFollowTheAnswerAtOnce() throws Exception {
        BoundedCalls one = new BoundedCalls(1);
        for (int i = 0; i < 2_000; i++) {
            assertThat(one.call("calling", Duration.ofSeconds(20), () -> 7)).isEqualTo(7);
        }
    }

    /** The host may find and interrupt the thread of a call. */
    @Test
    void anInterruptOfTheHostMeansOnlyTheCallThatItMeets() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BoundedCalls.Pending<Thread> first = calls.start("first", () -> {
            begun.countDown();
            release.await();
            Thread.currentThread().interrupt();
            return Thread.currentThread();
        });
        begun.await();
        AtomicReference<Thread> thread = new AtomicReference<>();
        BoundedCalls.Pending<Boolean> second = calls.start("second", () -> {
            thread.set(Thread.currentThread());
            return Thread.currentThread().isInterrupted();
        });
        release.countDown();

        assertThat(second.await(LONG)).isFalse();
        assertThat(first.await(LONG)).isSameAs(thread.get());
    }

    /** A poll makes several calls in a row. */
    @Test
    void callsInARowShareAThreadThatTheHostMayInterruptBetweenThem() throws Exception {
        // The end of an agent in another test has ended that.
        CallThreads.keep();
        Thread first;
        do {
            first = calls.call("first", LONG, Thread::currentThread);
        } while (!interruptedWhileItWaits(first) || first != calls.call("second", LONG, Thread::currentThread));
        assertThat(calls.call("third", LONG, () -> "answer")).isEqualTo("answer");
    }

    /** False if it ended before: it waits only for a moment, and the machine may be slow. */
    private static boolean interruptedWhileItWaits(Thread thread) {
        while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        while (thread.isAlive() && thread.isInterrupted()) {
            Thread.onSpinWait();
        }
        return thread.isAlive();
    }

    @Test
    void aThreadThatWaitsForAFurtherCallEndsWhenNoneShallWait() throws Exception {
        Thread idle = calls.call("first", LONG, Thread::currentThread);
        CallThreads.endIdle();
        try {
            idle.join();
            Thread next = calls.call("second", LONG, Thread::currentThread);
            next.join();
        } finally {
            CallThreads.keep();
        }
    }

    @Test
    void whatRunsAtTheEndOfACallDoesNotDelayTheNext() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> written = new CompletableFuture<>();
        BoundedCalls.Pending<String> first = calls.start("first", () -> {
            begun.countDown();
            release.await();
            return "first";
        });
        begun.await();
        first.whenEnded(written::join);
        BoundedCalls.Pending<String> second = calls.start("second", () -> "second");
        release.countDown();

        assertThat(second.await(LONG)).isEqualTo("second");
        written.complete(null);
    }

    @Test
    void withoutAnotherThreadTheNextCallHasTheSame() throws Exception {
        List<Runnable> threads = new ArrayList<>();
        BoundedCalls one = new BoundedCalls(1, false, task -> {
            if (!threads.isEmpty()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.add(task);
        });
        BoundedCalls.Pending<String> first = one.start("first", () -> "first");
        first.whenEnded(() -> {});
        BoundedCalls.Pending<String> second = one.start("second", () -> "second");
        threads.get(0).run();

        assertThat(first.ended()).isEqualTo("first");
        assertThat(second.ended()).isEqualTo("second");
    }

    @Test
    void oneThatIsGivenUpBeforeItsThreadRunsNeverBegins() throws Exception {
        AtomicReference<Runnable> thread = new AtomicReference<>();
        BoundedCalls slow = new BoundedCalls(1, false, thread::set);
        AtomicBoolean made = new AtomicBoolean();

        assertThatThrownBy(() -> slow.call("asking", Duration.ZERO, () -> {
                    made.set(true);
                    return "never";
                }))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.wasStarted()).isFalse());
        thread.get().run();

        assertThat(made).isFalse();
        BoundedCalls.Pending<String> next = slow.start("asking again", () -> "answer");
        thread.get().run();
        assertThat(next.ended()).isEqualTo("answer");
    }

    @Test
    void withoutAThreadNothingWaitsAndThePlaceIsNotLost() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        BoundedCalls some = new BoundedCalls(1, false, task -> {
            if (full.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        });

        assertThatThrownBy(() -> some.call("asking", LONG, () -> "never"))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.wasStarted()).isFalse())
                .hasMessageContaining("asking was not started: unable to create native thread");
        full.set(false);
        assertThat(some.call("asking", LONG, () -> "answer")).isEqualTo("answer");
    }
}
