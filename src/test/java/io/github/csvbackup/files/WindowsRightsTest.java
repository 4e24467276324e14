package io.github.csvbackup.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The meaning of access control lists, tested without Windows. */
class WindowsRightsTest {
    private static final UserPrincipal SYSTEM = new Account("NT AUTHORITY\\SYSTEM");
    private static final UserPrincipal ADMINISTRATORS = new Account("BUILTIN\\Administrators");
    private static final UserPrincipal AGENT = new Account("NT SERVICE\\csv-backup-agent");
    private static final UserPrincipal USERS = new Account("BUILTIN\\Users");
    private static final UserPrincipal EVE = new Account("DOMAIN\\eve");
    private static final Set<AclEntryPermission> ALL = EnumSet.allOf(AclEntryPermission.class);

    private final WindowsRights rights = new WindowsRights(AGENT, Set.of(SYSTEM, ADMINISTRATORS));

    private record Account(String getName) implements UserPrincipal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private static AclEntry allow(UserPrincipal who, Set<AclEntryPermission> what, AclEntryFlag... flags) {
        return AclEntry.newBuilder()
                .setType(AclEntryType.ALLOW)
                .setPrincipal(who)
                .setPermissions(what)
                .setFlags(flags)
                .build();
    }

    @Test
    void anOwnerIsOneOfTheOthersUnlessHeIsTheAgentOrAnAdministrator() {
        assertThat(rights.isTrusted(SYSTEM)).isTrue();
        assertThat(rights.isTrusted(ADMINISTRATORS)).isTrue();
        assertThat(rights.isTrusted(AGENT)).isTrue();
        assertThat(rights.isTrusted(EVE)).isFalse();
        assertThat(rights.isTrusted(USERS)).isFalse();
    }

    @Test
    void whoCanTakeEveryFileAnywayDoesNotCount() {
        List<AclEntry> acl = List.of(allow(SYSTEM, ALL), allow(ADMINISTRATORS, ALL), allow(AGENT, ALL));

        assertThat(rights.isReadableByOthers(acl)).isFalse();
        assertThat(rights.isWritableByOthers(acl)).isFalse();
        assertThat(rights.isReplaceableByOthers(acl)).isFalse();
    }

    /** The attacker who created the file has full control, and no other entry allows more. */
    @Test
    void thePlantersOwnEntryCounts() {
        List<AclEntry> acl = List.of(allow(SYSTEM, ALL), allow(EVE, ALL));

        assertThat(rights.isReadableByOthers(acl)).isTrue();
        assertThat(rights.isWritableByOthers(acl)).isTrue();
        assertThat(rights.isReplaceableByOthers(acl)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(AclEntryPermission.class)
    void eachPermissionCountsForWhatItGives(AclEntryPermission permission) {
        List<AclEntry> acl = List.of(allow(AGENT, ALL), allow(USERS, Set.of(permission)));

        boolean ofRights = permission == AclEntryPermission.WRITE_ACL || permission == AclEntryPermission.WRITE_OWNER;
        boolean deletes = permission == AclEntryPermission.DELETE || permission == AclEntryPermission.DELETE_CHILD;
        boolean writes = permission == AclEntryPermission.WRITE_DATA || permission == AclEntryPermission.APPEND_DATA;
        assertThat(rights.isReadableByOthers(acl)).isEqualTo(ofRights || permission == AclEntryPermission.READ_DATA);
        assertThat(rights.isWritableByOthers(acl)).isEqualTo(ofRights || deletes || writes);
        assertThat(rights.isReplaceableByOthers(acl)).isEqualTo(ofRights || deletes);
    }

    @Test
    void aDirectoryIsOpenToAnAccountThatItNames() {
        List<AclEntry> ofSystem = List.of(allow(SYSTEM, ALL), allow(ADMINISTRATORS, ALL));

        assertThat(rights.isOpenToAccount(ofSystem)).isFalse();
        assertThat(rights.isOpenToAccount(List.of(allow(AGENT, ALL)))).isTrue();
        assertThat(rights.isOpenToAccount(List.of())).as("everyone").isTrue();
        assertThat(new WindowsRights(SYSTEM, Set.of(SYSTEM, ADMINISTRATORS)).isOpenToAccount(ofSystem))
                .isTrue();
        assertThat(rights.isOpenToAccount(List.of(allow(AGENT, Set.of(AclEntryPermission.READ_DATA)))))
                .isFalse();
        assertThat(rights.isOpenToAccount(List.of(allow(AGENT, ALL, AclEntryFlag.INHERIT_ONLY))))
                .isFalse();
    }

    /** As on C:\ProgramData, where users may add files but not change those of others. */
    @Test
    void whatOnlyChildrenInheritOrWhatDeniesGivesNothing() {
        List<AclEntry> acl = List.of(
                allow(AGENT, ALL),
                allow(EVE, ALL, AclEntryFlag.INHERIT_ONLY, AclEntryFlag.FILE_INHERIT),
                AclEntry.newBuilder()
                        .setType(AclEntryType.DENY)
                        .setPrincipal(USERS)
                        .setPermissions(ALL)
                        .build());

        assertThat(rights.isReadableByOthers(acl)).isFalse();
        assertThat(rights.isWritableByOthers(acl)).isFalse();
    }

    /** Without a list, Windows allows everything to everyone, and Java shows an empty list. */
    @Test
    void withoutAListEverybodyMayDoEverything() {
        assertThat(rights.isReadableByOthers(List.of())).isTrue();
        assertThat(rights.isWritableByOthers(List.of())).isTrue();
        assertThat(rights.isReplaceableByOthers(List.of())).isTrue();
    }

    @Test
    @SuppressWarnings("unchecked")
    void newFilesAreForTheAgentAndTheAdministrators() {
        List<AclEntry> file = (List<AclEntry>) rights.ofNewFile()[0].value();
        List<AclEntry> directory = (List<AclEntry>) rights.ofNewDirectory().value();

        assertThat(file).extracting(AclEntry::principal).containsExactlyInAnyOrder(SYSTEM, ADMINISTRATORS, AGENT);
        assertThat(rights.isReadableByOthers(file)).isFalse();
        assertThat(directory)
                .allMatch(entry ->
                        entry.flags().containsAll(Set.of(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT)));
    }

    /** PowerShell takes {@code $:} in quotation marks for a variable, and parentheses without them for a command. */
    @Test
    void commandsAreWrittenAsPowerShellAndCmdNeedThem() {
        WindowsRights managed = new WindowsRights(new Account("EXAMPLE\\agent$"), Set.of(SYSTEM, ADMINISTRATORS));
        Path path = Path.of("csv backup");

        assertThat(managed.openToAccount(path, List.of(allow(EVE, ALL))))
                .contains("icacls \"csv backup\" /grant EXAMPLE\\agent$\":(OI)(CI)F\" /T");
        assertThat(rights.openToAccount(path, List.of(allow(EVE, ALL))))
                .contains("icacls \"csv backup\" /grant \"NT SERVICE\\csv-backup-agent:(OI)(CI)F\" /T");
        assertThat(managed.closeToOthers(path, ":(OI)(CI)F", List.of(allow(EVE, ALL))))
                .isEqualTo("icacls \"csv backup\" /inheritance:r /grant:r \"*S-1-5-18:(OI)(CI)F\""
                        + " \"*S-1-5-32-544:(OI)(CI)F\" EXAMPLE\\agent$\":(OI)(CI)F\" /remove:g \"DOMAIN\\eve\"");
    }

    @Test
    void aDirectoryIsRenamed() {
        Path path = Path.of("csv-backup-agent");
        assertThat(rights.moveAway(path)).isEqualTo("ren \"csv-backup-agent\" \"csv-backup-agent.old\"");
    }
}
