package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** The permissions for an account that owns none of the test's files, as if an attacker had created them. A real second account would need root. */
public final class OtherAccount {
    public static final String NAME = "47110";

    private OtherAccount() {}

    public static FileRights rights() throws IOException {
        UserPrincipal account =
                FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(NAME);
        return new PosixRights(account, Set.of(account));
    }
}
