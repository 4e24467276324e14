package io.github.csvbackup.cluster;

/**
 * What one check of the agent's surroundings found.
 *
 * @param check what was checked
 * @param detail what was seen: a sentence without a full stop
 * @param remedy what to do: a sentence; empty if there is nothing to do
 */
public record Finding(String check, Result result, String detail, String remedy) {
    /** The result of a check. */
    public enum Result {
        /** The agent has what it needs. */
        OK,
        /** The agent works, but an administrator should know this. */
        WARNING,
        /** The agent cannot do its work. */
        FAILED,
        /** The agent works, but could not find this out. */
        UNKNOWN
    }

    /** A check without anything to do. */
    public static Finding ok(String check, String detail) {
        return new Finding(check, Result.OK, detail, "");
    }

    /** A call that failed. */
    static Finding of(String check, Result result, ClusterException failure) {
        return new Finding(check, result, String.valueOf(failure.getMessage()), failure.remedy());
    }
}
