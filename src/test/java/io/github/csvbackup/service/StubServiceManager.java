package io.github.csvbackup.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service manager in memory, for the tests of what uses one. It starts and stops at once, unless told otherwise. */
public final class StubServiceManager implements ServiceManager {
    private static final String GERMAN_SYSTEM = "NT-AUTORIT\u00c4T\\SYSTEM";

    /** The accounts of its machine, as files have them. */
    public static final List<String> ACCOUNTS =
            List.of(GERMAN_SYSTEM, "NODE1\\backup", "DOMAIN\\admin", "DOMAIN\\agent$");

    private final Map<String, InstalledService> services = new HashMap<>();
    /** The settings that were configured last. */
    public @Nullable ServiceSettings configured;

    /** The account in the last call that created or changed a service. */
    public @Nullable String requestedAccount;

    public final List<String> calls = new ArrayList<>();
    public final List<String> granted = new ArrayList<>();
    public List<String> lacking = List.of();
    private final Map<String, Integer> failures = new HashMap<>();
    /** What a start leads to, one after the other at each look. */
    public List<ServiceState> afterStart = List.of(new ServiceState(ServiceState.RUNNING, 0, 0, 42));

    public List<ServiceState> afterStop = List.of(new ServiceState(ServiceState.STOPPED, 0, 0, 0));
    /** Runs at each start. */
    public Runnable onStart = () -> {};

    private final List<ServiceState> coming = new ArrayList<>();

    /** A call fails with a Win32 code. */
    public void fail(String call, int code) {
        failures.put(call, code);
    }

    public void put(String name, String commandLine, String account, ServiceState state) {
        services.put(name, new InstalledService(commandLine, account, AgentService.DISPLAY_NAME, state));
    }

    /** What the service does by itself, one after the other at each look. */
    public void becomes(ServiceState... states) {
        coming.addAll(List.of(states));
    }

    /** Without a call that is recorded. */
    public @Nullable InstalledService service(String name) {
        return services.get(name);
    }

    private void call(String call) throws ServiceException {
        calls.add(call);
        Integer code = failures.get(call);
        if (code != null) {
            throw ServiceException.win32(call, code);
        }
    }

    private InstalledService existing(String name) throws ServiceException {
        InstalledService found = services.get(name);
        if (found == null) {
            throw ServiceException.win32("OpenService", ServiceException.DOES_NOT_EXIST);
        }
        return found;
    }

    @Override
    public void requireAdministrator() throws ServiceException {
        call("requireAdministrator");
    }

    @Override
    public @Nullable InstalledService find(String name) throws ServiceException {
        InstalledService found = services.get(name);
        if (found != null && !coming.isEmpty()) {
            put(name, found.commandLine(), found.account(), coming.remove(0));
        }
        return services.get(name);
    }

    @Override
    public void create(String name, ServiceSettings settings) throws ServiceException {
        call("create");
        requestedAccount = settings.account();
        put(
                name,
                settings.commandLine(),
                settings.account() == null ? "LocalSystem" : settings.account(),
                new ServiceState(ServiceState.STOPPED, 1077, 0, 0));
    }

    @Override
    public void change(String name, ServiceSettings settings) throws ServiceException {
        InstalledService before = existing(name);
        call("change");
        requestedAccount = settings.account();
        put(
                name,
                settings.commandLine(),
                settings.account() == null ? before.account() : settings.account(),
                before.state());
    }

    @Override
    public List<String> configure(String name, ServiceSettings settings) throws ServiceException {
        existing(name);
        call("configure");
        configured = settings;
        return lacking;
    }

    @Override
    public void delete(String name) throws ServiceException {
        existing(name);
        call("delete");
        services.remove(name);
    }

    @Override
    public void start(String name) throws ServiceException {
        InstalledService service = existing(name);
        call("start");
        if (!service.state().isStopped()) {
            throw ServiceException.win32("StartService", ServiceException.ALREADY_RUNNING);
        }
        onStart.run();
        coming.addAll(afterStart);
    }

    @Override
    public void stop(String name) throws ServiceException {
        existing(name);
        call("stop");
        coming.addAll(afterStop);
    }

    /** A German Windows, which does not find the English name. */
    @Override
    public String accountName(String account) {
        return account.equals(AgentAccount.LOCAL_SYSTEM)
                ? GERMAN_SYSTEM
                : account.startsWith(".\\") ? "NODE1" + account.substring(1) : account;
    }

    @Override
    public boolean grantLogon(String account) throws ServiceException {
        call("grantLogon");
        return granted.add(account);
    }

    @Override
    public void revokeLogon(String account) throws ServiceException {
        call("revokeLogon");
        granted.remove(account);
    }
}
