package io.github.csvbackup.cluster;

import java.time.Duration;

/** A call did not return in time. It may still be under way, and whatever it does may still happen. */
public final class CallTimeoutException extends Exception {
    private static final long serialVersionUID = 1L;

    CallTimeoutException(String what, Duration deadline) {
        super(what + " did not return within " + text(deadline));
    }

    private static String text(Duration deadline) {
        return deadline.toMillis() % 1000 == 0 ? deadline.toSeconds() + " s" : deadline.toMillis() + " ms";
    }
}
