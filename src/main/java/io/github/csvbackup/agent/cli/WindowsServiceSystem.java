package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.NativeLibrary;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.service.PortListener;
import io.github.csvbackup.service.ServiceController;
import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceHost;
import io.github.csvbackup.service.ServiceManager;
import io.github.csvbackup.service.WindowsServices;
import io.github.csvbackup.state.StateDirectory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This Windows. */
final class WindowsServiceSystem implements ServiceSystem {
    private static final Logger LOG = LoggerFactory.getLogger(WindowsServiceSystem.class);

    /** One line instead of an error of JNA on a system that has no services. */
    private static void requireWindows() throws StartException {
        String system = System.getProperty("os.name", "");
        if (!system.startsWith("Windows")) {
            throw new StartException("The command service is for Windows; this system is " + system
                    + ". Run the agent here with an init system, such as systemd.");
        }
        if (!"64".equals(System.getProperty("sun.arch.data.model"))) {
            throw new StartException("This is a 32-bit Java. Run this command with a 64-bit Java 17 or newer.");
        }
    }

    @Override
    public ServiceManager manager() throws StartException {
        requireWindows();
        TemporaryLibrary library = TemporaryLibrary.unpacked();
        try {
            return WindowsServices.manager();
        } catch (ServiceException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } finally {
            library.close();
        }
    }

    @Override
    public ServiceHost host(Path stateDir) throws StartException {
        requireWindows();
        try (StateDirectory directory = StateDirectory.open(stateDir, Clock.systemUTC())) {
            NativeLibrary.unpackInto(directory);
        } catch (IOException e) {
            // The agent will fail to start for the same reason, and must be able to report it to the service manager.
            LOG.debug("JNA's library is unpacked to a temporary folder", e);
            return temporaryHost();
        }
        return open();
    }

    private static ServiceHost temporaryHost() throws StartException {
        TemporaryLibrary library = TemporaryLibrary.unpacked();
        try {
            return open();
        } finally {
            library.close();
        }
    }

    private static ServiceHost open() throws StartException {
        try {
            return WindowsServices.host();
        } catch (ServiceException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<PortListener> listeners() throws ServiceException {
        return WindowsServices.listeners();
    }

    @Override
    public FileRights rightsOf(String account) throws IOException {
        return FileRights.ofWindowsAccount(account);
    }

    @Override
    public FileRights rightsOfPrograms(String account) throws IOException {
        return FileRights.ofWindowsPrograms(account);
    }

    @Override
    public Path jar() throws StartException {
        try {
            return Path.of(WindowsServiceSystem.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new StartException("The address of the agent's jar is not usable: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    @Override
    public Path profiles() {
        Path own =
                Path.of(System.getProperty("user.home", "C:\\Users\\unknown")).toAbsolutePath();
        return Objects.requireNonNullElse(own.getParent(), own);
    }

    @Override
    public ServiceController.Waiting waiting() {
        return new ServiceController.RealTime();
    }

    /** JNA is there: the dispatcher uses it. */
    @Override
    public EventLog events() throws IOException {
        return EventLog.open(Clock.systemUTC());
    }

    /** JNA is there: the commands of the service have asked for the service manager before. */
    @Override
    public void registerEvents() throws IOException {
        EventLog.register();
    }

    @Override
    public void unregisterEvents() throws IOException {
        EventLog.unregister();
    }
}
