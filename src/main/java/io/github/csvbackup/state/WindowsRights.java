package io.github.csvbackup.state;

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
        return fullControl(Set.of(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT));
    }

    private AclAttribute fullControl(Set<AclEntryFlag> flags) throws IOException {
        Set<UserPrincipal> principals = new LinkedHashSet<>(trusted());
        lookUp(System.getProperty("user.name", "")).ifPresent(principals::add);
        List<AclEntry> entries = principals.stream()
                .map(principal -> AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(principal)
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                        .setFlags(flags)
                        .build())
                .toList();
        return new AclAttribute(entries);
    }

    @Override
    public FileAttribute<?>[] ofNewFile() throws IOException {
        // Inherited rights would do on Windows; a directory that somebody else made may hand down others.
        return new FileAttribute<?>[] {fullControl(Set.of())};
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
    public String closeToOthers(Path path, UserPrincipal self) throws IOException {
        String rights = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "(OI)(CI)F" : "F";
        StringBuilder command = new StringBuilder("icacls \"" + path + "\" /inheritance:r /grant:r *S-1-5-18:" + rights
                + " *S-1-5-32-544:" + rights + " \"" + self.getName() + ":" + rights + "\"");
        for (UserPrincipal other : others(path, self, EnumSet.allOf(AclEntryPermission.class))) {
            // Well-known groups have no domain, and icacls does not take the backslash that Java shows for it.
            String name = other.getName();
            command.append(" /remove:g \"")
                    .append(name.startsWith("\\") ? name.substring(1) : name)
                    .append('"');
        }
        return command.toString();
    }

    private boolean isAllowed(Path path, UserPrincipal self, Set<AclEntryPermission> permissions) throws IOException {
        return !others(path, self, permissions).isEmpty();
    }

    /** Who else is allowed any of that, besides whom one has to trust. */
    private Set<UserPrincipal> others(Path path, UserPrincipal self, Set<AclEntryPermission> permissions)
            throws IOException {
        Set<UserPrincipal> harmless = new LinkedHashSet<>(trusted());
        harmless.add(self);
        lookUp(System.getProperty("user.name", "")).ifPresent(harmless::add);
        Set<UserPrincipal> others = new LinkedHashSet<>();
        for (AclEntry entry : acl(path)) {
            if (entry.type() == AclEntryType.ALLOW
                    && !entry.flags().contains(AclEntryFlag.INHERIT_ONLY)
                    && !Collections.disjoint(entry.permissions(), permissions)
                    && !harmless.contains(entry.principal())) {
                others.add(entry.principal());
            }
        }
        return others;
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
