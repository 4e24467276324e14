package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
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
            return Files.createTempDirectory(prefix);
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
