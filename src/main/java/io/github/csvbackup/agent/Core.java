package io.github.csvbackup.agent;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearPorts;
import io.github.csvbackup.clear.ClearSettings;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Watch, guard and clear, put together over one cluster. Polls once it is told to start. */
final class Core implements AutoCloseable {
    /** One call to the cluster or a node; longer than a healthy cluster ever needs, shorter than an operator's patience. */
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    /** A list of shadow copies: a child process, WMI and the start of the VSS service take their time on a busy node. */
    static final Duration SHADOW_COPY_DEADLINE = Duration.ofSeconds(30);

    /** A moment longer, for the end of the child process. */
    private static final Duration SHADOW_COPY_PATIENCE = SHADOW_COPY_DEADLINE.plusSeconds(5);

    final WatchSettings settings;
    final Watcher watcher;
    final Guard guard;
    final Clearing clearing;

    private final ScheduledExecutorService afterClear;
    private volatile Runnable keep = () -> {};
    private final List<Consumer<ClearEvent>> listeners = new CopyOnWriteArrayList<>();

    @SuppressWarnings("FutureReturnValueIgnored") // lookAfter() says itself what goes wrong
    Core(Cluster cluster, Audit audit, Options options, Clock clock) {
        settings = new WatchSettings(options.pollInterval(), options.staleAfter(), options.quietTime(), CALL_DEADLINE);
        NodeEvidence evidence = new NodeEvidence(cluster, settings.serviceDeadline(), SHADOW_COPY_PATIENCE, clock);
        watcher = new Watcher(cluster, evidence, settings, clock);
        guard = new Guard(settings);
        afterClear = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "csv-backup-after-clear");
            thread.setDaemon(true);
            return thread;
        });
        clearing = new Clearing(
                new ClearPorts(
                        cluster,
                        watcher,
                        evidence,
                        guard,
                        audit,
                        clock,
                        duration -> Thread.sleep(duration.toMillis()),
                        () -> keep.run(),
                        event -> listeners.forEach(listener -> listener.accept(event))),
                new ClearSettings(options.allowForce(), options.clearDeadline(), CALL_DEADLINE, options.quietTime()));
        watcher.onEvent(WatchLog::accept);
        watcher.onSnapshot(snapshot -> clearing.polled());
        afterClear.scheduleWithFixedDelay(clearing::lookAfter, 1, 1, TimeUnit.SECONDS);
        cluster.onChange(watcher::wake);
    }

    /** Adds a listener for what clears bring about: it must not block. */
    void onClearEvent(Consumer<ClearEvent> listener) {
        listeners.add(listener);
    }

    /** Sets what writes down, at once, what is to be known after a restart. */
    void keepWith(Runnable writing) {
        keep = writing;
    }

    @Override
    public void close() {
        watcher.close();
        afterClear.shutdownNow();
    }
}
