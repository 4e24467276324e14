package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.IoReading;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one poll brought home.
 *
 * @param reading null if the cluster could not be read, and then {@code problem} is not null
 * @param readAt when the cluster was read; when the try was given up if it could not be
 * @param services what the nodes told of their services, by node; empty if no volume's state is set and nobody wants them
 * @param shadowCopies the lists of shadow copies that came since the last poll, by node
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
        @Nullable NodeAnswer<IoReading> io) {}
