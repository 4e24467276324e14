package io.github.csvbackup.management;

import org.jspecify.annotations.Nullable;

/**
 * A volume as clients see it.
 *
 * @param volume friendly path, or the GUID name if several volumes share that path
 * @param guid GUID name
 * @param resource name of the disk resource
 * @param backupState NONE, IN_PROGRESS, or the cluster's number, as last read
 * @param faultState the cluster's fault state; redirected I/O does not indicate a backup
 * @param since when the state was first seen set, ISO-8601 in UTC; null if not set
 * @param sinceEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if not set
 * @param observedForSeconds how long the state has been observed set without a gap; 0 if not set
 * @param stale set for longer than stale-after
 * @param verdict IDLE, CLEARABLE, RECENT, UNPROVEN or ACTIVE, from the last poll
 * @param earliestClear estimate of when the volume becomes clearable, ISO-8601 in UTC, from the last poll; null if not set or unknown
 * @param earliestClearEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if not set or unknown
 * @param problem why the last poll failed or could not read the volume; null if neither
 */
public record VolumeView(
        String volume,
        String guid,
        String resource,
        String ownerNode,
        String backupState,
        String faultState,
        @Nullable String since,
        long sinceEpochMillis,
        long observedForSeconds,
        boolean stale,
        String verdict,
        @Nullable String earliestClear,
        long earliestClearEpochMillis,
        @Nullable String problem) {}
