package io.github.csvbackup.agent.cli;

import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceInstaller;
import io.github.csvbackup.state.PreparedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the state directory before the first start of the service, for its account. The administrator who installs the service has no permissions of
 * their own there: the agent would take them for those of a stranger.
 *
 * @param account as files have it
 */
record ServiceStateDirectory(ServiceSystem system, Path path, String account) implements ServiceInstaller.Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceStateDirectory.class);

    @Override
    public Runnable run() throws ServiceException {
        try {
            List<Path> created = PreparedDirectory.prepare(path, system.rightsOf(account));
            return () -> PreparedDirectory.delete(created);
        } catch (IOException e) {
            throw new ServiceException(String.valueOf(e.getMessage()));
        }
    }

    /** Fails like {@link #run}, but creates nothing. */
    void check() throws ServiceException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Runnable unused = run();
        }
    }

    /** What to do if the account may not be able to use the directory. */
    Optional<String> note() {
        try {
            return system.rightsOf(account)
                    .openToAccount(path)
                    .map(command -> "the permissions of the state directory do not name the account " + account
                            + ". If it is not an administrator of this machine, the service does not start. Then run: "
                            + command);
        } catch (IOException e) {
            LOG.debug("The permissions of {} cannot be read", path, e);
            return Optional.empty();
        }
    }
}
