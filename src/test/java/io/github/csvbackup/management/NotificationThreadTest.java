package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.log.LogLines;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Listeners that block or fail. */
class NotificationThreadTest {
    private static final String NAME = "csv-backup-notify";

    private final NotificationThread thread = new NotificationThread();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private void block() {
        entered.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
        }
    }

    @Test
    void anErrorOfOneListenerKeepsNothingFromTheNext() throws Exception {
        CountDownLatch delivered = new CountDownLatch(1);

        thread.execute(() -> {
            throw new NoClassDefFoundError("of the host");
        });
        thread.execute(delivered::countDown);

        assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
        thread.close();
    }

    @Test
    void listenersThatFailInARowAreLoggedOnceAndDoNotCountAsFailuresOfTheAgent() throws Exception {
        try (LogLines lines = new LogLines(NotificationThread.class.getName())) {
            CountDownLatch delivered = new CountDownLatch(3);
            for (int i = 0; i < 3; i++) {
                thread.execute(() -> {
                    delivered.countDown();
                    throw new OutOfMemoryError("planted");
                });
            }
            assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
            thread.close();

            assertThat(lines.lines())
                    .filteredOn(line -> line.contains(" ERROR "))
                    .hasSize(1);
            assertThat(thread.loop().failures()).isZero();
        }
    }

    /** A host's stream may throw anything while the agent logs. */
    @Test
    void anErrorWhileAFailureIsLoggedKeepsNothingFromTheNext() throws Exception {
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int character) {
                throw new OutOfMemoryError("planted");
            }
        });
        try (LogLines lines = new LogLines(broken, NotificationThread.class.getName())) {
            assertThat(lines.lines()).isEmpty();
            thread.execute(() -> {
                throw new NoClassDefFoundError("of the host");
            });
            CountDownLatch delivered = new CountDownLatch(1);
            thread.execute(delivered::countDown);

            assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(thread.loop().failures()).isEqualTo(1);
            assertThat(thread.loop().restarts()).isZero();
        }
        thread.close();
    }

    @Test
    void whatDoesNotFitBehindAListenerThatBlocksIsDropped() throws Exception {
        AtomicInteger delivered = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(NotificationThread.LONGEST_QUEUE);
        thread.execute(() -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < NotificationThread.LONGEST_QUEUE + 5; i++) {
            thread.execute(() -> {
                delivered.incrementAndGet();
                last.countDown();
            });
        }
        release.countDown();

        assertThat(last.await(30, TimeUnit.SECONDS)).isTrue();
        thread.close();
        assertThat(delivered).hasValue(NotificationThread.LONGEST_QUEUE);
    }

    @Test
    void closingFreesAListenerThatBlocksAndLeavesNoThread() throws Exception {
        thread.execute(this::block);
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

        thread.close();
        thread.execute(() -> {
            throw new IllegalStateException("nothing runs after the end");
        });

        assertThat(interrupted.getCount()).isZero();
        // The loop ends a moment before its thread.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(any -> any.getName().equals(NAME))) {
            assertThat(System.nanoTime()).as("the thread ends").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
