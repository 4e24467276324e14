package io.github.csvbackup.management;

import io.github.csvbackup.openmbean.Description;
import io.github.csvbackup.openmbean.ReadOnlyOperation;
import io.github.csvbackup.security.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches the Backup in Progress state of Cluster Shared Volumes and clears it. Attributes never call the cluster: they tell the last
 * poll. Times are ISO-8601 in UTC.
 */
@Description("Watches the Backup in Progress state of Cluster Shared Volumes and clears it when it is stale.")
public interface CsvBackupStateMBean {
    @Description("version of the agent")
    String getVersion();

    @Description("node that this agent runs on; empty before the first successful poll")
    String getNode();

    @Description("name of the cluster; empty before the first successful poll")
    String getClusterName();

    @Description("WINDOWS, or SIMULATED: nothing real is behind it")
    String getBackend();

    @Description("DOCUMENTED, UNVERIFIED (this Windows version may never report the state) or SIMULATED")
    String getBackupStateSupport();

    @Description("when the agent started")
    String getStartTime();

    @Description("when the agent started, in milliseconds since 1970-01-01 UTC")
    long getStartTimeEpochMillis();

    @Description("when the last poll ended; null before the first")
    @Nullable
    String getLastPollTime();

    @Description("when the last poll ended, in milliseconds since 1970-01-01 UTC; 0 before the first")
    long getLastPollTimeEpochMillis();

    @Description("how long the last poll took, in milliseconds")
    long getLastPollDurationMillis();

    @Description("why the last poll failed and what to do; null if it did not")
    @Nullable
    String getLastPollError();

    @Description(
            "shared disks whose volumes the last poll could not read, why, and what to do; their volumes may be unknown")
    List<String> getUnreadableDisks();

    @Description("friendly paths of all volumes; GUID names of those whose path several have")
    List<String> getVolumeNames();

    @Description("all volumes")
    List<VolumeView> getVolumes();

    @Description("how each node reaches each volume, looked at once a minute")
    List<IoStateView> getIoStates();

    @Description("volumes whose state is set")
    int getInProgressCount();

    @Description("volumes whose state is stale")
    int getStaleCount();

    @Description("how often a state became stale")
    long getStaleTotal();

    @Description("how often a state was overdue while all evidence said that no backup was alive")
    long getAbandonedTotal();

    @Description("clears that were proven")
    long getClearedTotal();

    @Description("clears that were refused")
    long getClearRefusedTotal();

    @Description("clears that failed")
    long getClearFailedTotal();

    @Description("clears that returned 0 and changed nothing, or whose outcome is unknown")
    long getClearUnverifiedTotal();

    @Description("clears of an earlier run of the agent whose end nobody knows: check the backup jobs of that time")
    List<String> getUnfinishedClears();

    @Description("number of the newest line of the audit; 0 before the first")
    long getAuditLines();

    @Description("what was found to be changed in the audit by somebody else, and what to do; null if nothing was")
    @Nullable
    String getAuditMismatch();

    @Description("lines of the audit that say that somebody else had changed it")
    long getAuditMismatchTotal();

    @Description("polls, the failed ones included")
    long getPollTotal();

    @Description("polls that failed")
    long getPollFailureTotal();

    @ReadOnlyOperation(Role.ANONYMOUS)
    @Description(
            "Reads state and evidence afresh and says whether the volume may be cleared. Changes nothing. Blocks up to some "
                    + "deadlines of 10 seconds during a failover. Without credentials it says what the last poll saw, and asks no node.")
    ResultView assess(@Description("any file or folder on the volume, its friendly path or its GUID name") String path);

    @Description(
            "Clears the backup state of the path's volume on all nodes, if every check says that no backup can be alive, and proves "
                    + "it. Asks every node for shadow copies, which starts their VSS service. Blocks up to some minutes.")
    ResultView clear(@Description("any file or folder on the volume, its friendly path or its GUID name") String path);

    @Description(
            "DANGER: clears although the checks do not allow it, and corrupts a backup that runs. Needs allow-force=true. Never "
                    + "overrules a live shadow copy. Blocks up to some minutes.")
    ResultView forceClear(
            @Description("any file or folder on the volume, its friendly path or its GUID name") String path,
            @Description("the volume's friendly path, typed again; its GUID name if several volumes have that path")
                    String volume,
            @Description("why, at least 10 characters, for the audit") String reason);

    @ReadOnlyOperation(Role.READER)
    @Description(
            "Lists the shadow copies of the path's volume on all nodes. Changes no shadow copy, but asking starts the VSS service of "
                    + "each node for some minutes, in which clear refuses. Needs credentials over HTTP; without the operator's role it asks once in 15 "
                    + "minutes. Blocks up to 35 seconds.")
    ShadowCopiesView shadowCopies(
            @Description("any file or folder on the volume, its friendly path or its GUID name") String path);

    @ReadOnlyOperation(Role.OPERATOR)
    @Description("The last lines of the audit, oldest first. Needs the operator's role over HTTP.")
    List<AuditView> recentAudit(@Description("how many at most, 1 to 500") int count);

    @ReadOnlyOperation(Role.ANONYMOUS)
    @Description(
            "Polls now and returns all volumes. Blocks up to some deadlines of 10 seconds during a failover. Without credentials it polls "
                    + "at most once in a poll interval, and returns what the last poll saw otherwise.")
    List<VolumeView> refresh();
}
