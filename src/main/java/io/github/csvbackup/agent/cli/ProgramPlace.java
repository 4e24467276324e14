package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether only administrators can change a program of the service. Others would control the agent: a user whose program it is, by a download, or whoever
 * can add a library beside it.
 */
record ProgramPlace(FileRights rights, Path profiles) {

    /** @param label the program with its path: "The jar C:\agent.jar" */
    void require(Path program, String label) throws StartException {
        try {
            Path real = program.toRealPath();
            if (real.startsWith(profiles) || program.startsWith(profiles)) {
                throw refused(label + " is in the profile of a user");
            }
            Path folder = real.getParent();
            if (!rights.isTrusted(Files.getOwner(real))
                    || rights.isWritableByOthers(real)
                    || (folder != null && rights.isWritableByOthers(folder))) {
                throw refused(label + " or its folder can be changed by accounts that are not administrators");
            }
            requireParents(real.getParent(), label);
            requireParents(program.toAbsolutePath().getParent(), label);
        } catch (IOException e) {
            throw new StartException(label + " cannot be checked: " + e.getMessage() + ".", e);
        }
    }

    private void requireParents(@Nullable Path folder, String label) throws IOException, StartException {
        for (Path parent = folder; parent != null; parent = parent.getParent()) {
            if (rights.isReplaceableByOthers(parent)) {
                throw refused(
                        label + " can be replaced by accounts that are not administrators: they can change " + parent);
            }
        }
    }

    private static StartException refused(String reason) {
        return new StartException(reason + ", so they would control the service. Put it into a folder that only"
                + " administrators can change, such as C:\\Program Files\\csv-backup-agent.");
    }
}
