package io.github.csvbackup.management;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last list of shadow copies of one node, as clients see it.
 *
 * @param at time of the answer, ISO-8601 in UTC
 * @param atEpochMillis the same in milliseconds since 1970-01-01 UTC
 * @param source who answered: AGENT_OF_NODE, or WMI of the node; null if unknown
 * @param problem why the node did not answer, and what to do; null if it did
 * @param copies of all volumes, oldest first
 */
public record NodeShadowCopiesView(
        String node,
        String at,
        long atEpochMillis,
        @Nullable String source,
        @Nullable String problem,
        List<ShadowCopyView> copies) {

    static List<NodeShadowCopiesView> of(
            Map<String, NodeAnswer<ShadowCopies>> answers, Snapshot snapshot, Instant now) {
        Map<String, String> names = new HashMap<>();
        VolumeNames volumeNames = snapshot.names();
        snapshot.volumes()
                .forEach(watched -> names.put(
                        watched.volume().guidName().toUpperCase(Locale.ROOT), volumeNames.of(watched.volume())));
        List<NodeShadowCopiesView> views = new ArrayList<>();
        for (Node node : snapshot.nodes()) {
            NodeAnswer<ShadowCopies> answer = answers.get(node.name());
            if (answer != null) {
                views.add(of(node.name(), answer, names, now));
            }
        }
        return views;
    }

    private static NodeShadowCopiesView of(
            String node, NodeAnswer<ShadowCopies> answer, Map<String, String> names, Instant now) {
        ShadowCopies listed = answer.value();
        List<ShadowCopyView> copies = listed == null
                ? List.of()
                : listed.copies().stream()
                        .map(copy -> ShadowCopyView.of(
                                node,
                                answer.source(),
                                names.getOrDefault(copy.volumeName().toUpperCase(Locale.ROOT), copy.volumeName()),
                                copy,
                                now))
                        .sorted(Comparator.comparingLong(ShadowCopyView::createdEpochMillis))
                        .toList();
        return new NodeShadowCopiesView(
                node,
                CsvBackupState.text(answer.at()),
                answer.at().toEpochMilli(),
                ShadowCopyView.name(answer.source()),
                listed == null ? ListedNodeView.why(node, answer.problem()) : null,
                copies);
    }
}
