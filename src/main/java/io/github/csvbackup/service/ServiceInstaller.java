package io.github.csvbackup.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Installs the service, and changes it if it is installed. If a step fails, the steps before it are undone. */
public final class ServiceInstaller {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceInstaller.class);

    private final ServiceManager manager;
    private final String name;

    public ServiceInstaller(ServiceManager manager, String name) {
        this.manager = manager;
        this.name = name;
    }

    /** A step that prepares the installation. */
    @FunctionalInterface
    public interface Preparation {
        /** Does it, and returns how to undo it. */
        Runnable run() throws ServiceException;
    }

    /**
     * The result of an installation.
     *
     * @param before null: the service is new
     * @param lacking settings that this Windows does not have
     * @param granted whether the account got the right to log on as a service
     */
    public record Installed(@Nullable InstalledService before, List<String> lacking, boolean granted) {}

    /**
     * The agent's service; null if there is none.
     *
     * @throws ServiceException if there is another service of that name
     */
    public @Nullable InstalledService find() throws ServiceException {
        InstalledService found = manager.find(name);
        if (found != null && !ServiceCommandLine.isAgent(found.commandLine())) {
            throw new ServiceException(
                    "There is a service " + name + " that is not this agent: it runs " + found.commandLine()
                            + ". Remove that service first, or keep it and run the agent in another way.");
        }
        return found;
    }

    /**
     * Installs or changes the service; does not start it.
     *
     * @param preparations run first, in this order
     */
    public Installed install(ServiceSettings settings, List<Preparation> preparations) throws ServiceException {
        manager.requireAdministrator();
        InstalledService before = find();
        Deque<Runnable> undo = new ArrayDeque<>();
        boolean complete = false;
        try {
            for (Preparation preparation : preparations) {
                undo.push(preparation.run());
            }
            String account = settings.account();
            boolean granted = account != null && grant(account, undo);
            List<String> lacking = before == null ? create(settings, undo) : change(settings);
            complete = true;
            return new Installed(before, List.copyOf(lacking), granted);
        } finally {
            if (!complete) {
                undo.forEach(Runnable::run);
            }
        }
    }

    private boolean grant(String account, Deque<Runnable> undo) throws ServiceException {
        boolean granted = !account.equals(AgentAccount.LOCAL_SYSTEM) && manager.grantLogon(account);
        if (granted) {
            undo.push(quietly(() -> manager.revokeLogon(account)));
        }
        return granted;
    }

    private List<String> create(ServiceSettings settings, Deque<Runnable> undo) throws ServiceException {
        manager.create(name, settings);
        undo.push(quietly(() -> manager.delete(name)));
        return manager.configure(name, settings);
    }

    /** The last step is one call, which changes all or nothing. What comes before it is the same for each installation. */
    private List<String> change(ServiceSettings settings) throws ServiceException {
        List<String> lacking = manager.configure(name, settings);
        manager.change(name, settings);
        return lacking;
    }

    @FunctionalInterface
    private interface Undo {
        void run() throws ServiceException;
    }

    /** The first failure is the one to report. */
    private static Runnable quietly(Undo undo) {
        return () -> {
            try {
                undo.run();
            } catch (ServiceException e) {
                LOG.warn("A step of the failed installation cannot be undone: {}", e.getMessage());
            }
        };
    }
}
