package io.github.csvbackup.management;

import io.github.csvbackup.clear.FoundShadowCopies;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.openmbean.Description;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shadow copies of one volume on all nodes, as clients see them. */
public record ShadowCopiesView(
        @Description("friendly path, or the GUID name if several volumes have that path")
        String volume,

        @Description("the copies, oldest first") List<Copy> copies,

        @Description("nodes that did not answer, and what to do; empty if all did")
        List<String> problems,

        @Description("how many there are, and that asking has started the VSS service")
        String message) {

    /** One shadow copy. */
    public record Copy(
            @Description("node that lists it") String node,
            @Description("id, for vssadmin delete shadows") String id,
            @Description("id of its set") String setId,
            @Description("id of its provider") String providerId,
            @Description("machine that made it") String machine,

            @Description("false: it goes when its requester ends, so that its requester is alive")
            boolean persistent,

            @Description("VSS_SNAPSHOT_STATE; 12 is finished")
            int state,

            @Description("when it was made; null if the node does not say") @Nullable
            String created,

            @Description("created, in milliseconds of the epoch; 0 if the node does not say")
            long createdEpochMillis,

            @Description("age in seconds; 0 if the node does not say")
            long ageSeconds,

            @Description("command that deletes it, once the backup product shows no job")
            String deleteCommand) {}

    static ShadowCopiesView of(String name, FoundShadowCopies found, Instant now) {
        List<Copy> copies = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        found.answers().forEach((node, answer) -> {
            ShadowCopies listed = answer.value();
            if (listed == null) {
                problems.add(
                        answer.problem() == null
                                ? node + " gave no answer."
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
                        + " nodes, as of " + CsvBackupState.text(found.at())
                        + ". Asking has started the VSS service there, which stops by itself after some minutes.");
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
                "vssadmin delete shadows /shadow=" + copy.id());
    }
}
