package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.openmbean.Description;

/**
 * Drives the simulated cluster. A volume is named by its friendly path, a node by its name; every operation says in a sentence what
 * holds now. An unknown name is an IllegalArgumentException that lists the known ones.
 */
@Description("Drives the simulated cluster; nothing real is behind it.")
public interface SimulatedClusterMBean {
    @Description("Says that nothing real is behind this.")
    String getSimulation();

    @Description("One line a volume: path, owner, state.")
    String[] getVolumes();

    @Description("One line a node: name, state, services VSS and swprv.")
    String[] getNodes();

    @Description("The cluster's own time, ISO-8601 in UTC; advance moves it.")
    String getTime();

    @Description("How often the native clear function was called.")
    long getClearCalls();

    @Description(
            "A backup program announces a backup: the state is set or its timer of 1800 seconds restarted; no VSS session yet.")
    String prepareBackup(String volume, String node);

    @Description(
            "A backup starts: prepared where needed, a VSS session opens, the cluster detects it, an auto-release shadow copy exists.")
    String startBackup(String volume, String node);

    @Description(
            "The backup, of several the one that began first, ends well: its shadow copy is released, and with the last one the state is cleared.")
    String completeBackup(String volume);

    @Description(
            "The backup program, of several the one that began first, dies. Only prepared: the timer goes on. Started: the shadow copy is released and the state stays.")
    String killBackup(String volume);

    @Description("The volume moves to another node, through offline, which ends the state.")
    String moveVolume(String volume, String node);

    @Description(
            "Gives the volume's folder another name; backups and the state stay. Any name that is not empty, is not taken and does not end with a backslash.")
    String renameVolume(String volume, String name);

    @Description(
            "UP, DOWN, PAUSED, JOINING, ISOLATED, QUARANTINED, or DOWN_UNKNOWN (Down, with unreadable status information).")
    String setNodeState(String node, String state);

    @Description(
            "Sets a node's version of Windows, such as 6.1 (2008 R2) or 10.0 (2016 and later). Before 10.0 a node has no status information, and none is isolated.")
    String setWindowsVersion(String node, String version);

    @Description(
            "Sets the state of VSS or swprv until it is set again or changes by itself: STOPPED, RUNNING, START_PENDING or STOP_PENDING.")
    String setServiceState(String node, String service, String state);

    @Description("Adds a shadow copy of a volume that no simulated backup owns.")
    String addShadowCopy(String volume, String node, boolean persistent);

    @Description(
            "Adds a shadow copy of a volume that the cluster does not list, by the name that a node would show: a GUID name or the path of a share.")
    String addForeignShadowCopy(String volumeName, String node, boolean persistent);

    @Description("Removes all shadow copies of a volume.")
    String removeShadowCopies(String volume);

    @Description(
            "Lets the next calls of a Windows function answer with a code; 0 for the clear means: returns 0 and does nothing.")
    String failNextCalls(String function, int code, int times);

    @Description("Lets the next call of a Windows function hang until releaseHungCalls.")
    String hangNextCall(String function);

    @Description("Lets the hung calls go on.")
    String releaseHungCalls();

    @Description("Moves the cluster's clock, its timers and services, by seconds; not the agent's clock.")
    String advance(long seconds);
}
