package io.github.csvbackup.model;

import io.github.csvbackup.guard.Check;
import java.util.function.Predicate;

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
    MACHINES("machines"),

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
    /** The agent compares the VSS processes before the first clear of a batch only. */
    VSS_PROCESS_COMPARED_ONCE(""),
    /** The agent counts the age of evidence from the nodes' answers instead of its query. */
    CLOCK_STARTS_AT_ANSWER(""),
    /** The age of evidence does not include the time that the earlier clears of a batch took. */
    CLOCK_RESTARTS_WITH_EACH_VOLUME(""),
    /** The call goes on although the intent took longer than what was read before it is valid. */
    CLOCK_STOPS_IN_INTENTS(""),
    /** What a node said about the shadow copies of one volume of a batch counts for the others. */
    SHADOW_COPIES_OF_ANOTHER_VOLUME("shadow-copies"),
    /** How long the state of one volume of a batch was observed counts for the others. */
    AGE_OF_ANOTHER_VOLUME("observed-long-enough"),
    /** The agent does not see that the answer of a native clear was lost, and clears the next volume. */
    BATCH_GOES_ON_AFTER_UNKNOWN(""),
    /** The agent makes no checks after its clears. */
    NO_LOOKS_AFTER_CLEARS(""),
    /** The agent does not write that a clear is suspect. */
    NO_SUSPICION(""),
    /** The agent does not write that nodes did not answer at a check. */
    NO_RECORD_OF_SILENT_NODES(""),
    /** The agent does not see VSS running while checks after a clear are pending. */
    HIDDEN_VSS_AFTER_CLEAR(""),

    // What the agent of another node says, and what the agent under test makes of it.
    /** The times of two sources are added. */
    TWO_SOURCES_ADDED(""),
    /** The agent does not see that a service runs if the agent of its node said that it is stopped. */
    FORBIDDING_SOURCE_IGNORED(""),
    /** The agent of a node hands out a list that is older than the question. */
    OLDER_LIST_HANDED_OUT(""),
    /** An agent counts the time before its restart. */
    STOPPED_TIME_KEPT_OVER_A_RESTART(""),
    /** An answer counts however long it took. */
    LATE_ANSWER_COUNTS(""),
    /** An answer to an earlier question counts for one that got none. */
    ANSWER_REPLAYED(""),
    /** A node that denied access is asked at each poll. */
    DENIED_ACCESS_RETRIED(""),
    /** Of the machines that say that they are being backed up, only those on the agent's own node count. */
    ONLY_OWN_MACHINES_COUNT("machines NODE2");

    private final String check;

    Bug(String check) {
        this.check = check;
    }

    /** True if with this bug the agent does not write audit lines of that kind. */
    boolean loses(String kind) {
        return (this == NO_SUSPICION && kind.equals(AuditInMemory.SUSPECT))
                || (this == NO_RECORD_OF_SILENT_NODES && kind.equals(AuditInMemory.UNCHECKED));
    }

    /** The checks that pass because of this bug, whatever they found. */
    Predicate<Check> passes() {
        boolean none = check.isEmpty() || !checkUsedForAnotherVolume().isEmpty();
        return found -> !none && isNamed(check, found);
    }

    /** With this bug, a check of this name that passed for one volume of a request passes for the others; empty without such a bug. */
    String checkUsedForAnotherVolume() {
        return switch (this) {
            case SHADOW_COPIES_OF_ANOTHER_VOLUME, AGE_OF_ANOTHER_VOLUME -> check;
            default -> "";
        };
    }

    /** True for {@code shadow-copies NODE1}, if the name is {@code shadow-copies}. */
    static boolean isNamed(String name, Check check) {
        return (check.name() + " ").startsWith(name + " ");
    }
}
