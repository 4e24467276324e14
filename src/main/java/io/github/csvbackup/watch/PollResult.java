package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.IoReading;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of one poll.
 *
 * @param reading null if the cluster could not be read, and then {@code problem} is not null
 * @param readAt when the cluster was read, or when the attempt ended
 * @param services the nodes' services, by node; empty if no volume's state is set and they are not needed otherwise
 * @param shadowCopies the lists of shadow copies received since the last poll, by node
 * @param questions this agent's last queries for shadow copies, by node
 * @param io the last answer about how the nodes reach the volumes; null if there is none yet
 */
record PollResult(
        Moment begun,
        Moment ended,
        @Nullable ClusterReading reading,
        Moment readAt,
        @Nullable Problem problem,
        Map<String, NodeServices> services,
        Map<String, ShadowCopyWatch.Listed> shadowCopies,
        Map<String, OwnQuestions.Last> questions,
        @Nullable NodeAnswer<IoReading> io) {}
