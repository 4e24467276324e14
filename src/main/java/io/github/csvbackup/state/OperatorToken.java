package io.github.csvbackup.state;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret that allows its bearer to clear. The agent creates it at each start and writes it to a file of the state directory that only its own
 * account and administrators can read; it never accepts a token from that file. A file beside it has the only address to which clients may send it. As
 * soon as {@link #check()} finds the file deleted, changed or readable by others, a new token replaces it. Thread-safe.
 */
public final class OperatorToken implements AutoCloseable {
    public static final String FILE = "operator.token";

    /** Beside it: the agent's address for this machine. */
    public static final String URL_FILE = "operator.url";

    private static final Logger LOG = LoggerFactory.getLogger(OperatorToken.class);
    private static final int BYTES = 32;
    private static final int LARGEST_FILE = 4096;
    /** Not all file systems notice each change. */
    private static final int MOST_CHECKS_BY_STAMP = 12;

    private final StateDirectory directory;
    private final Path file;
    private final Path urlFile;
    private final SecureRandom random = new SecureRandom();
    private volatile String token;
    /** Where the agent listens; null before {@link #publish}. */
    private @Nullable String url;
    /** Why there is no token file; null if there is one. */
    private @Nullable String failure;

    /** Of the file when it was last right. */
    private @Nullable Object rightStamp;

    private int checksByStamp;

    private boolean closed;

    private OperatorToken(StateDirectory directory) {
        this.directory = directory;
        this.file = directory.path().resolve(FILE);
        this.urlFile = directory.path().resolve(URL_FILE);
        this.token = fresh();
    }

    /** A new token, which is in no file yet. */
    public static OperatorToken create(StateDirectory directory) {
        return new OperatorToken(directory);
    }

    /**
     * Writes the files. The address comes first: the files of an agent that was killed may still be there, and a new token beside an old address would
     * reach whoever has that port now.
     *
     * @param listening the address of the agent for this machine, once it has the port
     * @throws StateException if one cannot be written
     */
    public synchronized void publish(String listening) throws StateException {
        url = listening;
        try {
            write(urlFile, bytes(listening), false);
        } catch (IOException e) {
            throw new StateException(
                    "The address file " + urlFile + " cannot be written: " + FileTrouble.of(e) + ".", e);
        }
        try {
            write(file, bytes(token), true);
        } catch (IOException e) {
            throw new StateException(
                    "The operator's token " + file + " cannot be written: " + FileTrouble.of(e) + ".", e);
        }
    }

    /** The current token. */
    public String token() {
        return token;
    }

    /** Checks the file and replaces the token if anything is wrong with it. A failed write is tried again at the next check. */
    public synchronized void check() {
        Object stamp = failure == null ? stamp() : null;
        if (stamp != null && stamp.equals(rightStamp) && ++checksByStamp < MOST_CHECKS_BY_STAMP) {
            return;
        }
        checksByStamp = 0;
        rightStamp = null;
        String problem = failure == null ? problem() : failure;
        if (problem == null) {
            rightStamp = stamp;
            return;
        }
        String listening = url;
        if (closed || listening == null) {
            return;
        }
        // Anyone who knows the old token must be refused even if the new one cannot be written.
        String next = fresh();
        token = next;
        try {
            write(urlFile, bytes(listening), false);
            write(file, bytes(next), true);
            failure = null;
            LOG.warn("{} The agent created a new operator's token; the old one is no longer valid.", problem);
        } catch (IOException e) {
            if (failure == null) {
                LOG.error(
                        "{} The old token is no longer valid, and a new one cannot be written: {}. The agent keeps trying.",
                        problem,
                        FileTrouble.of(e));
            }
            failure = problem;
        }
    }

    /**
     * Deletes the files, that of the token if it is the agent's: no agent will accept the token. An agent that did not come to write them deletes those of
     * an earlier one that was killed. No further token is created.
     */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            boolean isOlder = url == null && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
            if (isOlder || (failure == null && problem() == null)) {
                Files.deleteIfExists(file);
            }
            if (url != null || isOlder) {
                Files.deleteIfExists(urlFile);
            }
        } catch (IOException e) {
            LOG.debug("{} stays after the end of the agent", file, e);
        }
    }

    private @Nullable Object stamp() {
        try {
            return directory.rights().stamp(file);
        } catch (IOException e) {
            // The check itself finds out what is wrong.
            return null;
        }
    }

    /** A sentence, or null if the file is as the agent wrote it. */
    private @Nullable String problem() {
        String label = "The operator's token " + file;
        try {
            byte[] found = TrustedFile.of(file, label, Privacy.SECRET, directory.rights())
                    .read(LARGEST_FILE);
            return MessageDigest.isEqual(found, bytes(token)) ? null : label + " was changed.";
        } catch (NoSuchFileException e) {
            return label + " was deleted.";
        } catch (FileRefusedException e) {
            return e.problem();
        } catch (IOException e) {
            return label + " cannot be read: " + FileTrouble.of(e) + ".";
        }
    }

    private String fresh() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String line) {
        return (line + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes to a temporary file and moves it into place, so that a crash leaves no incomplete one. A link or foreign file there is replaced and not
     * written to.
     *
     * @param durable whether to wait for the disk; clients refuse an incomplete address
     */
    private void write(Path target, byte[] content, boolean durable) throws IOException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("a directory is in its place; move it away");
        }
        Path beside = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (FileChannel channel = FileChannel.open(
                    beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), directory.ofNewFile())) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (durable) {
                    channel.force(true);
                }
            }
            Replacement.move(beside, target);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
