package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A service that starts when used and stops by itself once idle. Guarded by the cluster's lock. */
final class SimulatedService {
    /** The VSS service exits when it has been idle for three minutes. */
    private static final Duration IDLE = Duration.ofMinutes(3);

    private int state = ServiceStatus.STOPPED;
    private @Nullable Instant started;
    private Instant used = Instant.EPOCH;
    private long process;

    SimulatedService(long process) {
        this.process = process;
    }

    /** Starts it if needed and resets its idle time. */
    void use(boolean busy, Instant now) {
        settle(busy, now);
        if (state != ServiceStatus.RUNNING) {
            set(ServiceStatus.RUNNING, now);
        }
        used = now;
    }

    void set(int newState, Instant now) {
        if (newState == ServiceStatus.RUNNING && state != ServiceStatus.RUNNING) {
            process++;
            started = now;
        }
        state = newState;
        used = now;
    }

    void powerOff() {
        state = ServiceStatus.STOPPED;
    }

    /**
     * Its status.
     *
     * @param busy the service is in use and therefore not idle
     */
    ServiceStatus status(boolean busy, Instant now) {
        settle(busy, now);
        boolean alive = state != ServiceStatus.STOPPED;
        return new ServiceStatus(state, alive ? process : null, alive ? started : null);
    }

    private void settle(boolean busy, Instant now) {
        if (state == ServiceStatus.RUNNING && !busy && !now.isBefore(used.plus(IDLE))) {
            state = ServiceStatus.STOPPED;
        }
    }
}
