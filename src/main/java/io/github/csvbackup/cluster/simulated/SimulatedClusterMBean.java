package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.openmbean.Description;

/**
 * Controls the simulated cluster. A volume is named by its friendly path, a node by its name; each operation returns the new state as a
 * sentence. An unknown name is an IllegalArgumentException that lists the known ones.
 */
@Description("Controls the simulated cluster, which runs in memory without a real cluster.")
public interface SimulatedClusterMBean {
    @Description("States that this cluster is simulated.")
    String getSimulation();

    @Description("One line per volume: path, owner, state.")
    String[] getVolumes();

    @Description("One line per node: name, state, services VSS and swprv.")
    String[] getNodes();

    @Description("The cluster's own time, ISO-8601 in UTC; advance moves it.")
    String getTime();

    @Description("How often the native clear function was called.")
    long getClearCalls();

    @Description("For each node how often it was asked for its shadow copies.")
    String[] getShadowCopyQueries();

    @Description(
            "A backup program prepares a backup: the state is set, or its timer of 1800 seconds restarts; there is no VSS session yet.")
    String prepareBackup(String volume, String node);

    @Description(
            "A backup starts: it is prepared if needed, a VSS session opens, the cluster detects it, and an auto-release shadow copy exists.")
    String startBackup(String volume, String node);

    @Description(
            "A backup starts, makes a persistent shadow copy, ends its VSS session, and reads the copy. VSS stops after three minutes, while the backup goes on.")
    String startPersistentBackup(String volume, String node);

    @Description(
            "The backup that began first completes: its shadow copy is released or deleted; the last one also clears the state.")
    String completeBackup(String volume);

    @Description(
            "The program of the backup that began first dies. If it was only prepared, the timer goes on. If it had started, its shadow copy is released, or stays if it is persistent, and the state stays.")
    String killBackup(String volume);

    @Description("The volume moves to another node, through offline, which ends the state.")
    String moveVolume(String volume, String node);

    @Description(
            "Renames the volume's folder; backups and the state stay. The name must not be empty, belong to another volume or end with a backslash.")
    String renameVolume(String volume, String name);

    @Description(
            "UP, DOWN, PAUSED, JOINING, ISOLATED, QUARANTINED, or DOWN_UNKNOWN (Down, with unreadable status information).")
    String setNodeState(String node, String state);

    @Description(
            "Sets a node's version of Windows, such as 6.1 (2008 R2) or 10.0 (2016 and later). Before 10.0 a node has no status information and cannot be isolated.")
    String setWindowsVersion(String node, String version);

    @Description(
            "Sets the state of VSS or swprv until it is set again or changes by itself: STOPPED, RUNNING, START_PENDING or STOP_PENDING.")
    String setServiceState(String node, String service, String state);

    @Description("Adds a shadow copy of a volume that does not belong to a simulated backup.")
    String addShadowCopy(String volume, String node, boolean persistent);

    @Description(
            "Adds a shadow copy of a volume that the cluster does not list, by the name in the node's list: a GUID name or the path of a share.")
    String addForeignShadowCopy(String volumeName, String node, boolean persistent);

    @Description("Removes all shadow copies of a volume.")
    String removeShadowCopies(String volume);

    @Description(
            "Sets how a node reaches a volume: DIRECT, FILE_SYSTEM_REDIRECTED, BLOCK_REDIRECTED, PAUSED or UNAVAILABLE, and the reasons, separated by commas, such as USER_REQUEST or REFS; they may be empty.")
    String setIoState(String volume, String node, String state, String reasons);

    @Description("Sets a volume's fault state: NO_FAULTS, NO_DIRECT_IO, NO_ACCESS, IN_MAINTENANCE or DISMOUNTED.")
    String setFaultState(String volume, String state);

    @Description("Adds a persistent shadow copy of a volume that was made some seconds ago.")
    String addOldShadowCopy(String volume, String node, long ageSeconds);

    @Description("One line per virtual machine: name, node, checkpoints, merging, whether it is being backed up.")
    String[] getMachines();

    @Description("Adds a virtual machine with a name of its own, on a node, with its disks on a volume.")
    String addMachine(String node, String name, String volume);

    @Description("Removes a virtual machine with its checkpoints and disks.")
    String removeMachine(String machine);

    @Description("Moves a virtual machine to another node. Its disks stay where they are.")
    String moveMachine(String machine, String node);

    @Description("Adds a recovery checkpoint that was made some seconds ago, and a differencing disk.")
    String addCheckpoint(String machine, long ageSeconds);

    @Description("Removes the oldest recovery checkpoint. Its differencing disk stays if merging is off.")
    String removeCheckpoint(String machine);

    @Description("A backup of a virtual machine begins: the machine says so, and has one more recovery checkpoint.")
    String backUpMachine(String machine);

    @Description("The backup of a virtual machine ends, and its recovery checkpoint is removed.")
    String endMachineBackup(String machine);

    @Description("Switches the merging of a virtual machine's disks on or off. Windows has it from 2016 on.")
    String setMerging(String machine, boolean on);

    @Description("Lets the differencing disks of a virtual machine grow.")
    String growDisks(String machine, long bytes);

    @Description(
            "Whether a node has Hyper-V, which it has at first. Windows before 6.2 (2012) never has the namespace.")
    String setHyperV(String node, boolean installed);

    @Description(
            "Makes the next calls of a Windows function return a code; 0 is for the clear, which then returns 0 and does nothing.")
    String failNextCalls(String function, int code, int times);

    @Description("Makes each read of a volume's disk return a code, such as 5910: the call timed out. 0 ends that.")
    String failReads(String volume, int code);

    @Description("Makes the next call of a Windows function hang until releaseHungCalls.")
    String hangNextCall(String function);

    @Description("Releases the hung calls.")
    String releaseHungCalls();

    @Description("Moves the cluster's clock, its timers and services, by seconds; not the agent's clock.")
    String advance(long seconds);
}
