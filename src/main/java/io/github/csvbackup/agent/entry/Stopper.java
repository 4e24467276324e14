package io.github.csvbackup.agent.entry;

import org.jspecify.annotations.Nullable;

/**
 * Stops a guest on its own thread. The request arrives on the attach listener, which also serves other tools of the host and must not hang with us.
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
            // Never harm the host, and report the failure to the user.
            answer = new AttachResult(false, "the agent was not stopped cleanly: " + Messages.of(e));
        }
    }

    /** Starts the thread and waits for a bounded time. */
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
