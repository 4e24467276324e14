package io.github.csvbackup.guard;

/** The result of a check, in ascending precedence: the highest one decides the verdict. */
public enum CheckResult {
    /** Does not prevent a clear. */
    PASSED,
    /** Left to the clear, which asks as its last step. Does not prevent a clear until then. */
    DEFERRED,
    /** Not observed for long enough. */
    RECENT,
    /** Required evidence is missing. */
    UNKNOWN,
    /** A backup of this volume is running. */
    BACKUP,
    /** No backup state is set: nothing to clear. */
    NOT_SET
}
