package io.github.csvbackup.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call did not return in time. It may still be in progress and take effect. */
public final class CallTimeoutException extends Exception {
    private static final long serialVersionUID = 1L;

    private CallTimeoutException(String message) {
        super(message);
    }

    /** @param site the native function that has not returned; null if the call is in none */
    static CallTimeoutException after(String what, Duration deadline, @Nullable String site) {
        return new CallTimeoutException(
                what + " did not return within " + text(deadline) + (site == null ? "" : ": it is in " + site));
    }

    static CallTimeoutException interrupted(String what) {
        return new CallTimeoutException("the wait for " + what + " was interrupted; the agent may be stopping");
    }

    private static String text(Duration deadline) {
        return deadline.toMillis() % 1000 == 0 ? deadline.toSeconds() + " s" : deadline.toMillis() + " ms";
    }
}
