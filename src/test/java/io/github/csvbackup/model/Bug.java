package io.github.csvbackup.model;

import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.PlantedBug;
import io.github.csvbackup.watch.WatchSettings;

/** A bug that a test plants, to show that the promises would find it. */
enum Bug {
    NONE(""),

    // A check of the guard that always passes.
    POLL_FRESH("poll-fresh"),
    RESOURCE_ONLINE("resource-online"),
    STATE_SET("state-set"),
    OBSERVED_LONG_ENOUGH("observed-long-enough"),
    NODE_ACCOUNTED("node-accounted"),
    VSS_STOPPED("vss-stopped"),
    SWPRV_STOPPED("swprv-stopped"),
    SHADOW_COPIES("shadow-copies"),

    /** The agent treats an isolated node as proven down. */
    HIDDEN_ISOLATION(""),
    /** The agent assumes that its query for shadow copies started a VSS service that ran before. */
    HIDDEN_VSS_BEFORE_LOOK(""),
    /** The agent does not see shadow copies of volumes that it does not know. */
    UNKNOWN_VOLUMES_PASS(""),
    /** The agent assumes that no version of Windows isolates nodes. */
    VERSION_IGNORED(""),
    /** The agent does not see that the VSS service is another process than the one that listed. */
    VSS_PROCESS_NOT_COMPARED(""),
    /** The agent counts the age of evidence from the nodes' answers instead of its query. */
    CLOCK_STARTS_AT_ANSWER(""),
    /** The agent makes no checks after its clears. */
    NO_LOOKS_AFTER_CLEARS(""),
    /** The agent does not write that a clear is suspect. */
    NO_SUSPICION(""),
    /** The agent does not write that nodes did not answer at a check. */
    NO_RECORD_OF_SILENT_NODES(""),
    /** The agent does not see VSS running while checks after a clear are pending. */
    HIDDEN_VSS_AFTER_CLEAR("");

    private final String checkThatAlwaysPasses;

    Bug(String checkThatAlwaysPasses) {
        this.checkThatAlwaysPasses = checkThatAlwaysPasses;
    }

    /** True if with this bug the agent does not write audit lines of that kind. */
    boolean loses(String kind) {
        return (this == NO_SUSPICION && kind.equals(AuditInMemory.SUSPECT))
                || (this == NO_RECORD_OF_SILENT_NODES && kind.equals(AuditInMemory.UNCHECKED));
    }

    /** The guard with this bug; a correct one if the bug is elsewhere. */
    Guard guard(WatchSettings settings) {
        return PlantedBug.guard(settings, checkThatAlwaysPasses);
    }
}
