package io.github.csvbackup.files;

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

/** Access control lists. Deny entries are ignored, since they only reduce what other entries allow. */
final class WindowsRights implements FileRights {
    private static final Set<AclEntryPermission> WRITING = EnumSet.of(
            AclEntryPermission.WRITE_DATA,
            AclEntryPermission.APPEND_DATA,
            AclEntryPermission.DELETE,
            AclEntryPermission.DELETE_CHILD,
            AclEntryPermission.WRITE_ACL,
            AclEntryPermission.WRITE_OWNER);

    /** Without the permission to add files, which cannot replace one: every user has it in {@code C:\ProgramData}. */
    private static final Set<AclEntryPermission> REPLACING = EnumSet.of(
            AclEntryPermission.DELETE,
            AclEntryPermission.DELETE_CHILD,
            AclEntryPermission.WRITE_ACL,
            AclEntryPermission.WRITE_OWNER);

    /** An account that may change the permissions can also get the permission to read. */
    private static final Set<AclEntryPermission> READING =
            EnumSet.of(AclEntryPermission.READ_DATA, AclEntryPermission.WRITE_ACL, AclEntryPermission.WRITE_OWNER);

    /** What the agent needs of its directory. */
    private static final Set<AclEntryPermission> USING =
            EnumSet.of(AclEntryPermission.READ_DATA, AclEntryPermission.WRITE_DATA, AclEntryPermission.READ_ACL);

    private final UserPrincipal account;
    private final boolean isAdministrator;
    private final Set<UserPrincipal> trusted;

    /**
     * For tests.
     *
     * @param administrators SYSTEM and the Administrators
     */
    WindowsRights(UserPrincipal account, Set<UserPrincipal> administrators) {
        this.account = account;
        this.isAdministrator = administrators.contains(account);
        this.trusted = new LinkedHashSet<>(administrators);
        this.trusted.add(account);
    }

    /** @param programData its access control list shows SYSTEM and the Administrators, if a Windows in another language uses other names */
    static WindowsRights ofThisProcess(Path programData) throws IOException {
        return new WindowsRights(account(programData), administrators(programData));
    }

    static WindowsRights ofAccount(String account, Path programData) throws IOException {
        UserPrincipal found = lookUp(programData, account)
                .orElseThrow(() -> new IOException("there is no Windows account " + account));
        return new WindowsRights(found, administrators(programData));
    }

    static WindowsRights ofPrograms(String account, Path programData) throws IOException {
        WindowsRights rights = ofAccount(account, programData);
        Set<UserPrincipal> trusted = new LinkedHashSet<>(rights.trusted);
        trusted.add(account(programData));
        lookUp(programData, "NT SERVICE\\TrustedInstaller").ifPresent(trusted::add);
        return new WindowsRights(rights.account, trusted);
    }

    private static UserPrincipal account(Path programData) throws IOException {
        // From the operating system, since the host's command line can change the property user.name.
        Optional<UserPrincipal> account = Optional.empty();
        Optional<String> name = ProcessHandle.current().info().user();
        if (name.isPresent()) {
            account = lookUp(programData, name.get());
        }
        if (account.isEmpty()) {
            account = lookUp(programData, System.getProperty("user.name", ""));
        }
        return account.orElseThrow(() -> new IOException("cannot find out which Windows account runs this process"));
    }

    private static Set<UserPrincipal> administrators(Path programData) throws IOException {
        Set<UserPrincipal> found = new LinkedHashSet<>();
        lookUp(programData, "NT AUTHORITY\\SYSTEM").ifPresent(found::add);
        lookUp(programData, "BUILTIN\\Administrators").ifPresent(found::add);
        if (found.size() == 2) {
            return found;
        }
        for (AclEntry entry : acl(programData)) {
            if (entry.type() == AclEntryType.ALLOW && entry.permissions().contains(AclEntryPermission.WRITE_OWNER)) {
                found.add(entry.principal());
            }
        }
        return found;
    }

    private static Optional<UserPrincipal> lookUp(Path where, String name) throws IOException {
        try {
            return Optional.of(
                    where.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
        } catch (UserPrincipalNotFoundException e) {
            // Windows in another language, or the account of a service: the caller has a fallback.
            return Optional.empty();
        }
    }

    @Override
    public UserPrincipal account() {
        return account;
    }

    @Override
    public FileAttribute<?> ofNewDirectory() {
        return fullControl(Set.of(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT));
    }

    @Override
    public FileAttribute<?>[] ofNewFile() {
        // A directory that another account created may pass on other permissions.
        return new FileAttribute<?>[] {fullControl(Set.of())};
    }

    private AclAttribute fullControl(Set<AclEntryFlag> flags) {
        return new AclAttribute(trusted.stream()
                .map(principal -> AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(principal)
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                        .setFlags(flags)
                        .build())
                .toList());
    }

    @Override
    public boolean isTrusted(UserPrincipal owner) {
        return trusted.contains(owner);
    }

    @Override
    public boolean isWritableByOthers(Path path) throws IOException {
        return isAllowed(acl(path), WRITING);
    }

    @Override
    public boolean isReadableByOthers(Path file) throws IOException {
        return isAllowed(acl(file), READING);
    }

    @Override
    public boolean isReplaceableByOthers(Path directory) throws IOException {
        return !isTrusted(Files.getOwner(directory)) || isAllowed(acl(directory.toRealPath()), REPLACING);
    }

    @Override
    public Optional<String> openToAccount(Path directory) throws IOException {
        return openToAccount(directory, acl(directory));
    }

    Optional<String> openToAccount(Path directory, List<AclEntry> acl) {
        return isOpenToAccount(acl)
                ? Optional.empty()
                : Optional.of("icacls \"" + directory + "\" /grant " + grant(account, ":(OI)(CI)F") + " /T");
    }

    /** For cmd and PowerShell, which would take {@code $:} in quotation marks for a variable, and parentheses without them for a command. */
    private static String grant(UserPrincipal account, String rights) {
        String name = account.getName();
        return name.endsWith("$") ? name + "\"" + rights + "\"" : "\"" + name + rights + "\"";
    }

    boolean isOpenToAccount(List<AclEntry> acl) {
        return isAdministrator
                || acl.isEmpty()
                || acl.stream()
                        .anyMatch(entry -> entry.type() == AclEntryType.ALLOW
                                && entry.principal().equals(account)
                                && !entry.flags().contains(AclEntryFlag.INHERIT_ONLY)
                                && entry.permissions().containsAll(USING));
    }

    boolean isWritableByOthers(List<AclEntry> acl) {
        return isAllowed(acl, WRITING);
    }

    boolean isReadableByOthers(List<AclEntry> acl) {
        return isAllowed(acl, READING);
    }

    boolean isReplaceableByOthers(List<AclEntry> acl) {
        return isAllowed(acl, REPLACING);
    }

    /** Java shows a file without an access control list, which allows everything to everyone, as an empty list. */
    private boolean isAllowed(List<AclEntry> acl, Set<AclEntryPermission> permissions) {
        return acl.isEmpty() || !others(acl, permissions).isEmpty();
    }

    /** The others that have any of these permissions. */
    private Set<UserPrincipal> others(List<AclEntry> acl, Set<AclEntryPermission> permissions) {
        Set<UserPrincipal> others = new LinkedHashSet<>();
        for (AclEntry entry : acl) {
            if (entry.type() == AclEntryType.ALLOW
                    && !entry.flags().contains(AclEntryFlag.INHERIT_ONLY)
                    && !Collections.disjoint(entry.permissions(), permissions)
                    && !trusted.contains(entry.principal())) {
                others.add(entry.principal());
            }
        }
        return others;
    }

    @Override
    public int links(Path file) {
        return 1;
    }

    @Override
    public String closeToOthers(Path path) throws IOException {
        return closeToOthers(path, Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? ":(OI)(CI)F" : ":F", acl(path));
    }

    String closeToOthers(Path path, String rights, List<AclEntry> acl) {
        StringBuilder command = new StringBuilder("icacls \"" + path + "\" /inheritance:r /grant:r \"*S-1-5-18" + rights
                + "\" \"*S-1-5-32-544" + rights + "\" " + grant(account, rights));
        for (UserPrincipal other : others(acl, EnumSet.allOf(AclEntryPermission.class))) {
            // Well-known groups have no domain, and icacls does not accept the leading backslash that Java shows.
            String name = other.getName();
            command.append(" /remove:g \"")
                    .append(name.startsWith("\\") ? name.substring(1) : name)
                    .append('"');
        }
        return command.toString();
    }

    @Override
    public String moveAway(Path path) {
        return "ren \"" + path + "\" \"" + path.getFileName() + ".old\"";
    }

    private static List<AclEntry> acl(Path path) throws IOException {
        AclFileAttributeView view =
                Files.getFileAttributeView(path, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            throw new IOException(path + " is on a file system without access control lists");
        }
        return view.getAcl();
    }

    /** Set when the directory is created, so that it never has wider, inherited permissions. */
    private record AclAttribute(List<AclEntry> value) implements FileAttribute<List<AclEntry>> {
        @Override
        public String name() {
            return "acl:acl";
        }
    }
}
