package io.github.csvbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
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
    /** Not needed to run programs, and almost half of a JDK; and the mark of a copy that is copied. */
    private static final List<String> LEFT_OUT = List.of("jmods", "lib/src.zip", "demo", "man", MARK);

    private final Path folder;
    private final Disk disk;

    /** The disk of the folder, which tests replace. */
    @FunctionalInterface
    interface Disk {
        long freeBytes(Path folder) throws IOException;

        default void delete(Path file) throws IOException {
            Files.delete(file);
        }
    }

    /** @param folder the folder of the jar */
    public RuntimeCopy(Path folder) {
        this(folder, path -> Files.getFileStore(path).getUsableSpace());
    }

    RuntimeCopy(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
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
        boolean isOurs = Files.exists(target.resolve(MARK));
        if (java.home().equals(target) || (isOurs && Files.exists(place(java).program()))) {
            return false;
        }
        Path unfinished = folder.resolve(PREFIX + java.version() + ".new");
        try {
            if (isOurs) {
                // Its program was deleted, and something else in it was in use then.
                deleteCopy(target);
            } else if (Files.exists(target)) {
                throw new ServiceException("The folder " + target
                        + " exists and is not a copy of a Java by this command." + " Rename it, and try again.");
            }
            deleteTree(unfinished);
            List<Path> files = files(java.home());
            requireRoom(files);
            Files.createDirectories(unfinished);
            // First: if this process is killed, the next command knows the folder as ours, and deletes it.
            Files.writeString(
                    unfinished.resolve(MARK),
                    "A copy of " + java.home() + ". The command \"service uninstall\"" + " deletes this folder."
                            + System.lineSeparator());
            copy(java.home(), files, unfinished);
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
        long free = disk.freeBytes(folder);
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
                // A copy on Windows is read-only like its original, and Java does not delete such a file.
                boolean unused = copy.toFile().setWritable(true);
            }
        }
    }

    /**
     * Deletes the copies, except some.
     *
     * @return those that stay because they are in use
     */
    public List<Path> deleteExcept(Collection<Path> kept) {
        List<Path> staying = new ArrayList<>();
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path copy : copies) {
                if (!kept.contains(copy) && Files.exists(copy.resolve(MARK)) && !delete(copy)) {
                    staying.add(copy);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Cannot list the copies of Java in {}: {}", folder, e.getMessage());
        }
        return staying;
    }

    private boolean delete(Path copy) {
        try {
            deleteCopy(copy);
            return true;
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Cannot delete {}", copy, e);
            return false;
        }
    }

    /**
     * Deletes the program first: where it is in use, the copy stays whole. The mark comes last: where another file is in use, the rest is still known as
     * ours, and the next call deletes it.
     */
    private void deleteCopy(Path copy) throws IOException {
        Path mark = copy.resolve(MARK);
        Path program = copy.resolve("bin").resolve("java.exe");
        if (Files.exists(program)) {
            disk.delete(program);
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(copy, path -> !path.equals(mark))) {
            for (Path path : content) {
                deleteTree(path);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        disk.delete(mark);
        disk.delete(copy);
    }

    /** Deletes a copy that {@link #make} has just made. */
    public void undo(JavaRuntime java) {
        Path copy = place(java).home();
        if (!delete(copy)) {
            LOG.warn("Cannot delete all of {}", copy);
        }
    }

    private void deleteQuietly(Path folder) {
        try {
            deleteTree(folder);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot delete {}: {}", folder, e.getMessage());
        }
    }

    private void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                disk.delete(file);
            }
        }
    }
}
