package io.github.csvbackup.security;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the sender of a request: the operator by the token ({@code Authorization: Bearer TOKEN}, or Basic with the user {@code operator} and the
 * token as password), others by name and password (Basic).
 */
public final class Authentication {
    private static final String TOKEN_USER = "operator";

    private final Supplier<String> token;
    private final @Nullable Passwords passwords;
    private final AnonymousAccess anonymous;

    /**
     * With all anonymous access that this machine can have.
     *
     * @param passwords null: the operator's token is the only credential
     */
    public Authentication(Supplier<String> token, @Nullable Passwords passwords) {
        this(token, passwords, AnonymousAccess.ASSESS);
    }

    /**
     * With the given anonymous access.
     *
     * @param token returns the current token; called for each check
     * @param passwords null: the operator's token is the only credential
     * @param anonymous access from this machine without credentials
     */
    public Authentication(Supplier<String> token, @Nullable Passwords passwords, AnonymousAccess anonymous) {
        this.token = token;
        this.passwords = passwords;
        this.anonymous = anonymous;
    }

    /** The result of checking an Authorization header. */
    public enum Proof {
        ABSENT,
        WRONG,
        /** The password was not checked, because too many were wrong or other checks are running. A later attempt may succeed. */
        BUSY,
        GOOD
    }

    /** The result and the identity; anonymous if the result is not GOOD. */
    public record Result(Proof proof, Identity identity) {
        static final Result ABSENT = new Result(Proof.ABSENT, Identity.ANONYMOUS);
        static final Result WRONG = new Result(Proof.WRONG, Identity.ANONYMOUS);
        static final Result BUSY = new Result(Proof.BUSY, Identity.ANONYMOUS);
        static final Result TOKEN = new Result(Proof.GOOD, Identity.TOKEN);
    }

    /** Whether there is a users file. */
    public boolean knowsUsers() {
        return passwords != null;
    }

    /** Access from this machine without credentials. */
    public AnonymousAccess anonymous() {
        return anonymous;
    }

    /**
     * Whether a check of the header may look for a password, which takes longer than to compare a token.
     *
     * @param authorization the header; null if there is none
     */
    public static boolean mayCheckPassword(@Nullable String authorization) {
        return authorization != null && !isBearer(authorization.strip());
    }

    private static boolean isBearer(String authorization) {
        return authorization.toLowerCase(Locale.ROOT).startsWith("bearer ");
    }

    /**
     * Checks the header. A new password takes some tenths of a second.
     *
     * @param authorization the header; null if there is none
     * @param remote the sender's address
     */
    public Result check(@Nullable String authorization, InetAddress remote) {
        if (authorization == null || authorization.isBlank()) {
            return Result.ABSENT;
        }
        String scheme = authorization.strip().toLowerCase(Locale.ROOT);
        String value = authorization
                .strip()
                .substring(authorization.strip().indexOf(' ') + 1)
                .strip();
        if (isBearer(scheme)) {
            return compare(value);
        }
        return scheme.startsWith("basic ") ? basic(value, remote) : Result.WRONG;
    }

    private Result basic(String value, InetAddress remote) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Result.WRONG;
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return Result.WRONG;
        }
        String name = pair.substring(0, colon);
        String password = pair.substring(colon + 1);
        if (name.equals(TOKEN_USER)) {
            return compare(password);
        }
        return passwords == null ? Result.WRONG : passwords.check(name, password, remote);
    }

    private Result compare(String given) {
        byte[] valid = token.get().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(valid, given.getBytes(StandardCharsets.UTF_8)) ? Result.TOKEN : Result.WRONG;
    }
}
