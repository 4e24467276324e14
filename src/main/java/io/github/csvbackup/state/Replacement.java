package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Puts a file that was written whole in the place of another one, in one step. */
final class Replacement {
    /** On Windows a file that someone reads cannot be replaced: scanners and backups do that for moments. */
    private static final int TRIES = 20;

    private static final long PAUSE_MILLIS = 50;

    private Replacement() {}

    /**
     * Blocks for a second at most. A link in the place of the old file is replaced, and not followed.
     *
     * @throws IOException with a sentence, if the old file cannot be replaced; it stays as it is
     */
    static void move(Path fresh, Path file) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return;
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw new IOException(
                            file + " could not be replaced, since another program holds it open: " + e.getMessage()
                                    + ". Let scanners and backups leave out the agent's state directory.",
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
