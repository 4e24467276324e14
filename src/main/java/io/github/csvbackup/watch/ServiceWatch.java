package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one service of a node.
 *
 * @param last the last look; null if nobody has looked since some volume's state is set
 * @param stoppedSince the first of an unbroken row of looks that all saw the service stopped; null if the last did not
 */
public record ServiceWatch(
        @Nullable NodeAnswer<ServiceStatus> last, @Nullable Instant stoppedSince) {
    /** Nobody has looked. */
    public static final ServiceWatch UNSEEN = new ServiceWatch(null, null);

    /** The status at the last look; null if there was none or it got no answer. */
    public @Nullable ServiceStatus status() {
        return last == null ? null : last.value();
    }

    /**
     * What is known after another look.
     *
     * @param gap the row of looks is broken
     * @param byNewClock what a time was by the clock as it is now
     */
    ServiceWatch next(NodeAnswer<ServiceStatus> look, boolean gap, UnaryOperator<Instant> byNewClock) {
        ServiceStatus status = look.value();
        if (status == null || !status.isStopped()) {
            return new ServiceWatch(look, null);
        }
        return new ServiceWatch(look, gap || stoppedSince == null ? look.at() : byNewClock.apply(stoppedSince));
    }
}
