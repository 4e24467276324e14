package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Replaces a file, or creates a directory, by one that is completely written, in one step. */
public final class Replacement {
    /** On Windows a file that is being read cannot be replaced; scanners and backups read for a moment. */
    private static final int TRIES = 20;

    private static final long PAUSE_MILLIS = 50;

    private Replacement() {}

    /**
     * Blocks for at most a second. A link in place of the old file is replaced, not followed.
     *
     * @throws IOException with a message for users, if the old file cannot be replaced; it stays as it is
     */
    public static void move(Path fresh, Path file) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return;
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw new IOException(
                            file + " could not be replaced, because another program holds it open: " + e.getMessage()
                                    + ". Exclude its directory from scanners and backups.",
                            e);
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the wait for " + file + " was interrupted", e);
            }
        }
    }
}
