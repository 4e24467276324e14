package io.github.csvbackup.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        BoundedCalls.Pending<String> hung = calls.start("asking NODE2", () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return "late";
        });
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
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        BoundedCalls.Pending<String> hung = calls.start("asking", () -> {
            release.await();
            return "late";
        });
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
    void anInterruptOfTheHostDoesNotTakeAnAnswerFromWhoWaitsForItsEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BoundedCalls.Pending<String> first = calls.start("first", () -> {
            begun.countDown();
            release.await();
            return "first";
        });
        begun.await();
        BoundedCalls.Pending<String> second = calls.start("second", () -> "second");
        CountDownLatch ended = new CountDownLatch(1);
        second.whenEnded(ended::countDown);
        Thread waiting = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("csv-backup-call-2"))
                .filter(thread -> thread.getState() == Thread.State.WAITING)
                .findAny()
                .orElseThrow();

        waiting.interrupt();
        while (waiting.isInterrupted()) {
            Thread.onSpinWait();
        }
        release.countDown();

        assertThat(first.await(LONG)).isEqualTo("first");
        assertThat(second.await(LONG)).isEqualTo("second");
        ended.await();
    }
}
