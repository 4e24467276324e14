package io.github.csvbackup.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Access control lists. Trusted besides the owner: SYSTEM and the Administrators, who can take every file anyway. */
final class WindowsRights implements DirectoryRights {
    private static final Set<AclEntryPermission> WRITING = EnumSet.of(
            AclEntryPermission.WRITE_DATA,
            AclEntryPermission.APPEND_DATA,
            AclEntryPermission.DELETE,
            AclEntryPermission.DELETE_CHILD,
            AclEntryPermission.WRITE_ACL,
            AclEntryPermission.WRITE_OWNER);

    /** Where the names of another language fail: the rights of this folder name SYSTEM and the Administrators. */
    private final Path programData;

    WindowsRights(Path programData) {
        this.programData = programData;
    }

    @Override
    public FileAttribute<?> ofNewDirectory() throws IOException {
        Set<UserPrincipal> principals = new LinkedHashSet<>(trusted());
        lookUp(System.getProperty("user.name", "")).ifPresent(principals::add);
        List<AclEntry> entries = principals.stream()
                .map(principal -> AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(principal)
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                        .setFlags(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT)
                        .build())
                .toList();
        return new AclAttribute(entries);
    }

    @Override
    public FileAttribute<?>[] ofNewFile() {
        return new FileAttribute<?>[0];
    }

    @Override
    public boolean isTrusted(UserPrincipal owner, UserPrincipal self) throws IOException {
        return owner.equals(self) || trusted().contains(owner);
    }

    @Override
    public boolean isWritableByOthers(Path directory, UserPrincipal self) throws IOException {
        return isAllowed(directory, self, WRITING);
    }

    @Override
    public boolean isReadableByOthers(Path file, UserPrincipal self) throws IOException {
        return isAllowed(file, self, EnumSet.of(AclEntryPermission.READ_DATA));
    }

    @Override
    public String takeOwnership(Path directory, UserPrincipal self) {
        return "takeown /F \"" + directory + "\" /R";
    }

    @Override
    public String closeToOthers(Path path, UserPrincipal self) {
        String inherited = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "(OI)(CI)F" : "F";
        return "icacls \"" + path + "\" /inheritance:r /grant:r *S-1-5-18:" + inherited + " *S-1-5-32-544:" + inherited
                + " \"" + self.getName() + ":" + inherited + "\"";
    }

    private boolean isAllowed(Path path, UserPrincipal self, Set<AclEntryPermission> permissions) throws IOException {
        for (AclEntry entry : acl(path)) {
            if (entry.type() == AclEntryType.ALLOW
                    && !entry.flags().contains(AclEntryFlag.INHERIT_ONLY)
                    && !Collections.disjoint(entry.permissions(), permissions)
                    && !isTrusted(entry.principal(), self)
                    && !lookUp(System.getProperty("user.name", "")).equals(Optional.of(entry.principal()))) {
                return true;
            }
        }
        return false;
    }

    private Set<UserPrincipal> trusted() throws IOException {
        Set<UserPrincipal> trusted = new LinkedHashSet<>();
        lookUp("NT AUTHORITY\\SYSTEM").ifPresent(trusted::add);
        lookUp("BUILTIN\\Administrators").ifPresent(trusted::add);
        if (trusted.size() == 2) {
            return trusted;
        }
        for (AclEntry entry : acl(programData)) {
            if (entry.type() == AclEntryType.ALLOW && entry.permissions().contains(AclEntryPermission.WRITE_OWNER)) {
                trusted.add(entry.principal());
            }
        }
        return trusted;
    }

    private Optional<UserPrincipal> lookUp(String name) throws IOException {
        try {
            return Optional.of(
                    programData.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
        } catch (UserPrincipalNotFoundException e) {
            // Windows in another language, or a service's account: the caller has another way.
            return Optional.empty();
        }
    }

    private static List<AclEntry> acl(Path path) throws IOException {
        AclFileAttributeView view =
                Files.getFileAttributeView(path, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            throw new IOException(path + " lies on a file system without access control lists");
        }
        return view.getAcl();
    }

    /** Given when the directory is created, so that there is no moment with wider, inherited rights. */
    private record AclAttribute(List<AclEntry> value) implements FileAttribute<List<AclEntry>> {
        @Override
        public String name() {
            return "acl:acl";
        }
    }
}
