package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.UnreadableDisk;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of asking one shared disk.
 *
 * @param disk name or id of the disk's resource, as in the query
 * @param id the resource's id if known, else the same as {@code disk}
 * @param found the disk's answer; empty if there is none
 * @param problem why there is no answer; null if there is one
 * @param asked when the call began: what it found was so then, or later
 * @param at when the answer came or the wait ended
 */
record DiskAnswer<T>(
        String disk, String id, List<T> found, @Nullable ClusterException problem, Instant asked, Moment at) {
    DiskAnswer {
        // Short lists without room for more: one of I/O states is kept for each disk.
        found = List.copyOf(found);
    }

    /** True if both found the same, or failed with the same text, at any time. */
    boolean saysTheSame(DiskAnswer<T> other) {
        return id.equals(other.id) && found.equals(other.found) && Objects.equals(text(problem), text(other.problem));
    }

    private static @Nullable String text(@Nullable ClusterException problem) {
        return problem == null ? null : problem.getMessage() + problem.remedy();
    }

    /** What this says, as a newer answer also says. */
    DiskAnswer<T> confirmedBy(DiskAnswer<T> newer) {
        return new DiskAnswer<>(disk, id, found, problem, newer.asked, newer.at);
    }

    /** The disks that did not answer, in order. */
    static <T> List<UnreadableDisk> unreadable(Collection<DiskAnswer<T>> answers) {
        return answers.stream()
                .filter(answer -> answer.problem != null)
                .map(answer -> new UnreadableDisk(answer.id, answer.disk, answer.problem))
                .toList();
    }
}
