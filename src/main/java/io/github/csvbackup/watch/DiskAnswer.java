package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.UnreadableDisk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking one shared disk.
 *
 * @param disk name or id of the disk's resource, as it was asked for
 * @param id the resource's id where it is known, else as {@code disk}
 * @param found what the disk told; empty if it told nothing
 * @param problem why it told nothing; null if it did
 * @param at when the answer came, or was given up
 */
record DiskAnswer<T>(
        String disk, String id, List<T> found, @Nullable ClusterException problem, Moment at) {
    DiskAnswer {
        found = List.copyOf(found);
    }

    /** The disks that told nothing, in order. */
    static <T> List<UnreadableDisk> unreadable(List<DiskAnswer<T>> answers) {
        return answers.stream()
                .filter(answer -> answer.problem != null)
                .map(answer -> new UnreadableDisk(answer.id, answer.disk, answer.problem))
                .toList();
    }
}
