package io.github.csvbackup.agent.cli;

import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.state.PreparedDirectory;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why the service did not start: one sentence in a file of the state directory, for {@code service start} and {@code service status}. The service manager
 * itself keeps only a number. There is none while the service runs.
 */
record ServiceFailure(Path stateDir) {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceFailure.class);
    private static final String FILE = "service-failure.txt";
    private static final int LONGEST = 4000;

    static ServiceFailure of(InstalledService service) {
        return at(ServiceOptions.of(service.commandLine()).stateDir());
    }

    static ServiceFailure at(String stateDir) {
        try {
            return new ServiceFailure(Path.of(stateDir));
        } catch (InvalidPathException e) {
            return new ServiceFailure(Path.of(""));
        }
    }

    private Path file() {
        return stateDir.resolve(FILE);
    }

    /** Writes nothing into a directory that others could use to redirect it. */
    void write(String sentence) {
        if (!stateDir.isAbsolute()) {
            return;
        }
        try {
            List<Path> unused = PreparedDirectory.prepare(stateDir, FileRights.of(stateDir));
            forget();
            Files.writeString(
                    file(),
                    OutsideText.printable(OutsideText.bounded(sentence, LONGEST)),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            LOG.warn("Cannot write {}: {}", file(), e.getMessage());
        }
    }

    /** Empty if there is none, or if it cannot be trusted. */
    String text() {
        try {
            return TrustedFile.of(file(), "The file " + file(), Privacy.READABLE)
                    .text()
                    .strip();
        } catch (IOException e) {
            LOG.debug("No reason for a failed start", e);
            return "";
        }
    }

    void forget() {
        try {
            if (stateDir.isAbsolute()) {
                Files.deleteIfExists(file());
            }
        } catch (IOException e) {
            LOG.debug("Cannot delete {}", file(), e);
        }
    }
}
