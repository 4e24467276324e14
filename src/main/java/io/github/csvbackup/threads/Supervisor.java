package io.github.csvbackup.threads;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restarts loops whose threads died, and reports loops that fail. It is itself a loop; each supervised loop restarts it. Thread-safe.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final String NAME = "csv-backup-supervisor";
    private static final Duration CHECK_EVERY = Duration.ofSeconds(5);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final List<SupervisedLoop> loops = new CopyOnWriteArrayList<>();
    private final SupervisedLoop own;

    /** Without loops yet. */
    public Supervisor() {
        this(task -> DaemonThread.named(NAME, task));
    }

    Supervisor(ThreadFactory threads) {
        this.own = SupervisedLoop.every(NAME, CHECK_EVERY, this::restartTheDead, threads);
        loops.add(own);
    }

    /** Supervises this loop, which may be started later. */
    public void add(SupervisedLoop loop) {
        loop.superviseWith(this);
        loops.add(loop);
    }

    public void start() {
        own.start();
    }

    /** All loops, including its own. */
    public List<SupervisedLoop> loops() {
        return List.copyOf(loops);
    }

    /** A message for users about the loops that fail or died; empty if all of them work. */
    public Optional<String> trouble() {
        List<String> names = loops.stream()
                .filter(SupervisedLoop::isInTrouble)
                .map(SupervisedLoop::name)
                .toList();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(names.stream()
                .collect(Collectors.joining(
                        ", ",
                        "These threads of the agent fail or died: ",
                        ". The agent tries again. Check its log and the memory of this JVM.")));
    }

    private void restartTheDead() {
        loops.forEach(Supervisor::restartIfDead);
    }

    /** Restarts the supervisor's own thread if it died. */
    void restartIfDead() {
        restartIfDead(own);
    }

    private static void restartIfDead(SupervisedLoop loop) {
        if (loop.restartIfDead()) {
            LOG.error("The thread {} died and was restarted. Please report this bug", loop.name());
        }
    }

    /** Stops the supervision; the loops keep running. */
    @Override
    public void close() {
        own.close();
        if (!own.endsWithin(ENDS_WITHIN)) {
            LOG.warn("The thread {} did not stop", own.name());
        }
    }
}
