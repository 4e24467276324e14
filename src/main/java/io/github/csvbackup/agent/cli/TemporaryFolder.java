package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.state.FileTrouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder of a command, which deletes it at the end. */
final class TemporaryFolder {
    private TemporaryFolder() {}

    static Path create(String prefix) throws StartException {
        return create(Path.of(System.getProperty("java.io.tmpdir")), prefix);
    }

    static Path create(Path parent, String prefix) throws StartException {
        try {
            // On Windows it would inherit the permissions of the parent, and other accounts may write to the system's
            // temporary folder.
            return Files.createTempDirectory(
                    parent, prefix, FileRights.of(parent).ofNewDirectory());
        } catch (IOException e) {
            throw new StartException(
                    "Cannot create a temporary folder in " + parent + ": " + FileTrouble.of(e) + ".", e);
        }
    }

    /**
     * Deletes a folder of an earlier command with the files in it. Other accounts can create files in the system's temporary folder too: a folder that is
     * not ours, or a link to other data, stays.
     */
    static void deleteLeftover(Path folder, FileRights rights) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // A junction of Windows is a directory and something other.
        if (!attributes.isDirectory() || attributes.isOther()) {
            throw new NotDirectoryException(folder.toString());
        }
        UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
        if (!rights.isTrusted(owner)) {
            throw new AccessDeniedException(folder.toString(), null, "it belongs to " + owner.getName());
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Files.delete(folder);
    }

    /** Deletes a folder that this command created, so that only its account can write there, and everything in it. */
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
