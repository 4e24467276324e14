package io.github.csvbackup.service;

import java.time.Duration;

/**
 * What the service tells the service manager (SERVICE_STATUS of winsvc.h).
 *
 * @param state a state of {@link ServiceState}
 * @param accepted the controls that it accepts, as bits
 * @param checkpoint grows while a start or stop makes progress
 * @param waitHint how long until the next report
 */
public record ServiceReport(
        int state, int accepted, int exitCode, int specificCode, int checkpoint, Duration waitHint) {
    /** SERVICE_ACCEPT_STOP, SERVICE_ACCEPT_SHUTDOWN and SERVICE_ACCEPT_PRESHUTDOWN. */
    public static final int STOP_AND_SHUTDOWN = 0x1 | 0x4 | 0x100;

    static ServiceReport running() {
        return new ServiceReport(ServiceState.RUNNING, STOP_AND_SHUTDOWN, 0, 0, 0, Duration.ZERO);
    }

    static ServiceReport pending(int state, int checkpoint, Duration waitHint) {
        return new ServiceReport(state, 0, 0, 0, checkpoint, waitHint);
    }

    /** @param code 0 for success; anything else is a failure, which the service manager recovers from */
    static ServiceReport stopped(int code) {
        return new ServiceReport(
                ServiceState.STOPPED, 0, code == 0 ? 0 : ServiceState.SERVICE_SPECIFIC, code, 0, Duration.ZERO);
    }
}
