package io.github.csvbackup.clear;

import java.util.Locale;

/** The outcome of a request to clear. */
public enum Outcome {
    /** The state was NONE when read after the call. */
    CLEARED,
    /** No state was set; the native function was not called. */
    NOTHING_TO_CLEAR,
    /** The guard or a rule refused the request; the native function was not called. */
    REFUSED,
    /** The native function returned 0 and the state is still set. */
    NOT_CLEARED,
    /** The request or the native function failed, with a Win32 code where there is one. */
    FAILED,
    /** The call timed out or broke off: it may have taken effect, and the agent does not repeat it. */
    UNKNOWN;

    /** Whether the native function was called, or may have been. */
    boolean mayHaveCalled() {
        return this != REFUSED && this != NOTHING_TO_CLEAR;
    }

    /** The value of the metrics' label {@code outcome}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
