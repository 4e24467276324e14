package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.util.UUID;

/**
 * The directory that holds the token, the audit and JNA's library: private to its owner, and used by one agent at a time. What
 * others could write into it would be run or believed by the agent, so one that they can write to is refused.
 */
public final class StateDirectory implements AutoCloseable {
    private final Path path;
    private final AgentLock lock;
    private final FileAttribute<?>[] ofNewFile;

    private StateDirectory(Path path, AgentLock lock, FileAttribute<?>[] ofNewFile) {
        this.path = path;
        this.lock = lock;
        this.ofNewFile = ofNewFile;
    }

    /**
     * Creates the directory if there is none, checks it, and locks it.
     *
     * @throws StateException says what is wrong with it and the command that mends it, or who uses it
     */
    public static StateDirectory open(Path path, Clock clock) throws StateException {
        return open(path, clock, DirectoryRights.of(path));
    }

    static StateDirectory open(Path path, Clock clock, DirectoryRights rights) throws StateException {
        FileAttribute<?>[] ofNewFile;
        try {
            create(path, rights);
            check(path, rights);
            ofNewFile = rights.ofNewFile();
        } catch (StateException e) {
            throw e;
        } catch (IOException e) {
            throw new StateException(
                    "The state directory " + path + " cannot be used: " + FileTrouble.of(e) + "." + choose("another"),
                    e);
        }
        return new StateDirectory(path, AgentLock.take(path, clock, rights), ofNewFile);
    }

    public Path path() {
        return path;
    }

    /** For its owner alone, whatever the directory hands down: others may read one that somebody else made. */
    public FileAttribute<?>[] ofNewFile() {
        return ofNewFile.clone();
    }

    /** Unlocks the directory; its files stay. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static void create(Path path, DirectoryRights rights) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(path, rights.ofNewDirectory());
        } catch (FileAlreadyExistsException e) {
            // Another agent was faster; the checks that follow look at what it made.
            return;
        } catch (IOException e) {
            throw new StateException(
                    "The state directory " + path + " cannot be created: " + FileTrouble.of(e) + "."
                            + choose("one that this user can write to"),
                    e);
        }
    }

    private static void check(Path path, DirectoryRights rights) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new StateException(
                    "The state directory " + path + " is a link, which could be turned elsewhere; name the real"
                            + " directory: state-dir=" + path.toRealPath() + ".");
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new StateException("The state directory " + path + " is not a directory." + choose("another"));
        }
        UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
        UserPrincipal self = self(path, owner);
        if (!rights.isTrusted(owner, self)) {
            throw new StateException("The state directory " + path + " belongs to " + owner.getName() + " and not to "
                    + self.getName() + ", who runs the agent; mend it with: " + rights.takeOwnership(path, self));
        }
        if (rights.isWritableByOthers(path, self)) {
            throw new StateException("The state directory " + path + " can be written to by others; mend it with: "
                    + rights.closeToOthers(path, self));
        }
    }

    /** Whom this process creates files as: asked of the file system, for a property may say anything. Shows that one can write. */
    private static UserPrincipal self(Path path, UserPrincipal owner) throws StateException {
        Path probe = path.resolve("." + UUID.randomUUID() + ".probe");
        try {
            Files.createFile(probe);
            try {
                return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            throw new StateException(
                    "The state directory " + path + ", which belongs to " + owner.getName() + ", cannot be written to: "
                            + FileTrouble.of(e) + "." + choose("one that this user can write to"),
                    e);
        }
    }

    private static String choose(String which) {
        return " Choose " + which + " with the option state-dir.";
    }
}
