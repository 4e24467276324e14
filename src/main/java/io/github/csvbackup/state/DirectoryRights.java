package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;

/** How a file system says who may do what with the state directory. */
interface DirectoryRights {
    /** Rights for the owner (on Windows also SYSTEM and the Administrators), to be given when a directory is created. */
    FileAttribute<?> ofNewDirectory() throws IOException;

    /** The same for a file in the state directory. */
    FileAttribute<?>[] ofNewFile() throws IOException;

    /** Whether that owner is to be trusted as much as the one that this process creates files as. */
    boolean isTrusted(UserPrincipal owner, UserPrincipal self) throws IOException;

    /** Whether anybody else may write into the directory, or change its rights. */
    boolean isWritableByOthers(Path directory, UserPrincipal self) throws IOException;

    /** Whether anybody else may read that file. */
    boolean isReadableByOthers(Path file, UserPrincipal self) throws IOException;

    /** The command that gives a directory to this user. */
    String takeOwnership(Path directory, UserPrincipal self);

    /** The command that takes everybody else's rights to a file or directory away. */
    String closeToOthers(Path path, UserPrincipal self) throws IOException;

    /** What that file system speaks. */
    static DirectoryRights of(Path path) {
        FileSystem system = path.getFileSystem();
        return system.supportedFileAttributeViews().contains("posix")
                ? new PosixRights()
                : new WindowsRights(
                        Path.of(Objects.requireNonNullElse(System.getenv("ProgramData"), "C:\\ProgramData")));
    }
}
