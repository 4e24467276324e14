package io.github.csvbackup.cluster.windows;

import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads from a service control manager. Changes nothing. Thread-safe. */
final class ServiceManager {
    private static final String DATABASE = "ServicesActive";
    /** SERVICE_STATUS_PROCESS (winsvc.h). */
    private static final int SIZE = 36;

    private static final int CURRENT_STATE = 4;
    private static final int PROCESS_ID = 28;

    private final Advapi32 api;
    private final SystemCalls system;

    ServiceManager(Advapi32 api, SystemCalls system) {
        this.api = api;
        this.system = system;
    }

    /**
     * A service's status; its start time only if it runs on this machine.
     *
     * @param machine null: this one
     * @throws ClusterException with the code of the function that failed, and what to do about a node that cannot be asked
     */
    ServiceStatus status(@Nullable String machine, String service) throws ClusterException {
        try (Handle manager = Handle.of(
                        system,
                        "OpenSCManager",
                        api.OpenSCManager(machine, DATABASE, Advapi32.SC_MANAGER_CONNECT),
                        api::CloseServiceHandle);
                Handle handle = Handle.of(
                        system,
                        "OpenService",
                        api.OpenService(manager.pointer(), service, Advapi32.SERVICE_QUERY_STATUS),
                        api::CloseServiceHandle)) {
            byte[] bytes = new byte[SIZE];
            if (!api.QueryServiceStatusEx(
                    handle.pointer(), Advapi32.SC_STATUS_PROCESS_INFO, bytes, bytes.length, new IntByReference())) {
                throw system.lastFailure("QueryServiceStatusEx");
            }
            ByteBuffer status = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            long process = Integer.toUnsignedLong(status.getInt(PROCESS_ID));
            return new ServiceStatus(
                    status.getInt(CURRENT_STATE),
                    process == 0 ? null : process,
                    process == 0 || machine != null
                            ? null
                            : ProcessHandle.of(process)
                                    .flatMap(found -> found.info().startInstant())
                                    .orElse(null));
        }
    }
}
