package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.service.PortListener;
import io.github.csvbackup.service.ServiceController;
import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceHost;
import io.github.csvbackup.service.ServiceManager;
import io.github.csvbackup.service.ServiceRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the commands of the service need of this machine, which tests replace. */
interface ServiceSystem {
    /**
     * The service manager.
     *
     * @throws StartException on a system that is not Windows
     */
    ServiceManager manager() throws StartException;

    /**
     * The service dispatcher.
     *
     * @param stateDir where JNA's library is unpacked, if it can be trusted
     */
    ServiceHost host(Path stateDir) throws StartException;

    /** The programs that listen on TCP ports. JNA is there: the commands of the service have asked for the service manager before. */
    List<PortListener> listeners() throws ServiceException;

    /**
     * The permissions of files as the account of the service sees them.
     *
     * @param account as {@link ServiceManager#accountName}
     */
    FileRights rightsOf(String account) throws IOException;

    /** The same for the jar and the Java that it runs. */
    FileRights rightsOfPrograms(String account) throws IOException;

    /** The agent's jar. */
    Path jar() throws StartException;

    /** The Java that runs this command. */
    Path javaHome();

    /** Folders whose files belong to a user, such as downloads. */
    Path profiles();

    ServiceController.Waiting waiting();

    /** How long the service waits for its agent. */
    default ServiceRun.Times times() {
        return ServiceRun.Times.USUAL;
    }

    /** The Windows event log, for a service whose agent did not start. */
    EventLog events() throws IOException;

    /** Registers the agent as a source in the Windows event log. */
    void registerEvents() throws IOException;

    /** Removes that source; what was written stays. */
    void unregisterEvents() throws IOException;
}
