package io.github.csvbackup.agent.entry;

import org.jspecify.annotations.Nullable;

/**
 * Stops a guest on a thread of its own: the attach listener, on which the request arrives, serves the host's other tools
 * too and must not hang with us.
 */
final class Stopper extends Thread {
    private static final long WAIT_MILLIS = 30_000;

    private final Guest guest;
    private volatile @Nullable AttachResult answer;

    Stopper(Guest guest) {
        super(null, null, "csv-backup-stop", 0, false);
        this.guest = guest;
        setDaemon(true);
        setContextClassLoader(null);
    }

    @Override
    public void run() {
        try {
            answer = guest.close();
        } catch (RuntimeException | Error e) {
            // As at the start: a guest never harms its host, and whoever asked is told.
            answer = new AttachResult(false, "the agent was not stopped cleanly: " + Messages.of(e));
        }
    }

    /** Starts it and waits a bounded time. */
    AttachResult await() {
        start();
        try {
            join(WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        AttachResult known = answer;
        return known != null
                ? known
                : new AttachResult(false, "the agent is still stopping after " + WAIT_MILLIS / 1000 + " s");
    }
}
