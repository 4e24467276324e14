package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows about one service of a node.
 *
 * @param last the last check; null if there was none since a volume's state is set
 * @param stoppedSince the first of the consecutive checks that all found the service stopped; null if the last did not
 */
public record ServiceWatch(
        @Nullable NodeAnswer<ServiceStatus> last, @Nullable Instant stoppedSince) {
    /** Not checked yet. */
    public static final ServiceWatch UNSEEN = new ServiceWatch(null, null);

    /** The status at the last check; null if there was none or it got no answer. */
    public @Nullable ServiceStatus status() {
        return last == null ? null : last.value();
    }

    /**
     * The state after another check.
     *
     * @param gap the checks are not consecutive
     * @param byNewClock converts an earlier time to the wall clock as it is set now
     */
    ServiceWatch next(NodeAnswer<ServiceStatus> answer, boolean gap, UnaryOperator<Instant> byNewClock) {
        ServiceStatus status = answer.value();
        if (status == null || !status.isStopped()) {
            return new ServiceWatch(answer, null);
        }
        return new ServiceWatch(answer, gap || stoppedSince == null ? answer.at() : byNewClock.apply(stoppedSince));
    }
}
