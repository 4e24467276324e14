package io.github.csvbackup.watch;

import java.time.Duration;
import java.time.Instant;

/**
 * Settings of the watcher and the guard.
 *
 * @param pollInterval from one poll to the next
 * @param pollIntervalOthers from one read to the next of a volume that this node does not own and whose state is not set
 * @param staleAfter a state that is set for longer is stale
 * @param quietTime how long the VSS service must be seen stopped on a node
 * @param callDeadline how long one call to the cluster or to a node may take
 */
public record WatchSettings(
        Duration pollInterval,
        Duration pollIntervalOthers,
        Duration staleAfter,
        Duration quietTime,
        Duration callDeadline) {
    private static final Duration USUAL_INTERVAL_OTHERS = Duration.ofSeconds(60);
    private static final Duration SHORTEST_FRESHNESS = Duration.ofSeconds(60);
    private static final Duration SHORTEST_GAP = Duration.ofSeconds(5);

    /** Settings with the usual interval for other volumes. */
    public WatchSettings(Duration pollInterval, Duration staleAfter, Duration quietTime, Duration callDeadline) {
        this(
                pollInterval,
                pollInterval.compareTo(USUAL_INTERVAL_OTHERS) > 0 ? pollInterval : USUAL_INTERVAL_OTHERS,
                staleAfter,
                quietTime,
                callDeadline);
    }

    /** How long an answer about a volume that is read at the slower rate is valid for users and metrics: three reads. */
    public Duration freshForOthers() {
        Duration threeReads = times(pollIntervalOthers, 3);
        return threeReads.compareTo(freshFor()) > 0 ? threeReads : freshFor();
    }

    /** How long an answer is valid for users and metrics: three poll intervals, and at least a minute. */
    public Duration freshFor() {
        Duration threePolls = times(pollInterval, 3);
        return threePolls.compareTo(SHORTEST_FRESHNESS) > 0 ? threePolls : SHORTEST_FRESHNESS;
    }

    /**
     * How long a disk or a node may take to answer a query. It is at most half of {@link #gap()}: if one hangs, the poll is not so long that it
     * is a gap for all others.
     */
    public Duration serviceDeadline() {
        Duration half = halfOf(gap());
        return half.compareTo(callDeadline) < 0 ? half : callDeadline;
    }

    /**
     * A longer time between two polls, or a larger clock step, is a gap, in which one backup may have ended and another begun: two poll
     * intervals, and at least five seconds.
     */
    public Duration gap() {
        Duration twoPolls = times(pollInterval, 2);
        return twoPolls.compareTo(SHORTEST_GAP) > 0 ? twoPolls : SHORTEST_GAP;
    }

    /** True if one backup may have ended and another begun between two reads, by either clock. */
    boolean isGap(Moment earlier, Moment later) {
        return later.since(earlier).compareTo(gap()) > 0
                || Duration.between(earlier.at(), later.at()).compareTo(gap()) > 0
                || isJump(later.step(earlier));
    }

    /**
     * True if a time is recent. A clock that was set back a little does not matter.
     *
     * @param most how old it may be
     */
    public boolean isRecent(Instant time, Instant now, Duration most) {
        Duration age = Duration.between(time, now);
        return age.isNegative() ? !isJump(age) : age.compareTo(most) <= 0;
    }

    /** True if the clock was set by at least a poll interval or half of the shortest gap; a smaller step does not affect durations. */
    boolean isJump(Duration step) {
        return step.abs().compareTo(halfOf(gap())) >= 0;
    }

    /** For every volume at every poll: {@link Duration#multipliedBy} would compute with BigDecimal. */
    private static Duration times(Duration one, int factor) {
        return Duration.ofNanos(one.toNanos() * factor);
    }

    private static Duration halfOf(Duration whole) {
        return Duration.ofNanos(whole.toNanos() / 2);
    }
}
