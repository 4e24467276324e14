package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.Win32Error;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Asks the shared disks for the polls and for the clears, each disk for itself: one that hangs is unreadable and holds up no other. Thread-safe. */
final class DiskReads {
    /** A call that hangs keeps its thread, so a clear may take more of them than the polls, and they more than what they can do without. */
    private static final int THREADS_FOR_IO_STATES = 4;

    private static final int THREADS_FOR_POLLS = 8;
    private static final int THREADS_FOR_CLEARS = 16;

    private final Cluster cluster;
    private final DiskCalls calls;

    /** @param deadline how long one disk has to answer, from when it is asked */
    DiskReads(Cluster cluster, Duration deadline, Clock clock, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.calls = new DiskCalls(cluster, deadline, clock, nanoTime);
    }

    /**
     * The volumes on each of the cluster's shared disks, in order.
     *
     * @param disks the names of all shared disks
     */
    List<DiskAnswer<Volume>> volumes(List<String> disks) {
        calls.keepOnly(disks);
        List<DiskAnswer<Volume>> answers = calls.ask(disks, false, THREADS_FOR_POLLS, cluster::volumes);
        answers.forEach(answer -> answer.found().forEach(volume -> calls.learn(answer.disk(), volume.resourceId())));
        return answers;
    }

    /** How the nodes reach the volumes on each of the disks, in order. */
    List<DiskAnswer<VolumeIoState>> ioStates(List<String> disks) {
        return calls.ask(disks, false, THREADS_FOR_IO_STATES, cluster::ioStates);
    }

    /**
     * Reads one volume again, by its disk's id, so that a renamed disk is found as well. A call to the disk that is under way is waited for,
     * unless it is late.
     *
     * @throws ClusterException if it cannot be read; 5007 if the disk does not hold it any more
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
