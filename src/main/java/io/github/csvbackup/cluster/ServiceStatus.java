package io.github.csvbackup.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Status of a Windows service on one node (QueryServiceStatusEx, SERVICE_STATUS_PROCESS). Only {@code STOPPED} means that the
 * service is idle.
 *
 * @param state dwCurrentState
 * @param processId the service's process; null while it has none
 * @param startTime when that process started; null where it could not be read
 */
public record ServiceStatus(
        int state, @Nullable Long processId, @Nullable Instant startTime) {
    public static final int STOPPED = 1;
    public static final int START_PENDING = 2;
    public static final int STOP_PENDING = 3;
    public static final int RUNNING = 4;

    public boolean isStopped() {
        return state == STOPPED;
    }

    /** True if both run in the same process. Two unknown processes are not the same. */
    public static boolean isSameProcess(@Nullable ServiceStatus one, @Nullable ServiceStatus other) {
        return one != null
                && other != null
                && one.processId() != null
                && one.processId().equals(other.processId());
    }

    /** The state's name as {@code sc query} prints it, or the raw number. */
    public String stateName() {
        return switch (state) {
            case STOPPED -> "STOPPED";
            case START_PENDING -> "START_PENDING";
            case STOP_PENDING -> "STOP_PENDING";
            case RUNNING -> "RUNNING";
            case 5 -> "CONTINUE_PENDING";
            case 6 -> "PAUSE_PENDING";
            case 7 -> "PAUSED";
            default -> Integer.toString(state);
        };
    }
}
