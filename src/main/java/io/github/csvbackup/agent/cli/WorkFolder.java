package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.state.FileTrouble;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A private folder in which a command makes keys. It is deleted at the end of the command, also if a signal ends the process. If the process is killed, the
 * next command in the same place deletes the folder: a lock on a file in it says whether its command still runs.
 */
final class WorkFolder implements AutoCloseable {
    private static final String PREFIX = ".csv-backup-certificates-";
    private static final String LOCK = "lock";
    /** A killed keytool ends within milliseconds. */
    private static final int SECONDS_TO_END = 10;

    private final Path path;
    private final FileChannel lock;
    private final Thread worker = Thread.currentThread();
    private final CountDownLatch deleted = new CountDownLatch(1);

    private WorkFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Creates a folder, and deletes those that killed commands have left beside it.
     *
     * @param out receives a line for each folder of a killed command
     */
    static WorkFolder create(Path parent, PrintStream out) throws StartException {
        deleteLeftovers(parent, out);
        Path path = TemporaryFolder.create(parent, PREFIX);
        FileChannel lock = null;
        try {
            lock = lock(path);
        } catch (IOException e) {
            throw new StartException("Cannot write to the new folder " + path + ": " + FileTrouble.of(e) + ".", e);
        }
        if (lock == null) {
            throw new StartException("Another command is deleting the new folder " + path + ". Try again.");
        }
        WorkFolder folder = new WorkFolder(path, lock);
        OrderlyEnd.onShutdown(folder::endCommand);
        return folder;
    }

    Path path() {
        return path;
    }

    /** Null if the command of the folder still runs. */
    private static @Nullable FileChannel lock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                FileRights.of(folder).ofNewFile());
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
            return locked ? channel : null;
        } catch (OverlappingFileLockException e) {
            // A command of this process.
            return null;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static void deleteLeftovers(Path parent, PrintStream out) throws StartException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                deleteLeftover(folder, out);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new StartException("Cannot list the folder " + parent + ": " + e.getMessage() + ".", e);
        }
    }

    private static void deleteLeftover(Path folder, PrintStream out) {
        try {
            if (!isOwn(folder)) {
                return;
            }
            FileChannel lock = lock(folder);
            if (lock != null) {
                delete(folder, lock);
                out.println("Deleted " + folder + ", which a command had left that was killed: it could hold keys.");
            }
        } catch (IOException e) {
            out.println(
                    "The folder " + folder + " of a command that was killed can hold the keys of an authority and of"
                            + " nodes, and could not be deleted: " + FileTrouble.of(e) + ". Delete it.");
        }
    }

    /** In a folder for everyone, other accounts can have such folders, too. */
    private static boolean isOwn(Path folder) throws IOException {
        BasicFileAttributes found = Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        FileRights rights = FileRights.of(folder);
        // A junction of Windows is a directory and something other.
        return found.isDirectory()
                && !found.isOther()
                && rights.isTrusted(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS))
                && !rights.isWritableByOthers(folder);
    }

    /** The lock goes last: without it, nothing is in the folder. */
    private static void delete(Path folder, FileChannel lock) throws IOException {
        try (lock;
                DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            for (Path each : content) {
                if (!each.endsWith(LOCK)) {
                    TemporaryFolder.delete(each);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        // Windows does not delete an open file.
        for (Path each : List.of(folder.resolve(LOCK), folder)) {
            Files.deleteIfExists(each);
        }
    }

    /** Runs in the shutdown hook. The command kills its keytool and deletes the folder itself, as after any failure. */
    private void endCommand() {
        if (deleted.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            if (!deleted.await(SECONDS_TO_END, TimeUnit.SECONDS)) {
                close();
            }
        } catch (InterruptedException | StartException e) {
            // The next command finds the folder.
            worker.interrupt();
        }
    }

    @Override
    public void close() throws StartException {
        try {
            delete(path, lock);
        } catch (IOException e) {
            throw new StartException(
                    "The temporary folder " + path + " could not be deleted: it holds keys. Delete it.", e);
        } finally {
            deleted.countDown();
        }
    }
}
