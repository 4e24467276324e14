package io.github.csvbackup.service;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service control manager of this machine. Each method opens what it needs and closes it again. */
final class WindowsServiceManager implements ServiceManager {
    private static final String DATABASE = "ServicesActive";
    private static final int SERVICE_CONTROL_STOP = 1;
    /** QueryServiceConfig needs at most 8 KB (its documentation). */
    private static final int CONFIG_BYTES = 8192;

    private static final int STATUS_BYTES = 28;

    private final Advapi32 api;

    WindowsServiceManager(Advapi32 api) {
        this.api = api;
    }

    @FunctionalInterface
    private interface Use {
        void with(Pointer service) throws ServiceException;
    }

    @Override
    public void requireAdministrator() throws ServiceException {
        manager(Advapi32.SC_MANAGER_CREATE_SERVICE).close();
    }

    private ScHandle manager(int access) throws ServiceException {
        return ScHandle.of(api, "OpenSCManager", api.OpenSCManager(null, DATABASE, access));
    }

    private ScHandle open(ScHandle manager, String name, int access) throws ServiceException {
        return ScHandle.of(api, "OpenService", api.OpenService(manager.pointer(), name, access));
    }

    private void use(String name, int access, Use use) throws ServiceException {
        try (ScHandle manager = manager(Advapi32.SC_MANAGER_CONNECT);
                ScHandle service = open(manager, name, access)) {
            use.with(service.pointer());
        }
    }

    private static void check(String function, boolean done) throws ServiceException {
        if (!done) {
            throw ServiceException.win32(function, Native.getLastError());
        }
    }

    @Override
    public @Nullable InstalledService find(String name) throws ServiceException {
        try (ScHandle manager = manager(Advapi32.SC_MANAGER_CONNECT);
                ScHandle service = open(manager, name, Advapi32.SERVICE_QUERY_CONFIG | Advapi32.SERVICE_QUERY_STATUS)) {
            return read(service.pointer());
        } catch (ServiceException e) {
            if (e.code() == ServiceException.DOES_NOT_EXIST) {
                return null;
            }
            throw e;
        }
    }

    private InstalledService read(Pointer service) throws ServiceException {
        byte[] status = new byte[ServiceStructures.STATUS_PROCESS_BYTES];
        check(
                "QueryServiceStatusEx",
                api.QueryServiceStatusEx(
                        service, Advapi32.SC_STATUS_PROCESS_INFO, status, status.length, new IntByReference()));
        Memory config = new Memory(CONFIG_BYTES);
        check("QueryServiceConfig", api.QueryServiceConfig(service, config, CONFIG_BYTES, new IntByReference()));
        return ServiceStructures.service(config, ServiceStructures.state(status));
    }

    @Override
    public void create(String name, ServiceSettings settings) throws ServiceException {
        try (ScHandle manager = manager(Advapi32.SC_MANAGER_CREATE_SERVICE)) {
            ScHandle.of(
                            api,
                            "CreateService",
                            api.CreateService(
                                    manager.pointer(),
                                    name,
                                    settings.displayName(),
                                    Advapi32.SERVICE_QUERY_CONFIG,
                                    Advapi32.SERVICE_WIN32_OWN_PROCESS,
                                    Advapi32.SERVICE_AUTO_START,
                                    Advapi32.SERVICE_ERROR_NORMAL,
                                    settings.commandLine(),
                                    null,
                                    null,
                                    null,
                                    settings.account(),
                                    null))
                    .close();
        }
    }

    @Override
    public void change(String name, ServiceSettings settings) throws ServiceException {
        use(name, Advapi32.SERVICE_CHANGE_CONFIG, service -> {
            // LocalSystem has no password, but only an empty one replaces that of another account.
            boolean system = AgentAccount.LOCAL_SYSTEM.equals(settings.account());
            check(
                    "ChangeServiceConfig",
                    api.ChangeServiceConfig(
                            service,
                            Advapi32.SERVICE_WIN32_OWN_PROCESS,
                            Advapi32.SERVICE_NO_CHANGE,
                            Advapi32.SERVICE_NO_CHANGE,
                            settings.commandLine(),
                            null,
                            null,
                            null,
                            settings.account(),
                            system ? "" : null,
                            settings.displayName()));
        });
    }

    @Override
    public List<String> configure(String name, ServiceSettings settings) throws ServiceException {
        List<String> lacking = new ArrayList<>();
        // A restart by the service manager needs the right to start the service.
        use(name, Advapi32.SERVICE_CHANGE_CONFIG | Advapi32.SERVICE_START, service -> {
            Memory text = ServiceStructures.wideText(settings.description());
            set(
                    service,
                    Advapi32.SERVICE_CONFIG_DESCRIPTION,
                    ServiceStructures.pointerTo(text),
                    "the description",
                    lacking);
            Memory restarts = ServiceStructures.restarts(settings.restartDelays());
            set(
                    service,
                    Advapi32.SERVICE_CONFIG_FAILURE_ACTIONS,
                    ServiceStructures.failureActions(settings.failuresForgottenAfter(), restarts),
                    "the restart after a failure",
                    lacking);
            set(
                    service,
                    Advapi32.SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
                    ServiceStructures.number(settings.delayedStart() ? 1 : 0),
                    "the delayed start",
                    lacking);
            set(
                    service,
                    Advapi32.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG,
                    ServiceStructures.number(settings.restartAfterErrorCode() ? 1 : 0),
                    "the restart after an end with an error code",
                    lacking);
            set(
                    service,
                    Advapi32.SERVICE_CONFIG_PRESHUTDOWN_INFO,
                    ServiceStructures.number((int) settings.preshutdown().toMillis()),
                    "the time for a shutdown",
                    lacking);
        });
        return lacking;
    }

    private void set(Pointer service, int level, Memory information, String what, List<String> lacking)
            throws ServiceException {
        if (!api.ChangeServiceConfig2(service, level, information)) {
            int code = Native.getLastError();
            if (code != ServiceException.INVALID_LEVEL) {
                throw ServiceException.win32("ChangeServiceConfig2", code);
            }
            lacking.add(what);
        }
    }

    @Override
    public void delete(String name) throws ServiceException {
        use(name, Advapi32.DELETE, service -> {
            check("DeleteService", api.DeleteService(service));
        });
    }

    @Override
    public void start(String name) throws ServiceException {
        use(name, Advapi32.SERVICE_START, service -> {
            check("StartService", api.StartService(service, 0, null));
        });
    }

    @Override
    public void stop(String name) throws ServiceException {
        use(name, Advapi32.SERVICE_STOP, service -> {
            check("ControlService", api.ControlService(service, SERVICE_CONTROL_STOP, new byte[STATUS_BYTES]));
        });
    }

    @Override
    public String accountName(String account) throws ServiceException {
        return AccountName.of(api, account, System.getenv("COMPUTERNAME"));
    }

    @Override
    public boolean grantLogon(String account) throws ServiceException {
        try (LogonRight right = LogonRight.open(api, account)) {
            return right.grant();
        }
    }

    @Override
    public void revokeLogon(String account) throws ServiceException {
        try (LogonRight right = LogonRight.open(api, account)) {
            right.revoke();
        }
    }
}
