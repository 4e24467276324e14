package io.github.csvbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of a Java beside the agent's jar. An update of a JDK moves its folder, and the service would not start any more. Each version has its own
 * folder, since Windows does not let anyone rename or delete the one that a running service uses.
 */
public final class RuntimeCopy {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeCopy.class);

    /** A folder without this file is not a copy of ours. */
    private static final String MARK = "copied-by-csv-backup-agent.txt";

    private static final String PREFIX = "java-";
    /** Leaves room for what else is on the disk. */
    private static final long SPARE_BYTES = 64L << 20;
    /** Not needed to run programs, and almost half of a JDK. */
    private static final List<String> LEFT_OUT = List.of("jmods", "lib/src.zip", "demo", "man");

    private final Path folder;
    private final Room room;

    /** The free room of a folder's disk. */
    @FunctionalInterface
    interface Room {
        long bytes(Path folder) throws IOException;
    }

    /** @param folder the folder of the jar */
    public RuntimeCopy(Path folder) {
        this(folder, path -> Files.getFileStore(path).getUsableSpace());
    }

    RuntimeCopy(Path folder, Room room) {
        this.folder = folder;
        this.room = room;
    }

    /** Where the copy of this Java is or will be. */
    public JavaRuntime place(JavaRuntime java) {
        return new JavaRuntime(folder.resolve(PREFIX + java.version()), java.version());
    }

    /**
     * Copies the Java, if there is no copy of this version. The copy appears at its place only when it is complete.
     *
     * @return whether there was none
     * @throws ServiceException if there is not enough room, or if copying failed; then nothing is left of it
     */
    public boolean make(JavaRuntime java) throws ServiceException {
        Path target = place(java).home();
        if (Files.exists(target.resolve(MARK)) || java.home().equals(target)) {
            return false;
        }
        Path unfinished = folder.resolve(PREFIX + java.version() + ".new");
        try {
            if (Files.exists(target)) {
                throw new ServiceException("The folder " + target
                        + " exists and is not a copy of a Java by this command." + " Rename it, and try again.");
            }
            deleteTree(unfinished);
            List<Path> files = files(java.home());
            requireRoom(files);
            copy(java.home(), files, unfinished);
            Files.writeString(
                    unfinished.resolve(MARK),
                    "A copy of " + java.home() + ". The command \"service uninstall\"" + " deletes this folder."
                            + System.lineSeparator());
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException | UncheckedIOException e) {
            throw new ServiceException(
                    "The Java in " + java.home() + " cannot be copied to " + target + ": " + e.getMessage() + ".");
        } finally {
            deleteQuietly(unfinished);
        }
    }

    private static List<Path> files(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(path -> LEFT_OUT.stream().noneMatch(home.relativize(path)::startsWith))
                    .toList();
        }
    }

    private void requireRoom(List<Path> files) throws IOException, ServiceException {
        long needed = SPARE_BYTES;
        for (Path file : files) {
            needed += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        long free = room.bytes(folder);
        if (free < needed) {
            throw new ServiceException("There is not enough room in " + folder + " for a copy of the Java: it needs "
                    + megabytes(needed) + " MB, and " + megabytes(free) + " MB are free.");
        }
    }

    private static long megabytes(long bytes) {
        return bytes >> 20;
    }

    private static void copy(Path home, List<Path> files, Path target) throws IOException {
        for (Path file : files) {
            Path copy = target.resolve(home.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(file, copy);
            }
        }
    }

    /** Deletes the copies, except one. Returns those that stay because they are in use. */
    public List<Path> deleteExcept(Path kept) {
        List<Path> staying = new ArrayList<>();
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path copy : copies) {
                if (!copy.equals(kept) && Files.exists(copy.resolve(MARK)) && !delete(copy)) {
                    staying.add(copy);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Cannot list the copies of Java in {}: {}", folder, e.getMessage());
        }
        return staying;
    }

    /** Deletes the program first: where it is in use, the copy stays whole. */
    private static boolean delete(Path copy) {
        try {
            Files.deleteIfExists(copy.resolve("bin").resolve("java.exe"));
            Files.delete(copy.resolve(MARK));
            deleteTree(copy);
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** Deletes a copy that {@link #make} has just made. */
    public void undo(JavaRuntime java) {
        deleteQuietly(place(java).home());
    }

    private static void deleteQuietly(Path folder) {
        try {
            deleteTree(folder);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot delete {}: {}", folder, e.getMessage());
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
