package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.file.Path;

/** Permissions that run an action once, at the end of the first check of a file. */
final class RightsWithMoment extends DelegatingRights {
    private final Act act;
    private boolean done;

    /** The action between the check and the opening. */
    interface Act {
        void run() throws IOException;
    }

    RightsWithMoment(FileRights own, Act act) {
        super(own);
        this.act = act;
    }

    @Override
    public boolean isReplaceableByOthers(Path directory) throws IOException {
        boolean replaceable = super.isReplaceableByOthers(directory);
        if (!done) {
            done = true;
            act.run();
        }
        return replaceable;
    }
}
