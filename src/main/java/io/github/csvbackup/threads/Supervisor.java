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
 * Starts loops again whose threads have died, and says which are in trouble. It is a loop itself, and each loop that it looks after starts it again.
 * Thread-safe.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final String NAME = "csv-backup-supervisor";
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final List<SupervisedLoop> loops = new CopyOnWriteArrayList<>();
    private final SupervisedLoop own;

    /** Looks after nothing yet. */
    public Supervisor() {
        this(task -> DaemonThread.named(NAME, task));
    }

    Supervisor(ThreadFactory threads) {
        this.own = SupervisedLoop.every(NAME, LOOKS_EVERY, this::restartTheDead, threads);
        loops.add(own);
    }

    /** Looks after a loop from now on; it may be started later. */
    public void add(SupervisedLoop loop) {
        loop.superviseWith(this);
        loops.add(loop);
    }

    /** Begins to look. */
    public void start() {
        own.start();
    }

    /** All loops, this one's own included. */
    public List<SupervisedLoop> loops() {
        return List.copyOf(loops);
    }

    /** A sentence about the loops that fail or have died, and what to do; empty if all work. */
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
                        "These threads of the agent fail or have died: ",
                        ". The agent tries again. Look at its log and at the memory of this JVM.")));
    }

    private void restartTheDead() {
        loops.forEach(Supervisor::restartIfDead);
    }

    /** Starts the supervisor's own thread again if it has died. */
    void restartIfDead() {
        restartIfDead(own);
    }

    private static void restartIfDead(SupervisedLoop loop) {
        if (loop.restartIfDead()) {
            LOG.error("The thread {} had died and was started again. Report this: it is a defect", loop.name());
        }
    }

    /** Ends the looking; the loops go on. */
    @Override
    public void close() {
        own.close();
        if (!own.endsWithin(ENDS_WITHIN)) {
            LOG.warn("The thread {} has not ended", own.name());
        }
    }
}
