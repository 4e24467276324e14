package io.github.csvbackup.state;

import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.util.UUID;

/**
 * The directory that holds the token, the audit and JNA's library, or the one for the log: private to its owner, and used by one agent at a time. The
 * agent would run or trust whatever others write into it, so a directory that others can write to is refused.
 */
public final class StateDirectory implements AutoCloseable {
    private final Path path;
    private final FileRights rights;
    private final AgentLock lock;
    private final FileAttribute<?>[] ofNewFile;

    /** For messages. The first word is also that of the option. */
    static final String STATE = "state";

    private static final String LOG = "log";

    private StateDirectory(Path path, FileRights rights, AgentLock lock, FileAttribute<?>[] ofNewFile) {
        this.path = path;
        this.rights = rights;
        this.lock = lock;
        this.ofNewFile = ofNewFile;
    }

    /**
     * Creates the directory if it does not exist, checks it, and locks it.
     *
     * @throws StateException says what is wrong with it and what to do, or who uses it
     */
    public static StateDirectory open(Path path, Clock clock) throws StateException {
        return open(path, STATE, clock);
    }

    /** The same for the directory of the log. It has a lock of its own, so it may be the state directory. */
    public static StateDirectory openForLog(Path path, Clock clock) throws StateException {
        return open(path, LOG, clock);
    }

    private static StateDirectory open(Path path, String kind, Clock clock) throws StateException {
        try {
            return open(path, kind, clock, FileRights.of(path));
        } catch (StateException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(path, kind, e);
        }
    }

    static StateDirectory open(Path path, Clock clock, FileRights rights) throws StateException {
        return open(path, STATE, clock, rights);
    }

    private static StateDirectory open(Path path, String kind, Clock clock, FileRights rights) throws StateException {
        FileAttribute<?>[] ofNewFile;
        try {
            create(path, kind, rights);
            check(path, kind, rights);
            ofNewFile = rights.ofNewFile();
        } catch (StateException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(path, kind, e);
        }
        AgentLock lock = kind.equals(LOG)
                ? AgentLock.take(path, "log.lock", inUse(path, kind), choose(kind, "another"), clock, rights)
                : AgentLock.take(
                        path,
                        "agent.lock",
                        inUse(path, kind),
                        " Use that agent: a new one observes from the beginning. To run a second one, choose another"
                                + " directory with the option state-dir.",
                        clock,
                        rights);
        return new StateDirectory(path, rights, lock, ofNewFile);
    }

    private static String inUse(Path path, String kind) {
        return label(path, kind) + " is in use by another agent";
    }

    private static String label(Path path, String kind) {
        return "The " + kind + " directory " + path;
    }

    static StateException unusable(Path path, String kind, IOException e) {
        return new StateException(
                label(path, kind) + " cannot be used: " + FileTrouble.of(e) + "." + choose(kind, "another"), e);
    }

    public Path path() {
        return path;
    }

    /** The access rights of its file system. */
    public FileRights rights() {
        return rights;
    }

    /** For its owner alone, whatever the directory inherits: a directory that others created may let them read its files. */
    public FileAttribute<?>[] ofNewFile() {
        return ofNewFile.clone();
    }

    /**
     * A directory in it, created if there is none.
     *
     * @throws StateException if it is not a directory of the agent's account, or if others can write to it
     */
    public Path subdirectory(String name) throws IOException {
        Path below = path.resolve(name);
        try {
            Files.createDirectory(below, rights.ofNewDirectory());
        } catch (FileAlreadyExistsException e) {
            requireOwn(below, STATE, rights, "The directory " + below);
        }
        return below;
    }

    /** Unlocks the directory; its files stay. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    static void create(Path path, String kind, FileRights rights) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            createWithParents(path, rights);
        } catch (NotDirectoryException e) {
            throw new StateException(
                    label(path, kind) + " cannot be created: " + FileTrouble.of(e) + "." + choose(kind, "another"), e);
        } catch (IOException e) {
            throw new StateException(
                    label(path, kind) + " cannot be created: " + FileTrouble.of(e) + "."
                            + choose(kind, "one that this user can write to"),
                    e);
        }
    }

    /** Parents too are created for their owner alone: in one that others can write to, they could replace this directory. */
    private static void createWithParents(Path path, FileRights rights) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.exists(parent)) {
            createWithParents(parent, rights);
        }
        if (parent != null && !Files.isDirectory(parent)) {
            throw new NotDirectoryException(parent.toString());
        }
        try {
            Files.createDirectory(path, rights.ofNewDirectory());
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw e;
            }
            // Another agent was faster; the checks that follow cover its directory.
        }
    }

    static void check(Path path, String kind, FileRights rights) throws IOException {
        String label = label(path, kind);
        if (Files.isSymbolicLink(path)) {
            throw new StateException(label + " is a link, whose target can change; use the real" + " directory: " + kind
                    + "-dir=" + path.toRealPath() + ".");
        }
        requireOwn(path, kind, rights, label);
        requireWritable(path, kind);
    }

    private static void requireOwn(Path path, String kind, FileRights rights, String label) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // Windows: a junction is both a directory and something else.
        if (!found.isDirectory() || found.isOther()) {
            throw new StateException(label + " is not a directory." + choose(kind, "another"));
        }
        UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
        String foreign = !rights.isTrusted(owner)
                ? " belongs to " + owner.getName() + ", not to the account that runs the agent, "
                        + rights.account().getName()
                : rights.isWritableByOthers(path) ? " can be written to by others" : "";
        if (!foreign.isEmpty()) {
            throw new StateException(label + foreign
                    + ". Others may have created its files. Choose another directory with the option " + kind
                    + "-dir; or, only if nothing else uses this one, move it away with: " + rights.moveAway(path)
                    + " and start again, which creates a new one.");
        }
    }

    private static void requireWritable(Path path, String kind) throws StateException {
        Path probe = path.resolve("." + UUID.randomUUID() + ".probe");
        try {
            Files.createFile(probe);
            Files.delete(probe);
        } catch (IOException e) {
            throw new StateException(
                    label(path, kind) + " cannot be written to: " + FileTrouble.of(e) + "."
                            + choose(kind, "one that this user can write to"),
                    e);
        }
    }

    private static String choose(String kind, String which) {
        return " Choose " + which + " with the option " + kind + "-dir.";
    }
}
