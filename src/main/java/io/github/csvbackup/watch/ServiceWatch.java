package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows about one service of a node. Each source has a row of its own, and times of two sources are never added. What forbids wins: a
 * source that saw the service not stopped ends the rows of all.
 *
 * @param last the last check; null if there was none since a volume's state is set
 * @param stoppedSince the begin of the row of the source of the last check, which found the service stopped at each look; null if the last check
 *     did not find it stopped
 * @param ran the last check with an answer did not find the service stopped
 * @param notBefore the first check that found it stopped after one that did not; null if there is none
 */
public record ServiceWatch(
        @Nullable NodeAnswer<ServiceStatus> last,
        @Nullable Instant stoppedSince,
        boolean ran,
        @Nullable Instant notBefore) {
    /** Not checked yet. */
    public static final ServiceWatch UNSEEN = new ServiceWatch(null, null);

    /** A service that no check is known to have seen running. */
    public ServiceWatch(@Nullable NodeAnswer<ServiceStatus> last, @Nullable Instant stoppedSince) {
        this(last, stoppedSince, false, null);
    }

    /** The status at the last check; null if there was none or it got no answer. */
    public @Nullable ServiceStatus status() {
        return last == null ? null : last.value();
    }

    /** After a poll that could not check anything. */
    ServiceWatch unchecked() {
        return new ServiceWatch(null, null, ran, notBefore);
    }

    /**
     * The state after another check.
     *
     * @param gap the checks are not consecutive
     * @param byNewClock converts an earlier time to the wall clock as it is set now
     */
    ServiceWatch next(ServiceLook look, boolean gap, UnaryOperator<Instant> byNewClock) {
        NodeAnswer<ServiceStatus> answer = look.answer();
        ServiceStatus status = answer.value();
        Instant earliest = notBefore == null ? null : byNewClock.apply(notBefore);
        if (status == null) {
            return new ServiceWatch(answer, null, ran, earliest);
        }
        if (!status.isStopped()) {
            return new ServiceWatch(answer, null, true, null);
        }
        if (ran) {
            earliest = answer.at();
        }
        Instant row = row(look, gap, byNewClock);
        return new ServiceWatch(answer, earliest != null && row.isBefore(earliest) ? earliest : row, false, earliest);
    }

    /** A source that knows how long it has seen the service stopped begins its row itself: it may have looked more often than it was asked. */
    private Instant row(ServiceLook look, boolean gap, UnaryOperator<Instant> byNewClock) {
        Instant now = look.answer().at();
        Duration stoppedFor = look.stoppedFor();
        if (stoppedFor != null) {
            return now.minus(stoppedFor);
        }
        boolean goesOn = !gap && last != null && last.source() == look.answer().source();
        return goesOn && stoppedSince != null ? byNewClock.apply(stoppedSince) : now;
    }
}
