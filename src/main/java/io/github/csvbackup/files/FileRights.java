package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file permissions of a file system. <em>Others</em> are all accounts except the one that runs the agent and the administrators, which can access
 * every file anyway: root, or SYSTEM and the Administrators. The owner of a file has no special role.
 */
public interface FileRights {
    /** The account that runs this process. */
    UserPrincipal account() throws IOException;

    /** The permissions for a new directory: only for that account, and on Windows for SYSTEM and the Administrators. */
    FileAttribute<?> ofNewDirectory() throws IOException;

    /** The same for a file. */
    FileAttribute<?>[] ofNewFile() throws IOException;

    /** Whether an account does not belong to the others. */
    boolean isTrusted(UserPrincipal account) throws IOException;

    /** Whether others may write to a file or directory, or change its permissions. */
    boolean isWritableByOthers(Path path) throws IOException;

    /** Whether others may read a file. */
    boolean isReadableByOthers(Path file) throws IOException;

    /** Whether others may delete or rename files in a directory, and so replace them. */
    boolean isReplaceableByOthers(Path directory) throws IOException;

    /**
     * A shell command that gives the account that runs the agent access to a directory and its files, if the permissions do not name that account. It may
     * have access nevertheless, as a member of the Administrators: that cannot be found out here.
     */
    default Optional<String> openToAccount(Path directory) throws IOException {
        return Optional.empty();
    }

    /** The number of names (hard links) of a file; 1 on Windows, where Java cannot find it out. */
    int links(Path file) throws IOException;

    /**
     * Changes whenever the content, a name, the owner or the permissions of a file or of its directory change: while it is equal to an earlier one, the
     * file need not be checked again. Null where the file system has nothing of the kind, such as on Windows, and for a file that changed so recently
     * that a further change might not show.
     */
    default @Nullable Object stamp(Path file) throws IOException {
        return null;
    }

    /** A shell command that removes the permissions of others from a file or directory. */
    String closeToOthers(Path path) throws IOException;

    /** A shell command that renames a file or directory, so that a new one can replace it. */
    String moveAway(Path path);

    /** The permissions of the file system that contains the path. */
    static FileRights of(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? PosixRights.ofThisProcess(path.getFileSystem())
                : WindowsRights.ofThisProcess(programData());
    }

    /**
     * The permissions of Windows' file systems as another account sees them, which will run the agent: this process is not one of the administrators then.
     *
     * @throws IOException if there is no such account
     */
    static FileRights ofWindowsAccount(String account) throws IOException {
        return WindowsRights.ofAccount(account, programData());
    }

    /**
     * The same for programs. They may also belong to Windows' installer, which owns the system's folders, and to the account of this process, which
     * installs them as an administrator.
     */
    static FileRights ofWindowsPrograms(String account) throws IOException {
        return WindowsRights.ofPrograms(account, programData());
    }

    private static Path programData() {
        return Path.of(Objects.requireNonNullElse(System.getenv("ProgramData"), "C:\\ProgramData"));
    }
}
