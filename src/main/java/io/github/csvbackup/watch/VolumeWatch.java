package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import java.util.Collection;

/** The part of the watcher that readers use. */
public interface VolumeWatch {
    /** The last published snapshot: never blocks, never calls the cluster. */
    Snapshot snapshot();

    /**
     * Reads all volumes now and waits for the end of a poll that began after this call.
     *
     * @return the snapshot of that poll, which may have failed
     */
    Snapshot refresh();

    /**
     * As {@link #refresh()}, but of the volumes that are usually read at a slower rate only those on the disks of these volumes are read.
     */
    Snapshot refresh(Collection<Volume> volumes);

    /**
     * Reads one volume again, by its disk's id, which also finds a renamed disk. Waits for a call to the disk that is in progress, unless it is
     * late. An interrupt ends the wait; the thread stays interrupted.
     *
     * @throws ClusterException if it cannot be read; 5007 if it is no longer on the disk
     */
    Volume readAgain(Volume volume) throws ClusterException;
}
