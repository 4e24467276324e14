package io.github.csvbackup.state;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The lock of a directory. The operating system releases it when the process ends, in any way. */
final class AgentLock implements AutoCloseable {
    /** Far behind the text: Windows does not let others read a locked range, and they must be able to read who holds it. */
    private static final long LOCKED_BYTE = 1L << 40;

    /**
     * Locks held in this process, with the text of their files. On POSIX systems a process loses its lock when it closes any channel of the file, so a
     * second start in the process must not open or read the file.
     */
    private static final Map<Path, String> HELD_HERE = new ConcurrentHashMap<>();

    private static final int LONGEST_HOLDER = 200;

    private final Path file;
    private final FileChannel channel;

    private AgentLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** On Linux without ProcessHandle, which costs a starting host some milliseconds. */
    private static String processId() {
        Path self = Path.of("/proc/self");
        try {
            return Files.readSymbolicLink(self).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return Long.toString(ProcessHandle.current().pid());
        }
    }

    /**
     * Takes the lock, and creates its file.
     *
     * @param name the name of the file
     * @param inUse the start of the message if another agent has it; its holder follows, and then the advice
     */
    static AgentLock take(Path directory, String name, String inUse, String advice, Clock clock, FileRights rights)
            throws StateException {
        Path file = directory.resolve(name);
        String holder =
                "process id " + processId() + ", since " + clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String before = HELD_HERE.putIfAbsent(file, holder);
        if (before != null) {
            throw new StateException(inUse + " (" + before + ")." + advice);
        }
        boolean locked = false;
        try {
            FileChannel channel = TrustedFile.of(file, "The lock file " + file, Privacy.READABLE, rights)
                    .openChannel(rights.ofNewFile());
            try {
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
                if (lock == null) {
                    throw new StateException(inUse + " (" + read(channel) + ")." + advice);
                }
                write(channel, holder);
                locked = true;
                return new AgentLock(file, channel);
            } catch (OverlappingFileLockException e) {
                throw new StateException(inUse + " (" + read(channel) + ")." + advice, e);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } catch (StateException e) {
            throw e;
        } catch (FileRefusedException e) {
            throw new StateException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StateException("The directory " + directory + " cannot be locked: " + e + ".", e);
        } finally {
            if (!locked) {
                HELD_HERE.remove(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }

    private static void write(FileChannel channel, String holder) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** The holder's text, safe to print in a terminal. */
    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HOLDER);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).replaceAll("[^ -~]", "?");
    }
}
