package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.eventlog.RecordedEvents;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.service.JavaRuntimeTest;
import io.github.csvbackup.service.PortListener;
import io.github.csvbackup.service.ServiceController;
import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceHost;
import io.github.csvbackup.service.ServiceManager;
import io.github.csvbackup.service.ServiceReport;
import io.github.csvbackup.service.ServiceRun;
import io.github.csvbackup.service.ServiceState;
import io.github.csvbackup.service.StubServiceManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Windows with a jar and a Java in a folder. Its service manager is in memory; its dispatcher runs the service on the calling thread. */
final class StubServiceSystem implements ServiceSystem {
    final StubServiceManager manager = new StubServiceManager();
    final List<ServiceReport> reports = new ArrayList<>();
    final Path folder;
    Path profiles = Path.of("/profiles");
    /** Replaces the permissions of the file system. */
    @Nullable
    FileRights rights;

    @Nullable
    FileRights rightsOfPrograms;

    /** Null: they cannot be found out. */
    @Nullable
    List<PortListener> listeners = List.of();

    /** Whether the agent is a source of the event log. */
    boolean eventsRegistered;

    boolean eventLogFails;

    /** What a failed start writes to the event log. */
    final List<String> events = new ArrayList<>();

    /** Whether the dispatcher cannot be used. */
    boolean dispatcherFails;

    /** What the dispatcher throws before it calls the service. */
    @Nullable
    Error dispatcherThrows;

    /** What the event log throws when it is opened. */
    @Nullable
    Error eventLogThrows;

    ServiceRun.Times times = ServiceRun.Times.USUAL;

    /** What happens at each report of the service that it still starts. */
    Runnable whileStarting = () -> {};

    /** What happens when the service has reported that it runs. */
    Runnable whileRunning = () -> {};

    StubServiceSystem(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("app"));
        Files.writeString(jar(), "jar");
        JavaRuntimeTest.java(javaHome(), "17.0.9", "64");
    }

    @Override
    public ServiceManager manager() {
        return manager;
    }

    @Override
    public ServiceHost host(Path stateDir) throws StartException {
        if (dispatcherFails) {
            throw new StartException("Cannot start JNA: it is broken.");
        }
        return (name, service) -> {
            if (dispatcherThrows != null) {
                throw dispatcherThrows;
            }
            service.main(report -> report(service, report));
        };
    }

    private void report(ServiceHost.Service service, ServiceReport report) {
        reports.add(report);
        if (report.state() == ServiceState.START_PENDING) {
            whileStarting.run();
        }
        if (report.accepted() != 0) {
            whileRunning.run();
            service.control(1);
        }
    }

    @Override
    public List<PortListener> listeners() throws ServiceException {
        if (listeners == null) {
            throw new ServiceException("GetExtendedTcpTable failed");
        }
        return listeners;
    }

    @Override
    public FileRights rightsOf(String account) throws IOException {
        if (!StubServiceManager.ACCOUNTS.contains(account)) {
            throw new IOException("there is no Windows account " + account);
        }
        return rights != null ? rights : FileRights.of(folder);
    }

    @Override
    public FileRights rightsOfPrograms(String account) throws IOException {
        return rightsOfPrograms != null ? rightsOfPrograms : rightsOf(account);
    }

    @Override
    public Path jar() {
        return folder.resolve("app/agent.jar");
    }

    @Override
    public Path javaHome() {
        return folder.resolve("jdk");
    }

    @Override
    public Path profiles() {
        return profiles;
    }

    @Override
    public EventLog events() throws IOException {
        if (eventLogThrows != null) {
            throw eventLogThrows;
        }
        if (eventLogFails) {
            throw new IOException("the event log is closed");
        }
        return new RecordedEvents(events).log();
    }

    @Override
    public ServiceRun.Times times() {
        return times;
    }

    @Override
    public void registerEvents() throws IOException {
        if (eventLogFails) {
            throw new IOException("the event log is closed");
        }
        eventsRegistered = true;
    }

    @Override
    public void unregisterEvents() throws IOException {
        if (eventLogFails) {
            throw new IOException("the event log is closed");
        }
        eventsRegistered = false;
    }

    @Override
    public ServiceController.Waiting waiting() {
        return new ServiceController.Waiting() {
            private int looks;

            @Override
            public boolean again(Duration waited) {
                return ++looks < 10;
            }

            @Override
            public boolean isAlive(long processId) {
                return false;
            }
        };
    }
}
