package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.clear.ClearContext;
import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearSettings;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.threads.SupervisedLoop;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Watch, guard and clear, put together over one cluster. Polls once it is told to start. */
final class Pipeline implements AutoCloseable {
    /** One call to the cluster or a node; longer than a healthy cluster ever needs, shorter than an operator's patience. */
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    /** A list of shadow copies: a child process, WMI and the start of the VSS service take their time on a busy node. */
    static final Duration SHADOW_COPY_DEADLINE = Duration.ofSeconds(30);

    /** A moment longer, for the end of the child process. */
    private static final Duration SHADOW_COPY_PATIENCE = SHADOW_COPY_DEADLINE.plusSeconds(5);

    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);
    private static final Duration A_LOOK_MAY_END_WITHIN = Duration.ofSeconds(2);

    final WatchSettings settings;
    final Watcher watcher;
    final Guard guard;
    final Clearing clearing;
    private final SupervisedLoop looks =
            SupervisedLoop.every("csv-backup-after-clear", LOOKS_EVERY, this::lookAfterClears);
    final Audit audit;

    private volatile Runnable saveNow = () -> {};
    private final List<Consumer<ClearEvent>> listeners = new CopyOnWriteArrayList<>();

    Pipeline(Cluster cluster, Audit audit, Options options, Clock clock) {
        this.audit = audit;
        settings = new WatchSettings(options.pollInterval(), options.staleAfter(), options.quietTime(), CALL_DEADLINE);
        NodeEvidence evidence =
                new NodeEvidence(cluster, settings.serviceDeadline(), SHADOW_COPY_PATIENCE, clock, System::nanoTime);
        watcher = new Watcher(cluster, evidence, settings, clock, System::nanoTime);
        guard = new Guard(settings);
        clearing = new Clearing(
                new ClearContext(
                        cluster,
                        watcher,
                        evidence,
                        guard,
                        audit,
                        clock,
                        System::nanoTime,
                        duration -> Thread.sleep(duration.toMillis()),
                        () -> saveNow.run(),
                        event -> listeners.forEach(listener -> listener.accept(event))),
                new ClearSettings(options.allowForce(), options.clearDeadline(), options.quietTime()));
        watcher.onEvent(event -> WatchLog.accept(event, watcher.snapshot().names()));
        watcher.alsoReadServicesWhile(clearing::areLooksPending);
        watcher.onSnapshot(snapshot -> clearing.polled());
    }

    /** Adds a listener for what clears bring about: it must not block. */
    void onClearEvent(Consumer<ClearEvent> listener) {
        listeners.add(listener);
    }

    /** Sets what writes down, at once, what is to be known after a restart. */
    void onSaveNow(Runnable writing) {
        saveNow = writing;
    }

    /**
     * Looks after clears from now on, on a thread of its own.
     *
     * @return ends it, once a look under way has been made or has taken its time
     */
    AutoCloseable startLookingAfterClears() {
        looks.start();
        return () -> {
            looks.close();
            if (!looks.endsWithin(A_LOOK_MAY_END_WITHIN)) {
                looks.interrupt();
            }
        };
    }

    private void lookAfterClears() {
        clearing.lookAfter();
    }

    /** Its threads, which a supervisor starts again should they die. */
    List<SupervisedLoop> loops() {
        return List.of(watcher.loop(), looks);
    }

    @Override
    public void close() {
        watcher.close();
    }
}
