package io.github.csvbackup.agent.options;

import io.github.csvbackup.security.AnonymousAccess;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who may send requests, and what access from other machines needs.
 *
 * @param users the users file; null: only the operator with the token
 * @param tlsKeystore a PKCS #12 file with certificate and key; null: plain HTTP
 * @param tlsPasswordFile contains the password of that file; null: it has no password
 * @param anonymous access from this machine without credentials
 */
public record RemoteAccess(
        @Nullable Path users,
        @Nullable Path tlsKeystore,
        @Nullable Path tlsPasswordFile,
        AnonymousAccess anonymous) {
    /** Only from this machine, where every account may read and assess. */
    public static final RemoteAccess NONE = new RemoteAccess(null, null, null, AnonymousAccess.ASSESS);
}
