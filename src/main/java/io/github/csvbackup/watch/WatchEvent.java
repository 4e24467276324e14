package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.UnreadableDisk;
import java.time.Duration;
import java.util.List;

/** An event that a poll found. */
public sealed interface WatchEvent {
    /** A volume's state is set and was not before. */
    record StateSet(WatchedVolume volume) implements WatchEvent {}

    /** A volume's state is NONE and was set before. */
    record StateEnded(WatchedVolume volume, Duration lasted) implements WatchEvent {}

    /** Shared disks have become unreadable. */
    record DisksUnreadable(List<UnreadableDisk> disks) implements WatchEvent {}

    /** Shared disks that could not be read are readable again, or are no longer listed. */
    record DisksRecovered(List<String> resourceNames) implements WatchEvent {}

    /** A poll failed and the one before succeeded. */
    record PollFailing(Problem problem) implements WatchEvent {}

    /** A poll succeeded and the one before failed. */
    record PollRecovered() implements WatchEvent {}
}
