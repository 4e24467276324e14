package io.github.csvbackup.agent.options;

import io.github.csvbackup.security.AnonymousAccess;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whom the agent answers, and what it needs to be reached from other machines.
 *
 * @param users the users file; null: nobody but the operator with the token
 * @param tlsKeystore a PKCS #12 file with certificate and key; null: plain HTTP
 * @param tlsPasswordFile holds that file's password; null: it has none
 * @param anonymous what may be done on this machine without credentials
 */
public record RemoteAccess(
        @Nullable Path users,
        @Nullable Path tlsKeystore,
        @Nullable Path tlsPasswordFile,
        AnonymousAccess anonymous) {
    /** This machine only, on which everybody may read and assess. */
    public static final RemoteAccess NONE = new RemoteAccess(null, null, null, AnonymousAccess.ASSESS);
}
