package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.UnreadableDisk;
import java.time.Duration;

/** What a poll brought to light, for those who want to be told. */
public sealed interface WatchEvent {
    /** A volume's state was seen set and was not before. */
    record StateSet(WatchedVolume volume) implements WatchEvent {}

    /** A volume's state was seen to be NONE and was set before. */
    record StateEnded(WatchedVolume volume, Duration lasted) implements WatchEvent {}

    /** A volume's state became stale. */
    record Stale(WatchedVolume volume) implements WatchEvent {}

    /** A shared disk could not be read and was not among those before. */
    record DiskUnreadable(UnreadableDisk disk) implements WatchEvent {}

    /** A shared disk that could not be read before is read again, or is not listed any more. */
    record DiskRecovered(String resourceName) implements WatchEvent {}

    /** A poll failed and the one before did not. */
    record PollFailing(Problem problem) implements WatchEvent {}

    /** A poll succeeded and the one before did not. */
    record PollRecovered() implements WatchEvent {}
}
