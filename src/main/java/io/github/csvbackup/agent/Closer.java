package io.github.csvbackup.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, to be ended in the opposite order, each part whatever becomes of the others. Not thread-safe. */
final class Closer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    /** Remembers how to end what was just started. */
    <T extends AutoCloseable> T add(T started) {
        steps.push(started);
        return started;
    }

    /** Ends everything; what cannot be ended is logged, and the rest goes on. */
    @Override
    public void close() {
        while (!steps.isEmpty()) {
            AutoCloseable step = steps.pop();
            try {
                step.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception | Error e) {
                LOG.warn("Stopping the agent: one part did not end cleanly", e);
            }
        }
    }
}
