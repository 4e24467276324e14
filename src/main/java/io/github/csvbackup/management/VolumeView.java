package io.github.csvbackup.management;

import io.github.csvbackup.openmbean.Description;
import org.jspecify.annotations.Nullable;

/** A volume as clients see it. Times are ISO-8601 in UTC; null and 0 while there is none. */
public record VolumeView(
        @Description("friendly path, or the GUID name if several volumes have that path")
        String volume,

        @Description("GUID name") String guid,
        @Description("name of the disk resource") String resource,
        @Description("node that owns the volume") String ownerNode,

        @Description("NONE, IN_PROGRESS, or the cluster's number; as it was last read")
        String backupState,

        @Description("the cluster's fault state; redirected I/O is no sign of a backup")
        String faultState,

        @Description("when the state was first seen set") @Nullable
        String since,

        @Description("since, in milliseconds of the epoch; 0: not set")
        long sinceEpochMillis,

        @Description("seconds for which the state has been seen set without a gap; 0: not set")
        long observedForSeconds,

        @Description("set for longer than stale-after") boolean stale,

        @Description("IDLE, CLEARABLE, RECENT, UNPROVEN or ACTIVE, by the last poll")
        String verdict,

        @Description("why the last poll could not read the volume; null if it could") @Nullable
        String problem) {}
