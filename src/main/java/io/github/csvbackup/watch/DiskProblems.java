package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;
import java.time.Duration;
import java.util.List;

/** Why a shared disk was not read, and what to do. */
final class DiskProblems {
    static final int MOST_NAMED = 3;

    private DiskProblems() {}

    /** @param where the call that hangs */
    static ClusterException hangs(String where, Duration age) {
        return ClusterException.unavailable(
                where + " has not returned for " + age.toSeconds() + " s",
                "Check the disk and the node that owns it; the agent reads it again once the call has returned.");
    }

    /**
     * The calls that hang hold all threads.
     *
     * @param late how many hang
     * @param named at most {@link #MOST_NAMED} of them
     */
    static ClusterException noThread(String disk, int late, List<String> named) {
        return ClusterException.unavailable(
                disk + " was not read: " + late + " calls have not returned ("
                        + String.join("; ", named)
                        + (late > named.size() ? "; and others)" : ")"),
                "Check the Cluster service of this node; restart the agent if the calls do not return.");
    }

    static ClusterException notStarted(String disk, OutOfMemoryError e) {
        return ClusterException.unavailable(
                disk + " was not read: " + e.getMessage(), "Check the memory and the number of threads of this JVM.");
    }

    static ClusterException interrupted(String disk) {
        return ClusterException.unavailable(
                "the wait for " + disk + " was interrupted; the agent may be stopping", "Read it again.");
    }

    static ClusterException bug(String disk, Throwable e) {
        return ClusterException.unavailable(
                "reading " + disk + " failed: " + e, "This is a bug: report it with the agent's log.");
    }
}
