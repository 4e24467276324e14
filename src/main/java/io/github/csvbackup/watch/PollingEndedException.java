package io.github.csvbackup.watch;

/** No further poll will begin: the agent is stopping. */
public final class PollingEndedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    PollingEndedException() {
        super("Polling has ended: the agent is stopping.");
    }
}
