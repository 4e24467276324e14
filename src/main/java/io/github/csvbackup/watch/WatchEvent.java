package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.UnreadableDisk;
import java.time.Duration;

/** An event that a poll found. */
public sealed interface WatchEvent {
    /** A volume's state is set and was not before. */
    record StateSet(WatchedVolume volume) implements WatchEvent {}

    /** A volume's state is NONE and was set before. */
    record StateEnded(WatchedVolume volume, Duration lasted) implements WatchEvent {}

    /** A volume's state became stale. */
    record Stale(WatchedVolume volume) implements WatchEvent {}

    /** A shared disk has become unreadable. */
    record DiskUnreadable(UnreadableDisk disk) implements WatchEvent {}

    /** A shared disk that could not be read is readable again, or is no longer listed. */
    record DiskRecovered(String resourceName) implements WatchEvent {}

    /** A poll failed and the one before succeeded. */
    record PollFailing(Problem problem) implements WatchEvent {}

    /** A poll succeeded and the one before failed. */
    record PollRecovered() implements WatchEvent {}
}
