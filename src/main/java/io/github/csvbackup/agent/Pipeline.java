package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.clear.ClearContext;
import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearSettings;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.peer.LocalAnswers;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.threads.SupervisedLoop;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Peers;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watch, guard and clear of one cluster. */
final class Pipeline implements AutoCloseable {
    /** For one call to the cluster or a node: more than a healthy cluster needs, and short enough for an operator who waits. */
    static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    /** For a list of shadow copies: a child process, WMI and the start of the VSS service are slow on a busy node. */
    static final Duration SHADOW_COPY_DEADLINE = Duration.ofSeconds(30);

    /** A little longer, so that the child process can exit. */
    static final Duration SHADOW_COPY_PATIENCE = SHADOW_COPY_DEADLINE.plusSeconds(5);

    private static final Duration FOLLOW_UP_ENDS_WITHIN = Duration.ofSeconds(2);

    final WatchSettings settings;
    final Watcher watcher;
    final Guard guard;
    /** For all texts that people read. */
    final Times times;

    final Clearing clearing;
    final boolean allowForce;
    /** What this agent tells others about its own node. */
    final LocalAnswers localAnswers;

    /** What is known of what failed backups left behind. */
    final LateLeftovers leftovers;

    private final SupervisedLoop followUps;
    final Audit audit;

    final WatchLog log;
    private volatile Runnable saveNow = () -> {};
    private final List<Consumer<ClearEvent>> listeners = new CopyOnWriteArrayList<>();

    Pipeline(Cluster cluster, Audit audit, Options options, Clock clock, Times times) {
        this(cluster, audit, options, clock, times, null);
    }

    /** @param peers the agents of other nodes; null if none are asked */
    Pipeline(Cluster cluster, Audit audit, Options options, Clock clock, Times times, @Nullable AskedPeers peers) {
        this.audit = audit;
        this.times = times;
        allowForce = options.allowForce();
        settings = settings(options);
        NodeEvidence evidence = new NodeEvidence(
                cluster,
                peers == null ? Peers.NONE : peers.peers(),
                settings.serviceDeadline(),
                SHADOW_COPY_PATIENCE,
                clock,
                System::nanoTime);
        watcher = new Watcher(cluster, evidence, settings, clock, System::nanoTime);
        if (peers != null) {
            peers.follow(watcher, cluster.backend());
        }
        guard = new Guard(settings, times);
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
                new ClearSettings(allowForce, options.clearDeadline(), options.quietTime()));
        localAnswers = new LocalAnswers(Version.text(), cluster, watcher, evidence, times, clock, System::nanoTime);
        followUps = new SupervisedLoop("csv-backup-after-clear", clearing::followUp, clearing::pauseFollowUps);
        log = new WatchLog(() -> watcher.snapshot().names());
        watcher.onEvent(log::accept);
        onClearEvent(log::accept);
        watcher.alsoRead(clearing::inWork);
        watcher.alsoReadServicesWhile(clearing::hasFollowUps);
        watcher.onSnapshot(snapshot -> clearing.polled());
        leftovers = new LateLeftovers(
                cluster, evidence, options.leftoverInterval(), options.leftoverAfter(), clock, System::nanoTime);
        watcher.alsoCarry(leftovers::look, clearing::plannedLists);
    }

    static WatchSettings settings(Options options) {
        return new WatchSettings(
                options.pollInterval(),
                options.pollIntervalOthers(),
                options.staleAfter(),
                options.quietTime(),
                CALL_DEADLINE);
    }

    /** Adds a listener for the events of clears. It must not block. */
    void onClearEvent(Consumer<ClearEvent> listener) {
        listeners.add(listener);
    }

    /** Sets the action that saves the state for a restart immediately. */
    void onSaveNow(Runnable writing) {
        saveNow = writing;
    }

    /**
     * Starts the thread of the follow-ups after clears.
     *
     * @return stops the thread; a running follow-up may finish within a short time
     */
    AutoCloseable startFollowUps() {
        followUps.start();
        return () -> {
            followUps.close();
            clearing.endPauses();
            if (!followUps.endsWithin(FOLLOW_UP_ENDS_WITHIN)) {
                followUps.interrupt();
            }
        };
    }

    /** The threads; a supervisor restarts one that dies. */
    List<SupervisedLoop> loops() {
        return List.of(watcher.loop(), followUps);
    }

    @Override
    public void close() {
        watcher.close();
    }
}
