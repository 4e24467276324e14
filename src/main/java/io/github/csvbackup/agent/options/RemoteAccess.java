package io.github.csvbackup.agent.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the agent needs to be reached from other machines.
 *
 * @param users the users file; null: nobody but the operator with the token
 * @param tlsKeystore a PKCS #12 file with certificate and key; null: plain HTTP
 * @param tlsPasswordFile holds that file's password; null: it has none
 */
public record RemoteAccess(
        @Nullable Path users,
        @Nullable Path tlsKeystore,
        @Nullable Path tlsPasswordFile) {
    /** This machine only. */
    public static final RemoteAccess NONE = new RemoteAccess(null, null, null);
}
