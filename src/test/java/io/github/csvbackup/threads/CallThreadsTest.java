package io.github.csvbackup.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each call runs once, at once, and on a thread that no other call has. */
@Timeout(60)
class CallThreadsTest {
    private static final int CALLS = 2_000;
    private static final int AT_ONCE = 8;

    @AfterEach
    void keep() {
        CallThreads.keep();
    }

    @Test
    void callsThatHangHaveThreadsOfTheirOwn() throws Exception {
        CountDownLatch begun = new CountDownLatch(AT_ONCE);
        CountDownLatch release = new CountDownLatch(1);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch ended = new CountDownLatch(AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            CallThreads.run(() -> {
                threads.add(Thread.currentThread());
                begun.countDown();
                awaitQuietly(release);
                ended.countDown();
            });
        }
        begun.await();

        assertThat(threads).hasSize(AT_ONCE).allMatch(Thread::isDaemon);
        assertThat(threads).extracting(Thread::getName).allMatch(name -> name.matches("csv-backup-call-\\d+"));
        release.countDown();
        ended.await();
    }

    @Test
    void aCallThatThrowsEndsOnlyItsThread() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch named = new CountDownLatch(1);
        CallThreads.run(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((self, thrown) -> seen.set(thrown));
            thread.set(Thread.currentThread());
            named.countDown();
            throw new IllegalStateException("planted");
        });
        named.await();
        thread.get().join();

        assertThat(seen.get()).isInstanceOf(IllegalStateException.class).hasMessage("planted");
        CountDownLatch next = new CountDownLatch(1);
        CallThreads.run(next::countDown);
        next.await();
    }

    /** Also while an agent ends and another starts. */
    @Test
    void noneOfManyCallsIsLostOrRunTwice() throws Exception {
        List<AtomicInteger> runs = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            runs.add(new AtomicInteger());
        }
        CountDownLatch left = new CountDownLatch(CALLS);
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < AT_ONCE; caller++) {
            int first = caller;
            Thread thread = new Thread(() -> {
                for (int i = first; i < CALLS; i += AT_ONCE) {
                    int call = i;
                    CallThreads.run(() -> {
                        runs.get(call).incrementAndGet();
                        left.countDown();
                    });
                    if (i % 5 == 0) {
                        CallThreads.endIdle();
                    } else {
                        CallThreads.keep();
                    }
                }
            });
            thread.start();
            callers.add(thread);
        }
        for (Thread thread : callers) {
            thread.join();
        }
        left.await();

        assertThat(runs).allMatch(count -> count.get() == 1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
