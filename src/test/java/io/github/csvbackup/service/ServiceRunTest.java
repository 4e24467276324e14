package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServiceRunTest {
    private static final ServiceRun.Times SHORT = new ServiceRun.Times(
            Duration.ofMillis(2),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(4),
            // A record that does not hang ends in this time on a loaded machine, too.
            Duration.ofSeconds(1));
    /** For a start that ends by itself and a stop that does not. */
    private static final ServiceRun.Times SHORT_STOP = new ServiceRun.Times(
            SHORT.checkpoint(), Duration.ofMinutes(1), SHORT.stop(), SHORT.shutdown(), SHORT.record());
    /** For steps that end by themselves. */
    private static final ServiceRun.Times LONG = new ServiceRun.Times(
            Duration.ofMillis(2),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1));

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final List<ServiceReport> reports = new CopyOnWriteArrayList<>();
    private final List<String> said = new CopyOnWriteArrayList<>();

    private record Program(Callable<AutoCloseable> begin, List<String> said) implements ServiceRun.Work {
        @Override
        public AutoCloseable start() throws Exception {
            return begin.call();
        }

        @Override
        public int code(@Nullable Throwable failure) {
            return failure == null ? ServiceRun.START_TIMED_OUT : ServiceRun.WRONG_OPTIONS;
        }

        @Override
        public List<Runnable> records(@Nullable Throwable failure) {
            return List.of(() -> said.add("failed " + failure));
        }

        @Override
        public void started() {
            said.add("started");
        }

        @Override
        public void notStopped(@Nullable Throwable failure) {
            said.add("not stopped " + failure);
        }
    }

    @AfterEach
    void release() {
        hanging.countDown();
    }

    private ServiceRun run(ServiceRun.Times times, Callable<AutoCloseable> begin) {
        return new ServiceRun(new Program(begin, said), times);
    }

    private List<Integer> states() {
        return reports.stream().map(ServiceReport::state).distinct().toList();
    }

    private ServiceReport last() {
        return reports.get(reports.size() - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {ServiceRun.CONTROL_STOP, ServiceRun.CONTROL_SHUTDOWN, ServiceRun.CONTROL_PRESHUTDOWN})
    void startsRunsAndStops(int control) {
        ServiceRun run = run(LONG, () -> () -> said.add("closed"));
        assertThat(run.control(control)).isZero();

        run.main(reports::add);

        assertThat(states())
                .containsExactly(
                        ServiceState.START_PENDING,
                        ServiceState.RUNNING,
                        ServiceState.STOP_PENDING,
                        ServiceState.STOPPED);
        assertThat(last()).isEqualTo(ServiceReport.stopped(0));
        assertThat(said).containsExactly("started", "closed");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void acceptsControlsOnlyWhileItRuns() {
        ServiceRun run = run(LONG, () -> () -> {});
        run.control(ServiceRun.CONTROL_STOP);

        run.main(reports::add);

        assertThat(reports)
                .allSatisfy(report ->
                        assertThat(report.accepted()).isEqualTo(report.state() == ServiceState.RUNNING ? 0x105 : 0));
    }

    /** The service manager gives up on a service whose checkpoint does not grow within the hint. */
    @Test
    void aSlowStartReportsProgress() {
        CountDownLatch seen = new CountDownLatch(5);
        ServiceRun run = run(LONG, () -> {
            seen.await();
            return () -> {};
        });
        run.control(ServiceRun.CONTROL_STOP);

        run.main(report -> {
            reports.add(report);
            seen.countDown();
        });

        List<ServiceReport> pending = reports.stream()
                .filter(report -> report.state() == ServiceState.START_PENDING)
                .toList();
        assertThat(pending).hasSizeGreaterThanOrEqualTo(5);
        for (int i = 0; i < pending.size(); i++) {
            assertThat(pending.get(i).checkpoint()).isEqualTo(i + 1);
            assertThat(pending.get(i).waitHint()).isGreaterThan(LONG.checkpoint());
        }
    }

    @Test
    void aFailedStartIsAFailureForTheServiceManager() {
        ServiceRun run = run(LONG, () -> {
            throw new IOException("the port is in use");
        });

        run.main(reports::add);

        assertThat(states()).containsExactly(ServiceState.START_PENDING, ServiceState.STOPPED);
        assertThat(last().exitCode()).isEqualTo(1066);
        assertThat(last().specificCode()).isEqualTo(ServiceRun.WRONG_OPTIONS);
        assertThat(run.exitCode()).isEqualTo(ServiceRun.WRONG_OPTIONS);
        assertThat(said).containsExactly("failed java.io.IOException: the port is in use");
    }

    @Test
    void anErrorOfTheJvmIsAFailureToo() {
        ServiceRun run = run(LONG, () -> {
            throw new OutOfMemoryError("simulated");
        });

        run.main(reports::add);

        assertThat(last().exitCode()).isEqualTo(1066);
    }

    @Test
    void aStartThatHangsIsAFailure() {
        ServiceRun run = run(SHORT, () -> {
            hanging.await();
            return () -> {};
        });

        run.main(reports::add);

        assertThat(last()).isEqualTo(ServiceReport.stopped(ServiceRun.START_TIMED_OUT));
        assertThat(said).containsExactly("failed null");
    }

    @Test
    void anAgentThatComesUpAfterThatIsStoppedAtOnce() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        ServiceRun run = run(SHORT, () -> {
            hanging.await();
            return closed::countDown;
        });

        run.main(reports::add);
        hanging.countDown();

        assertThat(closed.await(1, TimeUnit.MINUTES)).isTrue();
    }

    /** Such as a disk that caused the failure. */
    @Test
    void aRecordOfTheFailureThatHangsOrFailsDoesNotStopTheOthers() {
        ServiceRun run = new ServiceRun(
                new ServiceRun.Work() {
                    @Override
                    public AutoCloseable start() throws IOException {
                        throw new IOException("the disk hangs");
                    }

                    @Override
                    public int code(@Nullable Throwable failure) {
                        return ServiceRun.START_FAILED;
                    }

                    @Override
                    public List<Runnable> records(@Nullable Throwable failure) {
                        return List.of(
                                () -> {
                                    try {
                                        hanging.await();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                },
                                () -> {
                                    throw new IllegalStateException("a bug");
                                },
                                () -> said.add("recorded"));
                    }

                    @Override
                    public void started() {
                        said.add("started");
                    }

                    @Override
                    public void notStopped(@Nullable Throwable failure) {
                        said.add("not stopped");
                    }
                },
                SHORT);

        run.main(reports::add);

        assertThat(said).containsExactly("recorded");
        assertThat(last()).isEqualTo(ServiceReport.stopped(ServiceRun.START_FAILED));
        assertThat(reports.stream()
                        .filter(report -> report.state() == ServiceState.START_PENDING)
                        .map(ServiceReport::checkpoint))
                .as("the service manager sees progress")
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void aStopThatHangsStillEndsTheService() {
        ServiceRun run = run(SHORT_STOP, () -> hanging::await);
        run.control(ServiceRun.CONTROL_STOP);

        run.main(reports::add);

        assertThat(last()).isEqualTo(ServiceReport.stopped(0));
        assertThat(said).containsExactly("started", "not stopped null");
        assertThat(reports.stream().filter(report -> report.state() == ServiceState.STOP_PENDING))
                .hasSize(10);
    }

    /** Windows waits for five seconds then, and would kill the service while it still writes. */
    @Test
    void theEndOfWindowsWaitsLess() {
        ServiceRun run = run(SHORT_STOP, () -> hanging::await);
        run.control(ServiceRun.CONTROL_SHUTDOWN);

        run.main(reports::add);

        assertThat(reports.stream().filter(report -> report.state() == ServiceState.STOP_PENDING))
                .hasSize(2);
        assertThat(ServiceRun.Times.USUAL.shutdown()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aStopThatFailsIsRecorded() {
        ServiceRun run = run(LONG, () -> () -> {
            throw new IOException("no");
        });
        run.control(ServiceRun.CONTROL_STOP);

        run.main(reports::add);

        assertThat(last()).isEqualTo(ServiceReport.stopped(0));
        assertThat(said).containsExactly("started", "not stopped java.io.IOException: no");
    }

    @Test
    void answersOtherControls() {
        ServiceRun run = run(LONG, () -> () -> {});

        assertThat(run.control(ServiceRun.CONTROL_INTERROGATE)).isZero();
        assertThat(run.control(2)).as("pause").isEqualTo(120);
    }

    /** Agent and its clears need up to about 15 seconds. */
    @Test
    void thePreshutdownTimeIsLongerThanTheStop() {
        assertThat(ServiceSettings.ofAgent("x", null).preshutdown()).isGreaterThan(ServiceRun.Times.USUAL.stop());
    }
}
