package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for a command that leaves nothing behind. */
final class TemporaryFolder {
    private TemporaryFolder() {}

    static Path create(String prefix) throws StartException {
        try {
            Path parent = Path.of(System.getProperty("java.io.tmpdir"));
            // On Windows it would inherit the parent's rights, and others may write into a folder of the system's.
            return Files.createTempDirectory(
                    parent, prefix, FileRights.of(parent).ofNewDirectory());
        } catch (IOException e) {
            throw new StartException("A folder for temporary files is needed: " + e + ".", e);
        }
    }

    /** Deletes it with all that is in it. */
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
