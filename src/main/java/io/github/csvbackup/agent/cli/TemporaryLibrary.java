package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.NativeLibrary;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JNA's native library in a temporary folder, for a command that uses no state directory. */
final class TemporaryLibrary implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporaryLibrary.class);
    private static final String FOLDER = "csv-backup-probe-";

    private TemporaryLibrary() {}

    /** Call this before using JNA. */
    static TemporaryLibrary unpacked() throws StartException {
        Path folder = TemporaryFolder.create(FOLDER);
        try {
            NativeLibrary.unpackInto(folder, FileRights.of(folder).ofNewFile());
        } catch (IOException e) {
            throw new StartException("Cannot write JNA's native library to " + folder + ": " + e + ".", e);
        }
        return new TemporaryLibrary();
    }

    /** Windows does not delete a loaded library, so this also deletes the folders of earlier commands. */
    @Override
    public void close() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            deleteFoldersIn(parent, FileRights.of(parent));
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("Cannot list the folder for temporary files", e);
        }
    }

    static void deleteFoldersIn(Path parent, FileRights rights) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, FOLDER + "*")) {
            for (Path folder : folders) {
                deleteQuietly(folder, rights);
            }
        }
    }

    private static void deleteQuietly(Path folder, FileRights rights) {
        try {
            TemporaryFolder.deleteLeftover(folder, rights);
        } catch (IOException e) {
            LOG.debug("{} stays for now", folder, e);
        }
    }
}
