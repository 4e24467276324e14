package io.github.csvbackup.management;

import io.github.csvbackup.clear.FoundShadowCopies;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.text.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shadow copies of one volume on all nodes, as clients see them.
 *
 * @param volume friendly path, or the GUID name if several volumes share that path
 * @param copies oldest first
 * @param problems nodes that did not answer, and what to do; empty if all answered
 * @param message number of copies, and a note that the query has started the VSS service
 */
public record ShadowCopiesView(String volume, List<Copy> copies, List<String> problems, String message) {

    /**
     * One shadow copy.
     *
     * @param node node that lists it
     * @param id for {@code vssadmin delete shadows} or diskshadow
     * @param setId id of its set
     * @param providerId id of its provider
     * @param machine machine that created it
     * @param persistent false if it is released when its requester ends, so that its requester is alive
     * @param state VSS_SNAPSHOT_STATE; 12 is VSS_SS_CREATED
     * @param created creation time, ISO-8601 in UTC; null if the node does not report it
     * @param createdEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if not reported
     * @param ageSeconds 0 if not reported
     * @param deleteCommand deletes it; to be used once the backup product shows no job
     */
    public record Copy(
            String node,
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

    static ShadowCopiesView of(String name, FoundShadowCopies found, Instant now, Times times) {
        List<Copy> copies = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        found.answers().forEach((node, answer) -> {
            ShadowCopies listed = answer.value();
            if (listed == null) {
                problems.add(
                        answer.problem() == null
                                ? node + " did not answer."
                                : answer.problem().message() + ". "
                                        + answer.problem().remedy());
            } else {
                listed.copies().stream()
                        .filter(copy -> copy.volumeName()
                                .equalsIgnoreCase(found.volume().guidName()))
                        .forEach(copy -> copies.add(of(node, copy, now)));
            }
        });
        copies.sort(Comparator.comparingLong(Copy::createdEpochMillis));
        String counted = copies.size() == 1 ? "1 shadow copy" : copies.size() + " shadow copies";
        return new ShadowCopiesView(
                name,
                copies,
                problems,
                counted + " of this volume on " + (found.answers().size() - problems.size()) + " of "
                        + found.answers().size()
                        + " nodes, at " + times.time(found.at())
                        + ". The query has started the VSS service on these nodes; it stops by itself after several minutes.");
    }

    private static Copy of(String node, ShadowCopy copy, Instant now) {
        Instant created = copy.created();
        return new Copy(
                node,
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
