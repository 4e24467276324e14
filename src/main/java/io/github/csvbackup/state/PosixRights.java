package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Owner, group and others, each with read, write and execute. */
final class PosixRights implements DirectoryRights {
    @Override
    public FileAttribute<?> ofNewDirectory() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    public FileAttribute<?>[] ofNewFile() {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }

    @Override
    public boolean isTrusted(UserPrincipal owner, UserPrincipal self) {
        return owner.equals(self);
    }

    @Override
    public boolean isWritableByOthers(Path directory, UserPrincipal self) throws IOException {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
        return modes.contains(PosixFilePermission.GROUP_WRITE) || modes.contains(PosixFilePermission.OTHERS_WRITE);
    }

    @Override
    public boolean isReadableByOthers(Path file, UserPrincipal self) throws IOException {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        return modes.contains(PosixFilePermission.GROUP_READ) || modes.contains(PosixFilePermission.OTHERS_READ);
    }

    @Override
    public String takeOwnership(Path directory, UserPrincipal self) {
        return "sudo chown -R " + self.getName() + " " + quoted(directory);
    }

    @Override
    public String closeToOthers(Path path, UserPrincipal self) {
        return "chmod go= " + quoted(path);
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
