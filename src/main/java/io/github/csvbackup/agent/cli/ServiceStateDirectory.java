package io.github.csvbackup.agent.cli;

import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceInstaller;
import io.github.csvbackup.state.PreparedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the state directory before the first start of the service, for its account. The administrator who installs the service has no permissions of
 * their own there: the agent would take them for those of a stranger.
 */
record ServiceStateDirectory(ServiceSystem system, Path path, String account) implements ServiceInstaller.Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceStateDirectory.class);

    @Override
    public Runnable run() throws ServiceException {
        try {
            return PreparedDirectory.prepare(path, system.rightsOf(account)) ? this::delete : () -> {};
        } catch (IOException e) {
            throw new ServiceException(String.valueOf(e.getMessage()));
        }
    }

    private void delete() {
        try {
            Files.delete(path);
        } catch (IOException e) {
            LOG.warn("Cannot delete the new state directory {}: {}", path, e.getMessage());
        }
    }
}
