package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The permissions of owner, group and others. */
final class PosixRights implements FileRights {
    private static final int STICKY = 01000;
    /** Some file systems do not keep the time of changes of permissions. */
    private static final String STAMP = "unix:ctime,dev,ino,mode,nlink,uid,gid,size,lastModifiedTime";
    /** More than the steps in which file systems count time. */
    private static final long SETTLES_MILLIS = 2_500;

    private final UserPrincipal account;
    private final Set<UserPrincipal> trusted;
    private final Clock clock;

    /**
     * For tests.
     *
     * @param trusted the accounts that do not belong to the others
     */
    PosixRights(UserPrincipal account, Set<UserPrincipal> trusted) {
        this(account, trusted, Clock.systemUTC());
    }

    PosixRights(UserPrincipal account, Set<UserPrincipal> trusted, Clock clock) {
        this.account = account;
        this.trusted = Set.copyOf(trusted);
        this.clock = clock;
    }

    static PosixRights ofThisProcess(FileSystem system) throws IOException {
        UserPrincipalLookupService accounts = system.getUserPrincipalLookupService();
        // From the operating system, since the host's command line can change the property user.name. On Linux without
        // ProcessHandle, which costs a starting host some milliseconds. There it reads the same.
        Path self = system.getPath("/proc/self");
        UserPrincipal account = Files.exists(self)
                ? Files.getOwner(self)
                : accounts.lookupPrincipalByName(
                        ProcessHandle.current().info().user().orElseThrow(PosixRights::withoutAccount));
        UserPrincipal root = accounts.lookupPrincipalByName("0");
        return new PosixRights(account, account.equals(root) ? Set.of(root) : Set.of(account, root));
    }

    private static IOException withoutAccount() {
        return new IOException("the system does not say which account runs this process");
    }

    @Override
    public UserPrincipal account() {
        return account;
    }

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
    public boolean isTrusted(UserPrincipal account) {
        return trusted.contains(account);
    }

    @Override
    public boolean isWritableByOthers(Path path) throws IOException {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        return modes.contains(PosixFilePermission.GROUP_WRITE) || modes.contains(PosixFilePermission.OTHERS_WRITE);
    }

    @Override
    public boolean isReadableByOthers(Path file) throws IOException {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        return modes.contains(PosixFilePermission.GROUP_READ) || modes.contains(PosixFilePermission.OTHERS_READ);
    }

    /** In a sticky directory such as {@code /tmp}, only the owners of the file and of the directory may rename a file. */
    @Override
    public boolean isReplaceableByOthers(Path directory) throws IOException {
        boolean sticky = ((int) Files.getAttribute(directory, "unix:mode") & STICKY) != 0;
        return !isTrusted(Files.getOwner(directory)) || (!sticky && isWritableByOthers(directory.toRealPath()));
    }

    @Override
    public int links(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    /** POSIX has the time of the last change of the inode ({@code st_ctime}), which programs cannot set. */
    @Override
    public @Nullable Object stamp(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            return null;
        }
        Map<String, Object> ofFile = Files.readAttributes(file, STAMP, LinkOption.NOFOLLOW_LINKS);
        Map<String, Object> ofDirectory = Files.readAttributes(directory, STAMP);
        long settled = clock.millis() - SETTLES_MILLIS;
        return isOlder(ofFile, settled) && isOlder(ofDirectory, settled) ? List.of(ofFile, ofDirectory) : null;
    }

    private static boolean isOlder(Map<String, Object> attributes, long millis) {
        return attributes.get("ctime") instanceof FileTime changed && changed.toMillis() < millis;
    }

    @Override
    public String closeToOthers(Path path) {
        return "chmod go= " + quoted(path.toString());
    }

    @Override
    public String moveAway(Path path) {
        return "mv " + quoted(path.toString()) + " " + quoted(path + ".old");
    }

    private static String quoted(String path) {
        return "'" + path.replace("'", "'\\''") + "'";
    }
}
