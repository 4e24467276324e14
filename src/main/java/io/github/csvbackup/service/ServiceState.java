package io.github.csvbackup.service;

/**
 * What the service manager knows about a running or stopped service (SERVICE_STATUS_PROCESS of winsvc.h).
 *
 * @param state one of the constants
 * @param exitCode of the last end; {@value #SERVICE_SPECIFIC} if the next one is the reason
 * @param specificCode the service's own code
 * @param processId 0 if it is stopped
 */
public record ServiceState(int state, int exitCode, int specificCode, long processId) {
    public static final int STOPPED = 1;
    public static final int START_PENDING = 2;
    public static final int STOP_PENDING = 3;
    public static final int RUNNING = 4;
    /** ERROR_SERVICE_SPECIFIC_ERROR. */
    public static final int SERVICE_SPECIFIC = 1066;
    /** ERROR_PROCESS_ABORTED: it was killed, crashed, or had no memory left. */
    private static final int PROCESS_ABORTED = 1067;
    /** ERROR_SERVICE_NEVER_STARTED: since the last start of Windows. */
    private static final int NEVER_STARTED = 1077;

    public boolean isStopped() {
        return state == STOPPED;
    }

    public boolean isStopping() {
        return state == STOP_PENDING;
    }

    public boolean isRunning() {
        return state == RUNNING;
    }

    /** The name of the state, as Windows' tools show it. */
    public String name() {
        return switch (state) {
            case STOPPED -> "STOPPED";
            case START_PENDING -> "START_PENDING";
            case STOP_PENDING -> "STOP_PENDING";
            case RUNNING -> "RUNNING";
            default -> "in state " + state;
        };
    }

    /** How a stopped service ended; empty if it ended as it should. */
    public String end() {
        if (!isStopped() || exitCode == 0) {
            return "";
        }
        return switch (exitCode) {
            case NEVER_STARTED -> "not started since Windows started";
            case SERVICE_SPECIFIC -> "it ended with its code " + specificCode;
            case PROCESS_ABORTED -> "its process ended unexpectedly (Win32 error " + exitCode + ")";
            default -> "it ended with Win32 error " + exitCode;
        };
    }
}
