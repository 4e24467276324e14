package io.github.csvbackup.state;

import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A state directory that one account creates for another, which will run the agent. */
public final class PreparedDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(PreparedDirectory.class);

    private PreparedDirectory() {}

    /**
     * Creates the directory, if it does not exist, and checks it as that account will. Does not lock it: an agent may be using it. On a file system that
     * does not keep owners and permissions, only that account itself can tell.
     *
     * @param rights as that account sees them
     * @return the directories that this has created, the deepest first; none if it existed
     * @throws StateException as {@link StateDirectory#open} does; then nothing is left
     */
    public static List<Path> prepare(Path path, FileRights rights) throws StateException {
        try {
            List<Path> missing = missing(path);
            if (!missing.isEmpty()) {
                create(path, rights, missing);
                return missing;
            }
            try {
                StateDirectory.check(path, StateDirectory.STATE, rights);
            } catch (StateException e) {
                if (keepsRights(path, rights)) {
                    throw e;
                }
            }
            return List.of();
        } catch (StateException e) {
            throw e;
        } catch (IOException e) {
            throw StateDirectory.unusable(path, StateDirectory.STATE, e);
        }
    }

    private static List<Path> missing(Path path) {
        List<Path> missing = new ArrayList<>();
        for (Path each = path;
                each != null && !Files.exists(each, LinkOption.NOFOLLOW_LINKS);
                each = each.getParent()) {
            missing.add(each);
        }
        return missing;
    }

    private static void create(Path path, FileRights rights, List<Path> missing) throws IOException {
        boolean complete = false;
        try {
            StateDirectory.create(path, StateDirectory.STATE, rights);
            giveTo(path, rights);
            complete = true;
        } finally {
            if (!complete) {
                delete(missing);
            }
        }
    }

    /** Deletes directories that {@link #prepare} has created. */
    public static void delete(List<Path> created) {
        for (Path each : created) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                LOG.warn("Cannot delete the new directory {}: {}", each, e.getMessage());
                return;
            }
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
