package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;

/** Rights that do something once, at the end of the first check of a file. */
final class RightsWithMoment implements FileRights {
    private final FileRights own;
    private final Act act;
    private boolean done;

    /** What happens between the check and the opening. */
    interface Act {
        void run() throws IOException;
    }

    RightsWithMoment(FileRights own, Act act) {
        this.own = own;
        this.act = act;
    }

    @Override
    public boolean isReplaceableByOthers(Path directory) throws IOException {
        boolean replaceable = own.isReplaceableByOthers(directory);
        if (!done) {
            done = true;
            act.run();
        }
        return replaceable;
    }

    @Override
    public UserPrincipal account() throws IOException {
        return own.account();
    }

    @Override
    public FileAttribute<?> ofNewDirectory() throws IOException {
        return own.ofNewDirectory();
    }

    @Override
    public FileAttribute<?>[] ofNewFile() throws IOException {
        return own.ofNewFile();
    }

    @Override
    public boolean isTrusted(UserPrincipal account) throws IOException {
        return own.isTrusted(account);
    }

    @Override
    public boolean isWritableByOthers(Path path) throws IOException {
        return own.isWritableByOthers(path);
    }

    @Override
    public boolean isReadableByOthers(Path file) throws IOException {
        return own.isReadableByOthers(file);
    }

    @Override
    public int links(Path file) throws IOException {
        return own.links(file);
    }

    @Override
    public String closeToOthers(Path path) throws IOException {
        return own.closeToOthers(path);
    }

    @Override
    public String moveAway(Path path) {
        return own.moveAway(path);
    }
}
