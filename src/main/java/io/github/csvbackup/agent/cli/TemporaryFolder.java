package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder of a command, which deletes it at the end. */
final class TemporaryFolder {
    private TemporaryFolder() {}

    static Path create(String prefix) throws StartException {
        try {
            Path parent = Path.of(System.getProperty("java.io.tmpdir"));
            // On Windows it would inherit the permissions of the parent, and other accounts may write to the system's
            // temporary folder.
            return Files.createTempDirectory(
                    parent, prefix, FileRights.of(parent).ofNewDirectory());
        } catch (IOException e) {
            throw new StartException("Cannot create a temporary folder: " + e + ".", e);
        }
    }

    /** Deletes the folder and everything in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
