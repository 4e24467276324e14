package io.github.csvbackup.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes the started parts in reverse order, each even if another one fails. Not thread-safe. */
final class Closer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    /** Adds a started part, and returns it. */
    <T extends AutoCloseable> T add(T started) {
        steps.push(started);
        return started;
    }

    /** Closes all parts; a failure is logged. */
    @Override
    public void close() {
        while (!steps.isEmpty()) {
            AutoCloseable step = steps.pop();
            try {
                step.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception | Error e) {
                LOG.warn("Stopping the agent: one part did not stop cleanly", e);
            }
        }
    }
}
