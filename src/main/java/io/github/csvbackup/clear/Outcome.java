package io.github.csvbackup.clear;

import java.util.Locale;

/** How a request to clear ended. */
public enum Outcome {
    /** The state was seen to be NONE after the call. */
    CLEARED,
    /** No state was set; the native function was not called. */
    NOTHING_TO_CLEAR,
    /** The guard, or a rule of the request, forbade it; the native function was not called. */
    REFUSED,
    /** The native function returned 0 and the state is still set. */
    NOT_CLEARED,
    /** The request or the native function failed, with a Win32 code where there is one. */
    FAILED,
    /** The call timed out or died mid-way: it may have happened, and is never repeated by the agent. */
    UNKNOWN;

    /** The value of the metrics' label {@code outcome}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
