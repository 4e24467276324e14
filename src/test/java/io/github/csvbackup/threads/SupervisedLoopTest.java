package io.github.csvbackup.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.log.LogLines;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The test controls how often the loop works, and what it throws. */
@Timeout(60)
class SupervisedLoopTest {
    private static final String NAME = "csv-backup-test";

    private final Throwable nothing = new Throwable("nothing");
    private final BlockingQueue<Throwable> toThrow = new LinkedBlockingQueue<>();
    private final AtomicInteger rounds = new AtomicInteger();
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();
    private final SupervisedLoop loop = new SupervisedLoop(NAME, this::work, this::pause);
    private final Supervisor supervisor = new Supervisor();

    private void work() throws Exception {
        thread.complete(Thread.currentThread());
        try {
            throwNext(toThrow);
        } finally {
            rounds.incrementAndGet();
        }
    }

    private void pause() {}

    private static void throwNext(BlockingQueue<Throwable> queue) throws Exception {
        Throwable next = queue.take();
        if (next instanceof Error error) {
            throw error;
        }
        if (next instanceof Exception exception) {
            throw exception;
        }
    }

    @AfterEach
    void end() {
        supervisor.close();
        loop.close();
        loop.interrupt();
        assertThat(loop.endsWithin(Duration.ofSeconds(30))).isTrue();
    }

    private void letRound(Throwable outcome) {
        int before = rounds.get();
        toThrow.add(outcome);
        await(() -> rounds.get() > before);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
            Thread.onSpinWait();
        }
    }

    static List<Throwable> failures() {
        return List.of(
                new OutOfMemoryError("planted"),
                new StackOverflowError("planted"),
                new NoClassDefFoundError("planted"),
                new IllegalStateException("planted"),
                new java.io.IOException("planted"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void survivesWhateverItsWorkThrowsAndLogsItOnce(Throwable failure) throws Exception {
        try (LogLines lines = new LogLines(SupervisedLoop.class.getName())) {
            loop.start();
            letRound(failure);
            letRound(failure);
            letRound(failure);
            assertThat(loop.isInTrouble()).isTrue();
            letRound(nothing);
            await(() -> !loop.isInTrouble());
            letRound(nothing);

            assertThat(loop.failures()).isEqualTo(3);
            assertThat(loop.restarts()).isZero();
            assertThat(thread.get().isAlive()).isTrue();
            assertThat(lines.lines())
                    .filteredOn(line -> line.contains(" ERROR "))
                    .hasSize(1);
            assertThat(lines.lines())
                    .anyMatch(line -> line.endsWith("The thread " + NAME
                            + " failed unexpectedly; it continues (failures so far: 1). Please report this bug"))
                    .anyMatch(line -> line.contains(failure.toString()))
                    .last()
                    .asString()
                    .endsWith("The thread " + NAME + " works again");
        }
    }

    @Test
    void survivesAPauseThatFails() throws Exception {
        try (LogLines lines = new LogLines(SupervisedLoop.class.getName())) {
            SupervisedLoop[] own = new SupervisedLoop[1];
            own[0] = new SupervisedLoop(
                    NAME,
                    () -> {
                        if (rounds.incrementAndGet() == 3) {
                            own[0].close();
                        }
                    },
                    () -> {
                        throw new OutOfMemoryError("planted");
                    });
            own[0].start();

            await(() -> rounds.get() == 3 && own[0].endsWithin(Duration.ofSeconds(30)));

            assertThat(own[0].failures()).isGreaterThanOrEqualTo(2);
            assertThat(lines.lines())
                    .filteredOn(line -> line.contains(" ERROR "))
                    .hasSize(1);
        }
    }

    @Test
    void interruptsOfTheHostEndNothingAndAreLoggedOnce() throws Exception {
        try (LogLines lines = new LogLines(SupervisedLoop.class.getName())) {
            loop.start();
            Thread own = thread.get();
            for (int i = 0; i < 3; i++) {
                own.interrupt();
                await(() -> !own.isInterrupted());
                letRound(nothing);
            }

            assertThat(own.isAlive()).isTrue();
            assertThat(loop.isInTrouble()).isFalse();
            assertThat(loop.failures()).isZero();
            assertThat(lines.lines())
                    .singleElement()
                    .asString()
                    .endsWith("Something interrupted the thread " + NAME
                            + ", but not the agent; it continues. Further interrupts are not logged");
        }
    }

    /** The output stream of a host may throw anything while the agent logs. */
    @Test
    void aFailureThatCannotBeLoggedIsLoggedLater() throws Exception {
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int character) {
                throw new OutOfMemoryError("planted in the log");
            }
        });
        try (LogLines unreadable = new LogLines(broken, SupervisedLoop.class.getName())) {
            assertThat(unreadable.lines()).isEmpty();
            loop.start();
            letRound(new StackOverflowError("planted"));
            // The work, the line after it and the line after the pause; then the loop waits for the next round. Before
            // that it might log outside the captured log.
            await(() -> loop.failures() == 3);
        }
        try (LogLines lines = new LogLines(SupervisedLoop.class.getName())) {
            letRound(nothing);
            await(() -> lines.lines().stream()
                    .anyMatch(line -> line.contains("The thread " + NAME + " failed unexpectedly")));
        }
        assertThat(thread.get().isAlive()).isTrue();
    }

    @Test
    void aThreadThatDiedIsInTroubleAndStartedAgainAndCounted() throws Exception {
        // The first thread ends at once, like one with an error outside the try block.
        AtomicInteger asked = new AtomicInteger();
        SupervisedLoop dying = new SupervisedLoop(
                NAME,
                this::work,
                this::pause,
                task -> DaemonThread.named(NAME, asked.incrementAndGet() == 1 ? () -> {} : task));
        try (LogLines lines = new LogLines(Supervisor.class.getName(), SupervisedLoop.class.getName())) {
            supervisor.add(dying);
            dying.start();
            await(dying::isDead);
            assertThat(supervisor.trouble())
                    .contains("These threads of the agent fail or died: " + NAME
                            + ". The agent tries again. Check its log and the memory of this JVM.");

            supervisor.start();
            Thread again = thread.get();
            assertThat(supervisor.trouble()).as("until its work succeeds").isPresent();
            letRound(nothing);
            await(() -> supervisor.trouble().isEmpty());

            assertThat(again.isAlive()).isTrue();
            // The new thread may work before the supervisor has counted and logged it.
            await(() -> lines.lines().stream()
                    .anyMatch(line ->
                            line.endsWith("The thread " + NAME + " died and was restarted. Please report this bug")));
            assertThat(dying.restarts()).isEqualTo(1);
        } finally {
            dying.close();
            dying.interrupt();
            assertThat(dying.endsWithin(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void aThreadThatCannotBeStartedAgainIsTriedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        SupervisedLoop dying = new SupervisedLoop(NAME, this::work, this::pause, task -> {
            if (asked.incrementAndGet() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return DaemonThread.named(NAME, asked.get() == 1 ? () -> {} : task);
        });
        try (LogLines lines = new LogLines(SupervisedLoop.class.getName(), Supervisor.class.getName())) {
            supervisor.add(dying);
            dying.start();
            await(dying::isDead);
            supervisor.start();

            assertThat(thread.get().isAlive()).isTrue();

            // The new thread may run before the supervisor has counted it.
            await(() -> dying.restarts() == 1);
            assertThat(lines.lines())
                    .anyMatch(line -> line.contains("The thread csv-backup-supervisor failed unexpectedly"));
        } finally {
            dying.close();
            dying.interrupt();
            assertThat(dying.endsWithin(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void aSupervisorThatDiedIsStartedAgainByALoop() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Supervisor dying = new Supervisor(
                task -> DaemonThread.named("csv-backup-supervisor", asked.incrementAndGet() == 1 ? () -> {} : task));
        try (dying) {
            dying.add(loop);
            dying.start();
            await(() -> dying.trouble().isPresent());
            loop.start();
            letRound(nothing);

            await(() -> dying.trouble().isEmpty());
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void aLoopThatWasClosedIsNotStartedAgain() {
        loop.start();
        loop.close();
        loop.interrupt();
        assertThat(loop.endsWithin(Duration.ofSeconds(30))).isTrue();

        assertThat(loop.restartIfDead()).isFalse();
        assertThat(loop.isInTrouble()).isFalse();
    }

    @Test
    void aFixedPauseEndsWithTheLoop() throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        SupervisedLoop hourly = SupervisedLoop.every(NAME, Duration.ofHours(1), worked::countDown);
        hourly.start();
        worked.await();

        hourly.close();

        assertThat(hourly.endsWithin(Duration.ofSeconds(30))).isTrue();
    }
}
