package io.github.csvbackup.agent;

import io.github.csvbackup.state.StateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.security.CodeSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks JNA's native library. Each agent loads its own copy below the state directory. Its name is unique, since a JVM loads a library file for only
 * one class loader, and an agent that is attached again has a new loader. If the system does not allow code to run from writable folders, put the
 * library next to the agent's jar; then it is loaded from there.
 */
public final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static volatile FileAttribute<?>[] ofNewFile = {};
    private static volatile @Nullable Path directory;

    private NativeLibrary() {}

    /**
     * Sets the folder for the copy; call this before using JNA and while holding the lock of the state directory. Deletes the copies of earlier
     * agents, since Windows does not let an agent delete the copy that it has loaded.
     */
    public static void unpackInto(StateDirectory stateDirectory) throws IOException {
        unpackInto(stateDirectory.subdirectory("native"), stateDirectory.ofNewFile());
    }

    /**
     * The same for a folder that only this account can write to.
     *
     * @param rights the permissions of the copy
     */
    public static void unpackInto(Path folder, FileAttribute<?>... rights) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "csv-backup-*")) {
            for (Path file : old) {
                remove(file);
            }
        }
        directory = folder;
        ofNewFile = rights.clone();
    }

    /** Whether JNA can be loaded. */
    static boolean hasPlace() {
        return directory != null;
    }

    /** Null if there is none. That folder is as trusted as the jar: an account that can write there can change the jar too. */
    private static @Nullable Path besideTheJar(String fileName) throws IOException {
        CodeSource source = NativeLibrary.class.getProtectionDomain().getCodeSource();
        try {
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            Path beside = jar == null ? null : jar.resolveSibling(fileName);
            return beside != null && Files.isRegularFile(beside) ? beside : null;
        } catch (URISyntaxException e) {
            throw new IOException("the agent's jar has no usable address: " + source.getLocation(), e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} is still in use; the next start deletes it", file);
        }
    }

    /** Returns the address of a copy. The isolated loader calls this when JNA requests its library. */
    public static URL unpack(String fileName, InputStream content) throws IOException {
        Path beside = besideTheJar(fileName);
        if (beside != null) {
            return beside.toUri().toURL();
        }
        Path folder = directory;
        if (folder == null) {
            throw new IOException("the state directory is not known yet");
        }
        Path copy = folder.resolve("csv-backup-" + UUID.randomUUID() + "-" + fileName);
        Files.createFile(copy, ofNewFile);
        try (OutputStream out = Files.newOutputStream(copy, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            content.transferTo(out);
        }
        return copy.toUri().toURL();
    }
}
