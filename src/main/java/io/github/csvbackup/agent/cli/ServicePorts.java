package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.http.LocalDoor;
import io.github.csvbackup.http.RemoteDoor;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.PortListener;
import io.github.csvbackup.service.ServiceException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The addresses where a service with these options will listen. */
record ServicePorts(ServiceSystem system, Options options) {
    /**
     * Fails if another program listens there, such as another agent, which was started in another way, or if Windows excludes the port.
     *
     * @param service the installed one, which may listen there itself
     */
    void requireFree(@Nullable InstalledService service) throws StartException {
        try {
            String host = options.host();
            if (host != null) {
                requireFree(service, host, LocalDoor.where(host, options.port()), "--port");
            }
            RemoteAccess access = options.remoteAccess();
            if (access != null) {
                requireFree(service, access.host(), RemoteDoor.where(access.host(), access.port()), "--remote-port");
            }
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private void requireFree(@Nullable InstalledService service, String host, InetSocketAddress where, String option)
            throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(false);
            socket.bind(where);
        } catch (IOException e) {
            Optional<String> note = service == null || service.state().processId() == 0
                    ? Optional.of("")
                    : othersThan(service.state().processId(), where);
            if (note.isPresent()) {
                throw new StartException(
                        "The service cannot listen on " + host + " port " + where.getPort() + ": " + e.getMessage()
                                + "."
                                + note.get()
                                + " Stop the program that uses it, perhaps an agent that was started in another way, or choose"
                                + " another port with " + option + ".",
                        e);
            }
        }
    }

    /**
     * Whether others than this process may listen, with a note for the message. It looks at who listens, not at the options of the service: they may have
     * been changed since its start.
     */
    private Optional<String> othersThan(long processId, InetSocketAddress where) {
        try {
            List<PortListener> listeners = system.listeners().stream()
                    .filter(listener -> listener.isInTheWayOf(where.getAddress(), where.getPort()))
                    .toList();
            return !listeners.isEmpty() && listeners.stream().allMatch(each -> each.processId() == processId)
                    ? Optional.empty()
                    : Optional.of("");
        } catch (ServiceException e) {
            return Optional.of(" It is not known which program listens: "
                    + String.valueOf(e.getMessage()).replaceFirst("\\.$", "")
                    + ". If it is the service itself, stop it first: service stop.");
        }
    }
}
