package io.github.csvbackup.cluster;

import java.time.Duration;

/** A call did not return in time. It may still be under way, and whatever it does may still happen. */
public final class CallTimeoutException extends Exception {
    private static final long serialVersionUID = 1L;

    private CallTimeoutException(String message) {
        super(message);
    }

    static CallTimeoutException after(String what, Duration deadline) {
        return new CallTimeoutException(what + " did not return within " + text(deadline));
    }

    static CallTimeoutException interrupted(String what) {
        return new CallTimeoutException("the wait for " + what + " was interrupted, as when the agent stops");
    }

    private static String text(Duration deadline) {
        return deadline.toMillis() % 1000 == 0 ? deadline.toSeconds() + " s" : deadline.toMillis() + " ms";
    }
}
