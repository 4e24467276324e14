package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The lock of a state directory. The operating system frees it when the process ends, in whatever way. */
final class AgentLock implements AutoCloseable {
    private static final String FILE = "agent.lock";

    /** Far behind the text: Windows forbids others to read what is locked, and they shall read who holds it. */
    private static final long LOCKED_BYTE = 1L << 40;

    /**
     * Held in this process. On POSIX systems a process loses its lock when it closes any channel of the file, so a second start
     * in the process must not even open it.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private AgentLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    static AgentLock take(Path directory, Clock clock, DirectoryRights rights) throws StateException {
        Path file = directory.resolve(FILE);
        if (!HELD_HERE.add(directory)) {
            throw inUse(directory, file, null);
        }
        boolean locked = false;
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    rights.ofNewFile());
            try {
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
                if (lock == null) {
                    throw inUse(directory, file, null);
                }
                write(channel, clock);
                locked = true;
                return new AgentLock(directory, channel);
            } catch (OverlappingFileLockException e) {
                throw inUse(directory, file, e);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } catch (StateException e) {
            throw e;
        } catch (IOException e) {
            throw new StateException("The state directory " + directory + " cannot be locked: " + e + ".", e);
        } finally {
            if (!locked) {
                HELD_HERE.remove(directory);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(directory);
        }
    }

    private static void write(FileChannel channel, Clock clock) throws IOException {
        String holder = "process id " + ProcessHandle.current().pid() + ", since "
                + clock.instant().truncatedTo(ChronoUnit.SECONDS);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static StateException inUse(Path directory, Path file, @Nullable Throwable cause) {
        String holder;
        try {
            holder = Files.readString(file);
        } catch (IOException e) {
            holder = "process unknown: " + e;
        }
        String message = "The state directory " + directory + " is in use by another agent (" + holder
                + "). Stop that one, or choose another directory with the option state-dir.";
        return cause == null ? new StateException(message) : new StateException(message, cause);
    }
}
