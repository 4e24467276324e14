package io.github.csvbackup.watch;

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
}
