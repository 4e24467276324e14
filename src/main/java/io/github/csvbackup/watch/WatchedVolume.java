package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Volume;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A volume and its history.
 *
 * @param volume as last read
 * @param problem why the last poll could not read it; null if it was read
 * @param read when the volume was last read
 * @param lastNone when the state was last NONE; null if never
 * @param since when the state was first seen set: the best estimate, for users; null while it is not set
 * @param observedSince since when the state has been seen set without a gap in polling, which is what the guard counts; null
 *     while it is not set or was not read
 * @param stale set for longer than stale-after
 * @param staleTotal how often the state became stale
 * @param lastDuration how long the last ended state lasted; null if none was seen to end
 * @param fast true if it is read at each poll, false at the slower rate
 */
public record WatchedVolume(
        Volume volume,
        @Nullable Problem problem,
        Moment read,
        @Nullable Instant lastNone,
        @Nullable Instant since,
        @Nullable Instant observedSince,
        boolean stale,
        long staleTotal,
        @Nullable Duration lastDuration,
        boolean fast) {

    /**
     * The same volume, which another node owns.
     *
     * @param nowFast the rate from now on
     */
    WatchedVolume ownedBy(String node, boolean nowFast) {
        return new WatchedVolume(
                volume.ownedBy(node),
                problem,
                read,
                lastNone,
                since,
                observedSince,
                stale,
                staleTotal,
                lastDuration,
                nowFast);
    }

    /** True if the volume was read, recently enough by its own rate. */
    public boolean isFresh(Instant now, WatchSettings settings) {
        return isReadable()
                && settings.isRecent(read.at(), now, fast ? settings.freshFor() : settings.freshForOthers());
    }

    /** When the volume was last read. */
    public Instant lastRead() {
        return read.at();
    }

    /** True if the last poll read the volume. */
    public boolean isReadable() {
        return problem == null;
    }
}
