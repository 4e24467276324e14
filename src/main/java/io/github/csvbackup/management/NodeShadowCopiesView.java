package io.github.csvbackup.management;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
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
 * @param problem why the node did not answer, and what to do; null if it did
 * @param copies of all volumes, oldest first
 */
public record NodeShadowCopiesView(
        String node,
        String at,
        long atEpochMillis,
        @Nullable String problem,
        List<CopyOfVolume> copies) {

    /**
     * A shadow copy and its volume.
     *
     * @param volume friendly path; the name in the node's list if it is not a known Cluster Shared Volume
     * @param id for {@code vssadmin delete shadows} or diskshadow
     * @param setId id of its set
     * @param providerId id of its provider
     * @param machine machine that created it
     * @param persistent false if it is released when its requester ends, so that its requester was alive
     * @param state VSS_SNAPSHOT_STATE; 12 is VSS_SS_CREATED
     * @param created creation time, ISO-8601 in UTC; null if the node does not report it
     * @param createdEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if not reported
     * @param ageSeconds 0 if not reported
     * @param deleteCommand deletes it; to be used once the backup product shows no job
     */
    public record CopyOfVolume(
            String volume,
            String id,
            String setId,
            String providerId,
            String machine,
            boolean persistent,
            int state,
            @Nullable String created,
            long createdEpochMillis,
            long ageSeconds,
            String deleteCommand) {}

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
        Problem problem = answer.problem();
        String why = problem == null ? node + " did not answer." : problem.message() + ". " + problem.remedy();
        List<CopyOfVolume> copies = listed == null
                ? List.of()
                : listed.copies().stream()
                        .map(copy -> of(copy, names, now))
                        .sorted(Comparator.comparingLong(CopyOfVolume::createdEpochMillis))
                        .toList();
        return new NodeShadowCopiesView(
                node,
                CsvBackupState.text(answer.at()),
                answer.at().toEpochMilli(),
                listed == null ? why : null,
                copies);
    }

    private static CopyOfVolume of(ShadowCopy copy, Map<String, String> names, Instant now) {
        Instant created = copy.created();
        return new CopyOfVolume(
                names.getOrDefault(copy.volumeName().toUpperCase(Locale.ROOT), copy.volumeName()),
                copy.id(),
                copy.setId(),
                copy.providerId(),
                copy.originatingMachine(),
                copy.persistent(),
                copy.state(),
                created == null ? null : CsvBackupState.text(created),
                created == null ? 0 : created.toEpochMilli(),
                created == null ? 0 : Math.max(0, Duration.between(created, now).toSeconds()),
                copy.deleteCommand());
    }
}
