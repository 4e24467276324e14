package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.guard.Assessment;
import java.util.List;
import java.util.Map;

/** What management offers to its callers. Every method may block for as long as the deadlines of the calls allow. */
public interface ClearService {
    /**
     * Reads state and evidence afresh and says whether the volume may be cleared. Changes nothing.
     *
     * @param path any file or folder on a volume, its friendly path or its GUID name
     * @throws IllegalArgumentException with one sentence, if the path is malformed or on no volume
     * @throws IllegalStateException with one sentence, if the cluster cannot be read
     */
    Assessment assess(String path);

    /** Clears the state of the path's volume if the guard finds it clearable. Never throws for what a caller or a cluster does. */
    ClearResult clear(String path, Caller caller);

    /**
     * Clears the state of the path's volume although the guard does not find it clearable.
     *
     * @param volume the friendly path, typed again
     * @param reason why, for the audit
     */
    ClearResult forceClear(String path, String volume, String reason, Caller caller);

    /** What has happened so far. */
    ClearCounts counts();

    /**
     * Lists the shadow copies on all nodes. <strong>Starts the VSS service of each.</strong> A reader who asks again within 15 minutes
     * gets the same answer again: readers must not be able to keep the service running, which lets every clear be refused.
     *
     * @throws IllegalArgumentException with a sentence, if the path is on no volume
     * @throws IllegalStateException with a sentence, if the cluster cannot be read
     */
    FoundShadowCopies shadowCopies(String path, Caller caller);

    /** Clears of an earlier run that have no outcome, as sentences; empty if there are none. */
    List<String> unfinished();

    /**
     * The last lines of the audit, oldest first.
     *
     * @param most how many at most, from 1 to 500
     * @throws IllegalArgumentException with a sentence, if it is another number
     */
    List<AuditRecord> recentAudit(int most);

    /** How many states were overdue while all evidence said that no backup was alive, by friendly path; kept over restarts. */
    Map<String, Long> abandoned();
}
