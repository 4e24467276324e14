package io.github.csvbackup.http.page;

import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;

/**
 * What one page is made from.
 *
 * @param names the names of the snapshot's volumes
 * @param fresh true if the last poll succeeded, and is recent
 * @param now when the page is made
 */
record Reading(Snapshot snapshot, VolumeNames names, boolean fresh, Times times, Instant now) {
    /** The time that has passed, such as {@code 4 min}; at least a second. */
    String age(Instant then) {
        return Times.duration(Duration.ofSeconds(Math.max(1, secondsSince(then))));
    }

    /** Such as {@code 4 min ago}. */
    String ago(Instant then) {
        return secondsSince(then) < 1 ? "just now" : age(then) + " ago";
    }

    private long secondsSince(Instant then) {
        return Duration.between(then, now).toSeconds();
    }

    /** A past time and its age. */
    String past(Instant then) {
        return times.timeOn(now, then) + " (" + ago(then) + ")";
    }

    /** As {@link ClearTimes#unsuccessful}. */
    String unsuccessful(ClearTimes last, WatchedVolume watched) {
        return last.unsuccessful(name(watched.volume()), watched.since(), times, now);
    }

    /** A name that tells the volume from all others. */
    String name(Volume volume) {
        return names.of(volume);
    }
}
