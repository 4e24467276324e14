package io.github.csvbackup.service;

/** The names of the agent's service. */
public final class AgentService {
    public static final String NAME = "CsvBackupAgent";
    public static final String DISPLAY_NAME = "CSV backup agent";
    public static final String DESCRIPTION =
            "Watches the Backup in Progress state of Cluster Shared Volumes, and clears it on request if it is proven to be"
                    + " stale.";

    private AgentService() {}
}
