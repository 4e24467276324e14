package io.github.csvbackup.cluster.simulated;

/**
 * Drives the simulated cluster. A volume is named by its friendly path, a node by its name; every operation says in a sentence what
 * holds now. An unknown name is an IllegalArgumentException that lists the known ones.
 */
public interface SimulatedClusterMBean {
    /** Says that nothing real is behind this. */
    String getSimulation();

    /** One line a volume: path, owner, state. */
    String[] getVolumes();

    /** One line a node: name, state, VSS service. */
    String[] getNodes();

    /** The cluster's own time, ISO-8601 in UTC; advance moves it. */
    String getTime();

    /** How often the native clear function was called. */
    long getClearCalls();

    /** A backup program announces a backup: the state is set or its timer of 1800 seconds restarted; no VSS session yet. */
    String prepareBackup(String volume, String node);

    /** A backup starts: prepared where needed, a VSS session opens, the cluster detects it, an auto-release shadow copy exists. */
    String startBackup(String volume, String node);

    /** The backup ends well: the state is cleared, the shadow copy released. */
    String completeBackup(String volume);

    /** The backup program dies. Only prepared: the timer goes on. Started: the shadow copy is released and the state stays. */
    String killBackup(String volume);

    /** The volume moves to another node, through offline, which ends the state. */
    String moveVolume(String volume, String node);

    /** UP, DOWN, PAUSED, JOINING, ISOLATED, QUARANTINED, or DOWN_UNKNOWN (Down, with unreadable status information). */
    String setNodeState(String node, String state);

    /** Sets a service's state until it is set again or changes by itself: STOPPED, RUNNING, START_PENDING or STOP_PENDING. */
    String setServiceState(String node, String service, String state);

    /** Adds a shadow copy of a volume that no simulated backup owns. */
    String addShadowCopy(String volume, String node, boolean persistent);

    /** Removes all shadow copies of a volume. */
    String removeShadowCopies(String volume);

    /** Lets the next calls of a Windows function answer with a code; 0 for the clear means: returns 0 and does nothing. */
    String failNextCalls(String function, int code, int times);

    /** Lets the next call of a Windows function hang until releaseHungCalls. */
    String hangNextCall(String function);

    /** Lets the hung calls go on. */
    String releaseHungCalls();

    /** Moves the cluster's clock, its timers and services, by seconds; not the agent's clock. */
    String advance(long seconds);
}
