package io.github.csvbackup.guard;

/** Whether a volume's state may be cleared. */
public enum Verdict {
    /** No backup state is set. */
    IDLE,
    /** Every check passed. */
    CLEARABLE,
    /** Observed for less than stale-after; the cluster may still clear the state itself. */
    RECENT,
    /** Required evidence is missing. */
    UNPROVEN,
    /** Some evidence shows a running backup of this volume. */
    ACTIVE
}
