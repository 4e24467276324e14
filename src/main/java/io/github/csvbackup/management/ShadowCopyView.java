package io.github.csvbackup.management;

import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.watch.Source;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A shadow copy as clients see it.
 *
 * @param node node that lists it
 * @param source who listed it for this agent: AGENT_OF_NODE, or WMI of the node; null if unknown
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
public record ShadowCopyView(
        String node,
        @Nullable String source,
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
        String deleteCommand) {
    static ShadowCopyView of(String node, @Nullable Source source, String volume, ShadowCopy copy, Instant now) {
        Instant created = copy.created();
        return new ShadowCopyView(
                node,
                name(source),
                volume,
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

    static @Nullable String name(@Nullable Source source) {
        return source == null ? null : source.name();
    }
}
