package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;

/** Delegates to the permissions of a file system; tests override one method. */
public class DelegatingRights implements FileRights {
    private final FileRights own;

    protected DelegatingRights(FileRights own) {
        this.own = own;
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
    public boolean isReplaceableByOthers(Path directory) throws IOException {
        return own.isReplaceableByOthers(directory);
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
