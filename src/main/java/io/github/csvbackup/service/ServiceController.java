package io.github.csvbackup.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Starts, stops and removes the installed service, and waits until that is done. */
public final class ServiceController {
    private final ServiceManager manager;
    private final ServiceInstaller installer;
    private final String name;
    private final Waiting waiting;

    /** How to wait. */
    public interface Waiting {
        /** Waits a moment. Returns false when it has waited for the whole time. */
        boolean again(Duration waited);

        boolean isAlive(long processId);
    }

    /** Looks four times a second. */
    public static final class RealTime implements Waiting {
        @Override
        public boolean again(Duration waited) {
            try {
                Thread.sleep(STEP.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            return waited.compareTo(LONGEST) < 0;
        }

        @Override
        public boolean isAlive(long processId) {
            return ProcessHandle.of(processId).filter(ProcessHandle::isAlive).isPresent();
        }
    }

    private static final Duration STEP = Duration.ofMillis(250);
    /** Longer than the service itself waits for the agent to start. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    public ServiceController(ServiceManager manager, String name, Waiting waiting) {
        this.manager = manager;
        this.installer = new ServiceInstaller(manager, name);
        this.name = name;
        this.waiting = waiting;
    }

    /** The service; fails if it is not installed, or is not the agent's. */
    public InstalledService require() throws ServiceException {
        InstalledService found = installer.find();
        if (found == null) {
            throw new ServiceException("The service " + name + " is not installed. Install it with: service install");
        }
        return found;
    }

    /**
     * Starts the service and waits until it runs or has stopped again.
     *
     * @return the last state; null if it ran before
     */
    public @Nullable ServiceState start() throws ServiceException {
        ServiceState before = require().state();
        if (before.isRunning()) {
            return null;
        }
        if (!requestStart()) {
            ServiceState stopping = before.isStopping() ? before : require().state();
            if (stopping.isStopping()) {
                awaitEnd(stopping);
                boolean unused = requestStart();
            }
        }
        ServiceState state = require().state();
        for (Duration waited = Duration.ZERO;
                !state.isRunning() && !state.isStopped() && waiting.again(waited);
                waited = waited.plus(STEP)) {
            state = require().state();
        }
        return state;
    }

    /** Returns false if it runs, starts or stops already: Windows does not tell which. */
    private boolean requestStart() throws ServiceException {
        try {
            manager.start(name);
            return true;
        } catch (ServiceException e) {
            if (e.code() == ServiceException.ALREADY_RUNNING) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Stops the service and waits until its process has ended.
     *
     * @return false if it was stopped before
     * @throws ServiceException if it does not stop
     */
    public boolean stop() throws ServiceException {
        ServiceState before = require().state();
        if (before.isStopped()) {
            return false;
        }
        try {
            manager.stop(name);
        } catch (ServiceException e) {
            if (e.code() == ServiceException.NOT_ACTIVE) {
                return false;
            }
            // It may be stopping already.
            if (!require().state().isStopping()) {
                throw e;
            }
        }
        awaitEnd(before);
        return true;
    }

    /** Waits until the service has stopped, and the process that it had before has ended. */
    private void awaitEnd(ServiceState before) throws ServiceException {
        ServiceState state = require().state();
        Duration waited = Duration.ZERO;
        while (!state.isStopped() || waiting.isAlive(before.processId())) {
            if (!waiting.again(waited)) {
                throw new ServiceException(
                        "The service " + name + " has not stopped: it is " + state.name() + ", process "
                                + before.processId() + ". Look at its log, and end that process if it does not stop.");
            }
            waited = waited.plus(STEP);
            state = require().state();
        }
    }

    /**
     * Removes the service; stops it first, since Windows would otherwise only mark it for deletion.
     *
     * @return the service that was removed; null if there was none
     */
    public @Nullable InstalledService uninstall() throws ServiceException {
        manager.requireAdministrator();
        InstalledService found = installer.find();
        if (found != null) {
            boolean unused = stop();
            manager.delete(name);
        }
        return found;
    }
}
