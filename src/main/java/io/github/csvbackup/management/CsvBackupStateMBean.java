package io.github.csvbackup.management;

import io.github.csvbackup.openmbean.Description;
import io.github.csvbackup.openmbean.ReadOnlyOperation;
import io.github.csvbackup.peer.LocalEvidenceView;
import io.github.csvbackup.security.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches the Backup in Progress state of Cluster Shared Volumes and clears it. Attributes never call the cluster: they return the result of
 * the last poll. Times are ISO-8601 in UTC.
 */
@Description("Watches the Backup in Progress state of Cluster Shared Volumes and clears it when it is stale.")
public interface CsvBackupStateMBean {
    @Description("Version of the agent.")
    String getVersion();

    @Description("Node that the agent runs on. Empty before the first successful poll.")
    String getNode();

    @Description("Name of the cluster. Empty before the first successful poll.")
    String getClusterName();

    @Description("WINDOWS, or SIMULATED for a simulated cluster.")
    String getBackend();

    @Description("DOCUMENTED, UNVERIFIED (this Windows version may never report the state) or SIMULATED.")
    String getBackupStateSupport();

    @Description("Whether forceClear may override the guard: the option allow-force.")
    boolean getAllowForce();

    @Description(
            "Lowest level that the agent logs: error, warn, info, debug or trace. An operator may change it; it lasts until the agent ends.")
    String getLogLevel();

    void setLogLevel(@Nullable String level);

    @Description("Start time of the agent.")
    String getStartTime();

    @Description("Start time of the agent, in milliseconds since 1970-01-01 UTC.")
    long getStartTimeEpochMillis();

    @Description("End of the last poll. Null before the first poll.")
    @Nullable
    String getLastPollTime();

    @Description("End of the last poll, in milliseconds since 1970-01-01 UTC. 0 before the first poll.")
    long getLastPollTimeEpochMillis();

    @Description("Duration of the last poll, in milliseconds.")
    long getLastPollDurationMillis();

    @Description("Why the last poll failed, and what to do. Null if it succeeded.")
    @Nullable
    String getLastPollError();

    @Description(
            "Shared disks whose volumes the last poll could not read, with the reason and what to do. Their volumes may be missing from the list.")
    List<String> getUnreadableDisks();

    @Description("Friendly path of each volume, or its GUID name if several volumes share that path.")
    List<String> getVolumeNames();

    @Description("The volumes as lines of text, like the table of the PowerShell module. Times are local.")
    List<String> getSummary();

    @Description("All volumes.")
    List<VolumeView> getVolumes();

    @Description(
            "The last list of shadow copies of each node that was queried since the agent started, with its time. Queries no node.")
    List<NodeShadowCopiesView> getLastShadowCopies();

    @Description("How each node accesses each volume, checked once a minute.")
    List<IoStateView> getIoStates();

    @Description(
            "What failed backups left behind on the volumes, as the agent's own node said when it was last asked: recovery checkpoints, machines "
                    + "whose disks do not merge or that seem to be backed up for too long, and old shadow copies if they were listed lately, the oldest first. Each with the "
                    + "command that ends it, and what to look at before. The agent never runs it. Asks no node.")
    List<LeftoverView> getLeftovers();

    @Description("Number of leftovers of each kind.")
    LeftoverCountsView getLeftoverCounts();

    @Description(
            "When the agent last asked its node for leftovers, what it answered, and when the shadow copies of that list were listed. Asks no node.")
    LeftoversAskedView getLeftoversAsked();

    @Description(
            "The last question to the agent of each other node, and what it answered. Asks no agent. Empty if no agents of other nodes are asked (options tls-trust and peers).")
    List<PeerView> getPeers();

    @Description("Number of volumes whose backup state is set.")
    int getInProgressCount();

    @Description("Number of volumes whose backup state is stale.")
    int getStaleCount();

    @Description("How many times a state became stale.")
    long getStaleTotal();

    @Description("How many times a state was stale while no check found a running backup.")
    long getAbandonedTotal();

    @Description("Clears that succeeded and were verified.")
    long getClearedTotal();

    @Description("Clears that were refused.")
    long getClearRefusedTotal();

    @Description("Clears that failed.")
    long getClearFailedTotal();

    @Description("Clears that returned 0 and changed nothing, or whose outcome is unknown.")
    long getClearUnverifiedTotal();

    @Description(
            "Clears from an earlier run of the agent whose outcome is unknown. Check the backup jobs of that time.")
    List<String> getUnfinishedClears();

    @Description("Number of the newest audit line. 0 before the first.")
    long getAuditLines();

    @Description("How the audit was changed by something other than the agent, and what to do. Null if it was not.")
    @Nullable
    String getAuditMismatch();

    @Description("Number of audit lines that report a change by something other than the agent.")
    long getAuditMismatchTotal();

    @Description("Number of polls, including failed ones.")
    long getPollTotal();

    @Description("Number of failed polls.")
    long getPollFailureTotal();

    @ReadOnlyOperation(Role.ANONYMOUS)
    @Description(
            "Reads the current state and evidence, and reports whether the volume may be cleared. Changes nothing. Can block for several "
                    + "deadlines of 10 seconds during a failover. Without credentials it reports the last poll and queries no node.")
    ResultView assess(
            @Description("Any file or folder on the volume, its friendly path or its GUID name.") String path);

    @ReadOnlyOperation(Role.ANONYMOUS)
    @Description(
            "The same as assess, as one text for people: verdict, next step, estimate, and each check with what it saw and, if it prevents "
                    + "the clear, what to do. Times are local.")
    String explain(@Description("Any file or folder on the volume, its friendly path or its GUID name.") String path);

    @Description(
            "Clears the backup state of the volume on all nodes if every check shows that no backup can be running, then verifies the "
                    + "result. Queries every node for shadow copies, which starts its VSS service. Can block for several minutes.")
    ResultView clear(@Description("Any file or folder on the volume, its friendly path or its GUID name.") String path);

    @Description(
            "Clears the backup states of 1 to 64 volumes, one after the other, as clear does, but queries every node for shadow copies only "
                    + "once. The first clear that goes wrong ends the batch; the rest is REFUSED. Results in the order of the paths. Can block "
                    + "for several minutes. JConsole has no arrays: use clear there.")
    List<ResultView> clearAll(
            @Description("Paths of 1 to 64 volumes, as for clear. The same volume twice is cleared once.")
                    String[] paths);

    @Description(
            "DANGER: clears even if the checks do not allow it, and corrupts a running backup. Requires allow-force=true. Never "
                    + "overrides a live shadow copy. Can block for several minutes.")
    ResultView forceClear(
            @Description("Any file or folder on the volume, its friendly path or its GUID name.") String path,
            @Description("The volume's friendly path, typed again. Its GUID name if several volumes share that path.")
                    String volume,
            @Description("The reason, for the audit. At least 10 characters.") String reason);

    @ReadOnlyOperation(Role.READER)
    @Description(
            "Lists the shadow copies of the volume on all nodes; of nodes with an agent the last list, without asking them. Changes no "
                    + "shadow copy, but starts the VSS service of each node that it asks for several minutes, during which clear refuses. Requires credentials over HTTP; a reader can query once in 15 "
                    + "minutes, and gets the earlier answer until then. Can block for 35 seconds.")
    ShadowCopiesView shadowCopies(
            @Description("Any file or folder on the volume, its friendly path or its GUID name.") String path);

    @ReadOnlyOperation(Role.OPERATOR)
    @Description("Returns the last lines of the audit, oldest first. Requires the operator role over HTTP.")
    List<AuditView> recentAudit(@Description("Maximum number of lines, 1 to 500.") int count);

    @ReadOnlyOperation(Role.OPERATOR)
    @Description(
            "Checks the agent, its account and its rights, and asks each node once for its VSS services. Changes nothing, starts no service and "
                    + "lists no shadow copies. Can block for several deadlines of 10 seconds. One runs at a time: who asks meanwhile gets the "
                    + "same result. Requires the operator role over HTTP.")
    List<FindingView> selfTest();

    @ReadOnlyOperation(Role.PEER)
    @Description(
            "Reports what the agent sees on its own node, for the agents of the other nodes: reads the states of VSS and swprv, names "
                    + "virtual machines that say they are being backed up, and lists the shadow copies if asked, which starts the VSS "
                    + "service for several minutes. One list at a time, and at most one a minute. Requires the certificate of a node or the operator role over HTTP. Can block for a minute.")
    LocalEvidenceView localEvidence(
            @Description("32 hexadecimal digits, chosen at random for each question. They come back in the answer.")
                    @Nullable
                    String question,
            @Description("Whether to list the shadow copies.") boolean withShadowCopies);

    @ReadOnlyOperation(Role.OPERATOR)
    @Description(
            "Asks the agent of each other node once for the states of its VSS services, and returns what they answered, as the attribute Peers "
                    + "does. Changes nothing. Can block for seven seconds, and as long again for each caller before. Requires the operator role over HTTP.")
    List<PeerView> askPeers();

    @ReadOnlyOperation(Role.ANONYMOUS)
    @Description(
            "Polls now and returns all volumes. Can block for several deadlines of 10 seconds during a failover. Without credentials it "
                    + "polls at most once per poll interval and otherwise returns the last poll.")
    List<VolumeView> refresh();
}
