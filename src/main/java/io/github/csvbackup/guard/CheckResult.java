package io.github.csvbackup.guard;

/** What a check says about clearing, from the least to the most forbidding; {@code NOT_SET} stands above all. */
public enum CheckResult {
    /** Nothing against clearing. */
    PASSED,
    /** Left to the clear itself, which asks as its last step; nothing against clearing until then. */
    DEFERRED,
    /** Not observed for long enough. */
    RECENT,
    /** Something that would have to be known is not. */
    UNKNOWN,
    /** A backup of this volume runs. */
    BACKUP,
    /** No backup state is set: nothing to clear. */
    NOT_SET
}
