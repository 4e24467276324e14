package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.Win32Error;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads the shared disks for polls and clears, each disk on its own: one that hangs is unreadable and does not delay others. Thread-safe. */
final class DiskReads {
    // A hung call keeps its thread, and these share their threads: the optional I/O states get the fewest, and a clear
    // has
    // some left when all others hang.
    private static final int THREADS_FOR_IO_STATES = 4;
    private static final int THREADS_FOR_OTHERS = 8;
    private static final int THREADS_FOR_POLLS = 20;
    private static final int THREADS_FOR_CLEARS = 28;

    private static final int THREADS_FOR_STATES = 8;

    private final Cluster cluster;
    private final DiskCalls calls;
    /** Of their own: the Cluster service answers them, so that a resource control that hangs on the same disk does not matter. */
    private final DiskCalls stateCalls;

    /** @param deadline how long one disk may take to answer */
    DiskReads(Cluster cluster, Duration deadline, Clock clock, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.calls = new DiskCalls(cluster, deadline, clock, nanoTime);
        this.stateCalls = new DiskCalls(cluster, deadline, clock, nanoTime);
    }

    /**
     * The volumes on each of the disks, in order.
     *
     * @param disks names of shared disks
     */
    List<DiskAnswer<Volume>> volumes(List<String> disks) {
        return volumes(disks, THREADS_FOR_POLLS);
    }

    /** The same at the slower rate, beside polls. */
    List<DiskAnswer<Volume>> volumesOfOthers(List<String> disks) {
        return volumes(disks, THREADS_FOR_OTHERS);
    }

    private List<DiskAnswer<Volume>> volumes(List<String> disks, int mostThreads) {
        List<DiskAnswer<Volume>> answers = calls.ask(disks, false, mostThreads, cluster::volumes);
        calls.learn(answers, Volume::resourceId);
        return answers;
    }

    /** The owners and states of the disks, in order. */
    List<DiskAnswer<SharedDisk>> states(List<String> disks) {
        calls.keepOnly(disks);
        stateCalls.keepOnly(disks);
        List<DiskAnswer<SharedDisk>> answers =
                stateCalls.ask(disks, false, THREADS_FOR_STATES, disk -> List.of(cluster.disk(disk)));
        stateCalls.learn(answers, SharedDisk::id);
        calls.learn(answers, SharedDisk::id);
        return answers;
    }

    /** The answer of a disk that was not asked. */
    <T> DiskAnswer<T> failed(String disk, ClusterException why) {
        return calls.unanswered(disk, why);
    }

    /** How the nodes reach the volumes on each of the disks, in order. */
    List<DiskAnswer<VolumeIoState>> ioStates(List<String> disks) {
        return calls.ask(disks, false, THREADS_FOR_IO_STATES, cluster::ioStates);
    }

    /**
     * Reads one volume again, by its disk's id, which also finds a renamed disk. Waits for a call to the disk that is in progress, unless it is
     * late.
     *
     * @throws ClusterException if it cannot be read; 5007 if it is no longer on the disk
     */
    Volume again(Volume volume) throws ClusterException {
        DiskAnswer<Volume> answer = calls.ask(List.of(volume.resourceId()), true, THREADS_FOR_CLEARS, cluster::volumes)
                .get(0);
        ClusterException problem = answer.problem();
        if (problem != null) {
            throw problem;
        }
        return answer.found().stream()
                .filter(found -> found.key().equals(volume.key()))
                .findFirst()
                .orElseThrow(() -> ClusterException.win32("ClusterResourceControl", Win32Error.RESOURCE_NOT_FOUND));
    }
}
