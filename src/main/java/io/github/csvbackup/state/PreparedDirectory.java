package io.github.csvbackup.state;

import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/** A state directory that one account creates for another, which will run the agent. */
public final class PreparedDirectory {
    private PreparedDirectory() {}

    /**
     * Creates the directory, if it does not exist, and checks it as that account will. Does not lock it: an agent may be using it. On a file system that
     * does not keep owners and permissions, only that account itself can tell.
     *
     * @param rights as that account sees them
     * @return whether this has created it
     * @throws StateException as {@link StateDirectory#open} does
     */
    public static boolean prepare(Path path, FileRights rights) throws StateException {
        try {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                StateDirectory.create(path, StateDirectory.STATE, rights);
                giveTo(path, rights);
                return true;
            }
            try {
                StateDirectory.check(path, StateDirectory.STATE, rights);
            } catch (StateException e) {
                if (keepsRights(path, rights)) {
                    throw e;
                }
            }
            return false;
        } catch (StateException e) {
            throw e;
        } catch (IOException e) {
            throw StateDirectory.unusable(path, StateDirectory.STATE, e);
        }
    }

    /** Not to the account of this process, which the other one may not trust. */
    private static void giveTo(Path created, FileRights rights) throws IOException {
        if (!rights.isTrusted(Files.getOwner(created, LinkOption.NOFOLLOW_LINKS))) {
            Files.setOwner(created, rights.account());
        }
    }

    /** Whether a new directory there is one that the account trusts. */
    private static boolean keepsRights(Path path, FileRights rights) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        Path probe = path.resolve("." + UUID.randomUUID() + ".probe");
        try {
            Files.createDirectory(probe, rights.ofNewDirectory());
            giveTo(probe, rights);
            return rights.isTrusted(Files.getOwner(probe)) && !rights.isWritableByOthers(probe);
        } catch (IOException e) {
            return true;
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
