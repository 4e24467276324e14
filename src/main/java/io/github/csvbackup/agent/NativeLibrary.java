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
 * Where JNA's native library is loaded from: a copy of its own for each agent, below the state directory. The name is
 * unique since a JVM loads one library file for one class loader only, and an agent that was detached and attached
 * again comes with a new loader. Where programs may not be run from folders that can be written to, the library may lie beside the
 * agent's jar, and is loaded from there.
 */
public final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static volatile FileAttribute<?>[] ofNewFile = {};
    private static volatile @Nullable Path directory;

    private NativeLibrary() {}

    /**
     * To be called before JNA is touched, with the state directory locked: copies left there by agents that ended are
     * removed (Windows keeps a file that is loaded, so nobody removes its own).
     */
    public static void unpackInto(StateDirectory stateDirectory) throws IOException {
        unpackInto(stateDirectory.subdirectory("native"), stateDirectory.ofNewFile());
    }

    /**
     * The same for a folder that only this account can write to.
     *
     * @param rights who may do what with the copy
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

    /** Null if there is none. Whoever can write there can change the jar itself. */
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
            LOG.debug("{} is still in use and stays until the next start", file);
        }
    }

    /** Called by the isolated loader when JNA asks for its library; the address of the copy. */
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
