package io.github.csvbackup.management;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From when and from whom the list of one node is in an answer about shadow copies.
 *
 * @param asked the node was asked for this answer; false if only a clear asks its agent: then its last list counts
 * @param at time of the list, ISO-8601 in UTC; null if there is none
 * @param atEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if there is none
 * @param ageSeconds how old the list was at the request; 0 if the node was asked for this request
 * @param source who gave the list: AGENT_OF_NODE, or WMI of the node; null if unknown
 * @param problem why the list is missing, and what to do; null if it is here
 */
public record ListedNodeView(
        String node,
        boolean asked,
        @Nullable String at,
        long atEpochMillis,
        long ageSeconds,
        @Nullable String source,
        @Nullable String problem) {
    static ListedNodeView of(String node, boolean asked, NodeAnswer<ShadowCopies> answer, Instant requested) {
        Instant at = answer.at();
        if (answer.value() == null) {
            return new ListedNodeView(
                    node, asked, null, 0, 0, ShadowCopyView.name(answer.source()), why(node, answer.problem()));
        }
        long age = Math.max(0, Duration.between(at, requested).toSeconds());
        return new ListedNodeView(
                node,
                asked,
                CsvBackupState.text(at),
                at.toEpochMilli(),
                age,
                ShadowCopyView.name(answer.source()),
                null);
    }

    /** Why a node gave no list, and what to do. */
    static String why(String node, @Nullable Problem problem) {
        return problem == null ? node + " did not answer." : problem.message() + ". " + problem.remedy();
    }
}
