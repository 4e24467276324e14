package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.PortListener;
import io.github.csvbackup.service.ServiceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The address where a service with these options will listen. */
record ServicePort(ServiceSystem system, Options options) {
    /**
     * Fails if another program listens there, such as another agent, which was started in another way, or if Windows excludes the port.
     *
     * @param service the installed one, which may listen there itself
     */
    void requireFree(@Nullable InstalledService service) throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(false);
            socket.bind(new InetSocketAddress(options.host(), options.port()));
        } catch (IOException e) {
            if (service == null || service.state().processId() == 0) {
                throw taken(e, "");
            }
            requireHeldOnlyBy(service.state().processId(), e);
        }
    }

    /** By who listens, not by the options of the service: they may have been changed since its start. */
    private void requireHeldOnlyBy(long processId, IOException failure) throws StartException {
        List<PortListener> listeners;
        try {
            InetAddress wanted = InetAddress.getByName(options.host());
            listeners = system.listeners().stream()
                    .filter(listener -> listener.isInTheWayOf(wanted, options.port()))
                    .toList();
        } catch (IOException | ServiceException e) {
            throw taken(
                    failure,
                    " It is not known which program listens: "
                            + String.valueOf(e.getMessage()).replaceFirst("\\.$", "")
                            + ". If it is the service itself, stop it first: service stop.");
        }
        if (listeners.isEmpty() || listeners.stream().anyMatch(each -> each.processId() != processId)) {
            throw taken(failure, "");
        }
    }

    private StartException taken(IOException failure, String note) {
        return new StartException(
                "The service cannot listen on " + options.host() + " port " + options.port() + ": "
                        + failure.getMessage() + "." + note
                        + " Stop the program that uses it, perhaps an agent that was started in another way, or choose"
                        + " another port with --port.",
                failure);
    }
}
