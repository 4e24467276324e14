package io.github.csvbackup.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A destination that may hang is worked on by one thread. */
@Timeout(60)
class QueueThreadTest {
    private static final String NAME = "csv-backup-queue-test";
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final CountDownLatch endCalled = new CountDownLatch(1);

    private final QueueThread<String> queue = new QueueThread<>(NAME, 10, String::length, new QueueThread.Work<>() {
        @Override
        public void handle(@Nullable String next) throws Exception {
            if ("hang".equals(next)) {
                entered.countDown();
                answers.await();
            }
            if ("bug".equals(next)) {
                throw new IllegalStateException("a bug");
            }
            if (next != null) {
                done.add(next);
            }
        }

        @Override
        public void end() {
            endCalled.countDown();
        }
    });

    @AfterEach
    void answer() {
        answers.countDown();
        queue.close(LONG);
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(NAME))
                .toList();
    }

    @Test
    void worksInOrderAndAtItsEndOnWhatWaits() {
        queue.start();
        IntStream.range(0, 5).forEach(i -> assertThat(queue.give("" + i)).isTrue());

        assertThat(queue.close(LONG)).isTrue();

        assertThat(done).containsExactly("0", "1", "2", "3", "4");
        assertThat(endCalled.getCount()).isZero();
        assertThat(threads()).isEmpty();
        assertThat(queue.give("later")).isFalse();
        assertThat(queue.close(LONG)).as("a second end is harmless").isTrue();
    }

    @Test
    void aFailureLeavesOutOneOnly() {
        queue.start();
        queue.give("a");
        queue.give("bug");
        queue.give("b");

        assertThat(queue.flush(LONG)).isTrue();

        assertThat(done).containsExactly("a", "b");
        assertThat(queue.loop().failures()).isEqualTo(1);
    }

    @Test
    void whileTheDestinationHangsNothingWaitsForItAndWhatWaitsIsBounded() throws Exception {
        queue.start();
        queue.give("hang");
        entered.await();

        assertThat(queue.give("12345")).isTrue();
        assertThat(queue.give("123456")).as("11 in all").isFalse();
        assertThat(queue.give("12345")).isTrue();
        assertThat(queue.give("x")).isFalse();
        assertThat(queue.waiting()).isEqualTo(2);
        assertThat(queue.flush(SHORT)).isFalse();
        assertThat(threads()).singleElement().matches(Thread::isDaemon);

        answers.countDown();
        assertThat(queue.flush(LONG)).isTrue();
        assertThat(done).containsExactly("hang", "12345", "12345");
        assertThat(queue.give("1234567890")).isTrue();
    }

    @Test
    void afterAnEndThatDidNotWaitTheThreadEndsWhenTheDestinationAnswers() throws Exception {
        queue.start();
        queue.give("hang");
        entered.await();
        queue.give("left out");

        assertThat(queue.close(SHORT)).isFalse();
        assertThat(queue.close(LONG)).as("a second end does not wait again").isFalse();
        Thread thread = threads().get(0);
        assertThat(endCalled.getCount()).isEqualTo(1);

        answers.countDown();
        thread.join();
        assertThat(endCalled.getCount()).isZero();
        assertThat(done).containsExactly("hang");
    }

    /** A host may interrupt the thread that stops the agent. */
    @Test
    void anInterruptLosesNothing() throws Exception {
        queue.start();
        queue.give("hang");
        queue.give("a");
        entered.await();
        Thread ends = DaemonThread.named("csv-backup-test-end", () -> {
            Thread.currentThread().interrupt();
            boolean ended = queue.close(LONG);
            done.add(ended + " " + Thread.currentThread().isInterrupted());
        });
        ends.start();
        while (queue.give("")) {
            // Without size, so that only a queue that is closing refuses it.
            Thread.onSpinWait();
        }

        answers.countDown();
        ends.join();

        assertThat(done).startsWith("hang", "a").endsWith("true true");
    }

    @Test
    void aThreadThatIsInterruptedGoesOn() {
        queue.start();
        queue.give("a");
        threads().forEach(Thread::interrupt);
        queue.give("b");

        assertThat(queue.flush(LONG)).isTrue();
        assertThat(done).containsExactly("a", "b");
    }
}
