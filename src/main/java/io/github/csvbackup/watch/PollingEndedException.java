package io.github.csvbackup.watch;

/** There will be no poll any more: the agent is stopping. */
public final class PollingEndedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    PollingEndedException() {
        super("Polling has ended: the agent is stopping.");
    }
}
