package io.github.csvbackup.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that the agent relies on or that contains secrets. It is opened only if it is a regular file with one name, and
 * belongs to the agent's account or to an administrator. Others must not be able to change it, replace it, or (for a secret) read it. Links are not followed. The file is checked
 * before and after it is opened, and must be the same file both times.
 *
 * <p>Java returns the owner and the permissions of a path, not of an open file. Both are the same here, since others cannot replace files in the
 * directory, which is also checked.
 */
public final class TrustedFile {
    /** More than any text file of the agent needs, and small enough for the memory of a host. */
    private static final int LARGEST_TEXT = 1024 * 1024;

    private final Path path;
    private final String label;
    private final Privacy privacy;
    private final FileRights rights;

    /** Whether others may read the file. They may never write it. */
    public enum Privacy {
        SECRET,
        READABLE
    }

    TrustedFile(Path path, String label, Privacy privacy, FileRights rights) {
        this.path = path;
        this.label = label;
        this.privacy = privacy;
        this.rights = rights;
    }

    /**
     * Does not access the file yet.
     *
     * @param label the start of error messages, with the path: "The users file /etc/users"
     * @throws IOException if the account that runs this process is unknown
     */
    public static TrustedFile of(Path path, String label, Privacy privacy) throws IOException {
        return of(path, label, privacy, FileRights.of(path));
    }

    /** The same with known permissions. */
    public static TrustedFile of(Path path, String label, Privacy privacy, FileRights rights) {
        return new TrustedFile(path, label, privacy, rights);
    }

    /**
     * Checks the file without opening it.
     *
     * @throws NoSuchFileException if there is none
     * @throws FileRefusedException if it cannot be trusted
     */
    public void check() throws IOException {
        identify();
    }

    /**
     * Returns the content of the file.
     *
     * @param most the maximum size in bytes
     * @throws NoSuchFileException if there is none
     * @throws FileRefusedException if it cannot be trusted or is larger
     */
    public byte[] read(int most) throws IOException {
        Identity before = identify();
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(most + 1);
        }
        requireSame(before);
        if (bytes.length > most) {
            throw new FileRefusedException(
                    label + " is larger than " + most + " bytes.", "Check that it is the right file.");
        }
        return bytes;
    }

    /**
     * Returns the content of the file; the message of the exception is for users.
     *
     * @param most the maximum size in bytes
     * @throws FileRefusedException if it does not exist, cannot be trusted or read, or is larger
     */
    public byte[] bytes(int most) throws FileRefusedException {
        try {
            return read(most);
        } catch (FileRefusedException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new FileRefusedException(label + " does not exist.", e);
        } catch (AccessDeniedException e) {
            throw new FileRefusedException(
                    label + " cannot be read: the account that runs the agent has no access to it.", e);
        } catch (IOException e) {
            throw new FileRefusedException(label + " cannot be read: " + e + ".", e);
        }
    }

    /**
     * Returns the content as text: UTF-8, with or without byte order mark, or UTF-16 with one, as Windows PowerShell 5.1 writes it.
     *
     * @throws FileRefusedException if it does not exist, cannot be trusted or read, or is not text
     */
    public String text() throws FileRefusedException {
        return FileText.decode(bytes(LARGEST_TEXT), label);
    }

    /**
     * Opens the file to read and write, and creates it if it does not exist. The channel never follows a link.
     *
     * @param ofNewFile the permissions of a new file
     */
    public FileChannel openChannel(FileAttribute<?>... ofNewFile) throws IOException {
        createIfMissing(ofNewFile);
        Identity before = identify();
        return verified(
                FileChannel.open(
                        path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)),
                before);
    }

    /**
     * The same, but unlike a channel, the file stays open if a writing thread is interrupted.
     *
     * @param ofNewFile the permissions of a new file
     */
    public RandomAccessFile open(FileAttribute<?>... ofNewFile) throws IOException {
        createIfMissing(ofNewFile);
        Identity before = identify();
        return verified(new RandomAccessFile(path.toFile(), "rw"), before);
    }

    private <T extends AutoCloseable> T verified(T opened, Identity before) throws IOException {
        boolean same = false;
        try {
            requireSame(before);
            same = true;
            return opened;
        } finally {
            if (!same) {
                close(opened);
            }
        }
    }

    private static void close(AutoCloseable opened) throws IOException {
        try {
            opened.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a file throws only IOExceptions", e);
        }
    }

    private void createIfMissing(FileAttribute<?>... ofNewFile) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createFile(path, ofNewFile);
            } catch (FileAlreadyExistsException e) {
                // Another process created it; the following checks apply to it too.
                return;
            }
        }
    }

    /** Identifies a file: its key if the file system has one, otherwise its creation time. */
    private record Identity(Object key) {}

    private void requireSame(Identity before) throws IOException {
        if (!identify().equals(before)) {
            throw new FileRefusedException(
                    label + " was replaced by another file while it was being opened.", "Try again.");
        }
    }

    private Identity identify() throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (found.isSymbolicLink()) {
            throw new FileRefusedException(
                    label + " is a link, whose target can change.", "Use the real file instead.");
        }
        // On Windows, a reparse point that is not a symbolic link is "other".
        if (!found.isRegularFile() || found.isOther()) {
            throw new FileRefusedException(label + " is not a regular file.", "Move it away or choose another file.");
        }
        requireOwnRights();
        Object key = found.fileKey();
        return new Identity(key == null ? found.creationTime() : key);
    }

    private void requireOwnRights() throws IOException {
        UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
        String moveAway = "Move it away with: " + rights.moveAway(path) + " and create a new one.";
        if (!rights.isTrusted(owner)) {
            throw new FileRefusedException(
                    label + " belongs to " + owner.getName() + ", not to the account that runs the agent, "
                            + rights.account().getName() + ".",
                    "Its owner chose its content. " + moveAway);
        }
        int links = rights.links(path);
        if (links != 1) {
            throw new FileRefusedException(
                    label + " has " + links + " names (hard links), so it can also be changed elsewhere.", moveAway);
        }
        if (rights.isWritableByOthers(path)) {
            throw new FileRefusedException(
                    label + " can be changed by others.",
                    "Check its content, then restrict access with: " + rights.closeToOthers(path));
        }
        if (privacy == Privacy.SECRET && rights.isReadableByOthers(path)) {
            throw new FileRefusedException(
                    label + " can be read by others.", "Restrict access with: " + rights.closeToOthers(path));
        }
        Path directory = directory();
        if (directory != null && rights.isReplaceableByOthers(directory)) {
            throw new FileRefusedException(
                    label + " can be replaced by others, who can rename files in its directory.",
                    "Move it to a directory that only the agent's account and administrators can write to.");
        }
    }

    private @Nullable Path directory() {
        return path.toAbsolutePath().getParent();
    }
}
