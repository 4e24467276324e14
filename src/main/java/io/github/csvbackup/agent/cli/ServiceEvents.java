package io.github.csvbackup.agent.cli;

import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceInstaller;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the source of the service's events in the Windows event log.
 *
 * @param isNew whether there is no service yet, so that a failed installation must leave no source
 */
record ServiceEvents(ServiceSystem system, boolean isNew) implements ServiceInstaller.Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceEvents.class);

    @Override
    public Runnable run() throws ServiceException {
        try {
            system.registerEvents();
        } catch (IOException e) {
            throw new ServiceException(String.valueOf(e.getMessage()));
        }
        return isNew ? this::unregister : () -> {};
    }

    private void unregister() {
        try {
            system.unregisterEvents();
        } catch (IOException e) {
            LOG.warn("The source of the events stays in the registry: {}", e.getMessage());
        }
    }
}
