package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;

/**
 * How a file system says who may do what with a file. <em>Others</em> are all accounts but the one that runs the agent and those
 * that can take every file anyway: root, or SYSTEM and the Administrators. An owner counts like any other account.
 */
public interface FileRights {
    /** The account that runs this process. */
    UserPrincipal account() throws IOException;

    /** Rights for that account alone (on Windows also SYSTEM and the Administrators), to be given when a directory is created. */
    FileAttribute<?> ofNewDirectory() throws IOException;

    /** The same for a file. */
    FileAttribute<?>[] ofNewFile() throws IOException;

    /** Whether an account is none of the others. */
    boolean isTrusted(UserPrincipal account) throws IOException;

    /** Whether others may write into a file or directory, or change its rights. */
    boolean isWritableByOthers(Path path) throws IOException;

    /** Whether others may read a file. */
    boolean isReadableByOthers(Path file) throws IOException;

    /** Whether others may remove or rename what lies in a directory, and so put another file in its place. */
    boolean isReplaceableByOthers(Path directory) throws IOException;

    /** How many names (hard links) a file has; 1 where Java cannot tell, which is so on Windows. */
    int links(Path file) throws IOException;

    /** The command that takes the rights of others to a file or directory away. */
    String closeToOthers(Path path) throws IOException;

    /** The command that renames a file or directory, so that a new one can be made in its place. */
    String moveAway(Path path);

    /** The rights of the file system that holds a path. */
    static FileRights of(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? PosixRights.ofThisProcess(path.getFileSystem())
                : WindowsRights.ofThisProcess(
                        Path.of(Objects.requireNonNullElse(System.getenv("ProgramData"), "C:\\ProgramData")));
    }
}
