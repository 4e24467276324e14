package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One look at a service of a node.
 *
 * @param stoppedFor how long the source has seen the service stopped without a gap; null if it knows only the present
 */
record ServiceLook(
        NodeAnswer<ServiceStatus> answer, @Nullable Duration stoppedFor) {
    /** A longer time is not counted: an agent says what it wants. */
    private static final Duration LONG = Duration.ofDays(365);

    /** By a source that knows only the present. */
    static ServiceLook of(NodeAnswer<ServiceStatus> answer) {
        return new ServiceLook(answer, null);
    }

    /** By the agent of the node, whose answer came at this time. */
    static ServiceLook ofPeer(PeerEvidence.Seen seen, String node, Instant at) {
        ServiceStatus status = seen.status();
        Problem problem = seen.problem();
        if (status == null) {
            Problem why = problem == null
                    ? new Problem("the agent of " + node + " could not read the service", "See the log of that agent.")
                    : problem;
            return new ServiceLook(NodeAnswer.<ServiceStatus>none(at, why).from(Source.AGENT_OF_NODE), null);
        }
        Duration stopped = seen.stoppedFor();
        Duration counted = stopped.isNegative() ? Duration.ZERO : stopped.compareTo(LONG) > 0 ? LONG : stopped;
        return new ServiceLook(NodeAnswer.of(at, status).from(Source.AGENT_OF_NODE), counted);
    }
}
