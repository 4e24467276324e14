package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;

/** What the watcher offers to those who read. */
public interface VolumeWatch {
    /** The last published snapshot: never blocks, never calls the cluster. */
    Snapshot snapshot();

    /**
     * Polls now and waits for the end of a poll that began after this call.
     *
     * @return the snapshot of that poll, which may be one that failed
     */
    Snapshot refresh();

    /**
     * Reads one volume again, now, by its disk's id, so that a renamed disk is found as well. A call to the disk that is under way is waited
     * for, unless it is late. An interrupt ends the wait and stays.
     *
     * @throws ClusterException if it cannot be read; 5007 if the disk does not hold it any more
     */
    Volume readAgain(Volume volume) throws ClusterException;
}
