package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The shadow copies of this node, from lists that others asked for: a list starts the VSS service, so none is taken for leftovers. */
record OwnCopies(NodeEvidence evidence) {
    /** So that a weekend without a list ends no alert. An older list says little about today. */
    private static final Duration LIST_COUNTS = Duration.ofDays(4);

    static boolean isOld(Instant listed, Instant now) {
        return listed.plus(LIST_COUNTS).isBefore(now);
    }

    /** The last list; null if it is old or missing. */
    @Nullable
    NodeAnswer<ShadowCopies> lastList(String node, Instant now) {
        NodeAnswer<ShadowCopies> list = evidence.lastShadowCopies(node);
        return list == null || list.value() == null || isOld(list.at(), now) ? null : list;
    }
}
