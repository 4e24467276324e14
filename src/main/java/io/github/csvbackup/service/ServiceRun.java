package io.github.csvbackup.service;

import io.github.csvbackup.threads.DaemonThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service in its process: reports each step to the service manager, with checkpoints, and never waits for the agent for longer than the service
 * manager waits. The agent starts and stops on threads of its own, since a native call may hang.
 */
public final class ServiceRun implements ServiceHost.Service {
    /** The agent's own codes for the service manager. */
    public static final int START_FAILED = 1;

    public static final int WRONG_OPTIONS = 2;
    public static final int START_TIMED_OUT = 3;

    static final int CONTROL_STOP = 1;
    static final int CONTROL_INTERROGATE = 4;
    static final int CONTROL_SHUTDOWN = 5;
    static final int CONTROL_PRESHUTDOWN = 15;
    private static final int NO_ERROR = 0;
    private static final int CALL_NOT_IMPLEMENTED = 120;

    private static final Logger LOG = LoggerFactory.getLogger(ServiceRun.class);

    private final Work work;
    private final Times times;
    private final CompletableFuture<Integer> stop = new CompletableFuture<>();
    private int checkpoint;
    private volatile int exitCode;
    /** Guarded by this object, like {@link #started}. */
    private boolean givenUp;

    private @Nullable AutoCloseable started;

    /** What the service does. */
    public interface Work {
        /** Starts it; the result stops it. */
        AutoCloseable start() throws Exception;

        /** The code for the service manager after a failed start. Null: the start took too long. */
        int code(@Nullable Throwable failure);

        /** What records a failed start. A disk may hang, so each has a thread of its own, and the next one does not wait for long. */
        List<Runnable> records(@Nullable Throwable failure);

        /** It runs, and the service manager knows. */
        void started();

        /** Records that stopping took too long, or failed. */
        void notStopped(@Nullable Throwable failure);
    }

    /**
     * How long to wait.
     *
     * @param checkpoint from one report to the next
     * @param start for the start
     * @param stop for a stop, also before Windows shuts down
     * @param shutdown for the end of Windows, which waits only five seconds then
     * @param record for each record of a failed start
     */
    public record Times(Duration checkpoint, Duration start, Duration stop, Duration shutdown, Duration record) {
        public static final Times USUAL = new Times(
                Duration.ofSeconds(1),
                Duration.ofSeconds(90),
                Duration.ofSeconds(30),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5));

        /** The report must come within this time. */
        Duration hint() {
            return checkpoint.multipliedBy(10);
        }
    }

    public ServiceRun(Work work, Times times) {
        this.work = work;
        this.times = times;
    }

    @Override
    public void main(Consumer<ServiceReport> reports) {
        int code = START_FAILED;
        try {
            code = runTo(reports);
        } finally {
            exitCode = code;
            reports.accept(ServiceReport.stopped(code));
        }
    }

    private int runTo(Consumer<ServiceReport> reports) {
        try {
            AutoCloseable agent = startInTime(reports);
            return agent == null ? failed(null, reports) : runAndStop(agent, reports);
        } catch (ExecutionException e) {
            return failed(e.getCause(), reports);
        }
    }

    /** Null if the start takes too long. */
    private @Nullable AutoCloseable startInTime(Consumer<ServiceReport> reports) throws ExecutionException {
        try {
            return await("csv-backup-service-start", this::start, ServiceState.START_PENDING, times.start(), reports);
        } catch (TimeoutException e) {
            return giveUp();
        }
    }

    private int runAndStop(AutoCloseable agent, Consumer<ServiceReport> reports) {
        reports.accept(ServiceReport.running());
        work.started();
        int control = stop.join();
        Duration patience = control == CONTROL_SHUTDOWN ? times.shutdown() : times.stop();
        try {
            await(
                    "csv-backup-service-stop",
                    () -> {
                        agent.close();
                        return agent;
                    },
                    ServiceState.STOP_PENDING,
                    patience,
                    reports);
        } catch (TimeoutException e) {
            work.notStopped(null);
        } catch (ExecutionException e) {
            work.notStopped(e.getCause());
        }
        return 0;
    }

    /** An agent that comes up after the service has reported a failure must not serve, nor clear anything. */
    private AutoCloseable start() throws Exception {
        AutoCloseable agent = work.start();
        if (isGivenUp(agent)) {
            agent.close();
        }
        return agent;
    }

    private synchronized boolean isGivenUp(AutoCloseable agent) {
        started = agent;
        return givenUp;
    }

    /** The agent, if it started in the very last moment. */
    private synchronized @Nullable AutoCloseable giveUp() {
        givenUp = true;
        return started;
    }

    private int failed(@Nullable Throwable cause, Consumer<ServiceReport> reports) {
        for (Runnable step : work.records(cause)) {
            try {
                await(
                        "csv-backup-service-record",
                        asCallable(step),
                        ServiceState.START_PENDING,
                        times.record(),
                        reports);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("A failed start is not recorded everywhere", e);
            }
        }
        return work.code(cause);
    }

    private static Callable<Runnable> asCallable(Runnable step) {
        return () -> {
            step.run();
            return step;
        };
    }

    /** Runs the step on its own thread, and reports a checkpoint again and again until it is done. */
    private <T> T await(
            String thread, Callable<T> step, int pending, Duration patience, Consumer<ServiceReport> reports)
            throws TimeoutException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(step);
        DaemonThread.named(thread, task).start();
        long checkpoints = Math.max(1, patience.dividedBy(times.checkpoint()));
        for (int waited = 1; ; waited++) {
            // Grows from step to step: the service manager takes a number that it knows for no progress.
            reports.accept(ServiceReport.pending(pending, ++checkpoint, times.hint()));
            try {
                return task.get(times.checkpoint().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (waited >= checkpoints) {
                    throw e;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("the service's thread was interrupted", e);
            }
        }
    }

    @Override
    public int control(int control) {
        switch (control) {
            case CONTROL_STOP, CONTROL_SHUTDOWN, CONTROL_PRESHUTDOWN -> {
                stop.complete(control);
                return NO_ERROR;
            }
            case CONTROL_INTERROGATE -> {
                return NO_ERROR;
            }
            default -> {
                return CALL_NOT_IMPLEMENTED;
            }
        }
    }

    /** The exit code of the process: 0, or the code of the failure. */
    public int exitCode() {
        return exitCode;
    }
}
