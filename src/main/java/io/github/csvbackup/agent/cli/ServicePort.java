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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The address where a service with these options will listen. */
record ServicePort(ServiceSystem system, Options options) {
    private static final Logger LOG = LoggerFactory.getLogger(ServicePort.class);

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
            if (service == null
                    || service.state().processId() == 0
                    || !isHeldOnlyBy(service.state().processId())) {
                throw new StartException(
                        "The service cannot listen on " + options.host() + " port " + options.port() + ": "
                                + e.getMessage()
                                + ". Stop the program that uses it, perhaps an agent that was started in another way, or choose"
                                + " another port with --port.",
                        e);
            }
        }
    }

    /** By who listens, not by the options of the service: they may have been changed since its start. */
    private boolean isHeldOnlyBy(long processId) {
        try {
            InetAddress wanted = InetAddress.getByName(options.host());
            List<PortListener> listeners = system.listeners().stream()
                    .filter(listener -> listener.isInTheWayOf(wanted, options.port()))
                    .toList();
            return !listeners.isEmpty() && listeners.stream().allMatch(each -> each.processId() == processId);
        } catch (IOException | ServiceException e) {
            LOG.debug("It is not known who listens", e);
            return false;
        }
    }
}
