package io.github.csvbackup.security;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells who asks: the operator by the token ({@code Authorization: Bearer TOKEN}, or Basic with the user {@code operator} and the token as
 * password), others by their name and password (Basic).
 */
public final class Authentication {
    private static final String TOKEN_USER = "operator";

    private final Supplier<String> token;
    private final @Nullable Passwords passwords;
    private final AnonymousAccess anonymous;

    /**
     * Knows the token and the users, and lets anonymous programs of this machine do all that they can be allowed to.
     *
     * @param passwords null if there are no users but the operator with the token
     */
    public Authentication(Supplier<String> token, @Nullable Passwords passwords) {
        this(token, passwords, AnonymousAccess.ASSESS);
    }

    /**
     * Knows the token and the users.
     *
     * @param token the one that is valid now; asked at each check
     * @param passwords null if there are no users but the operator with the token
     * @param anonymous what may be done on this machine without credentials
     */
    public Authentication(
            Supplier<String> token, @Nullable Passwords passwords, AnonymousAccess anonymous) {
        this.token = token;
        this.passwords = passwords;
        this.anonymous = anonymous;
    }

    /** What an Authorization header is worth. */
    public enum Proof {
        ABSENT,
        WRONG,
        /** The password was not checked now: too many were wrong, or others are being checked. The same again in a moment may be good. */
        BUSY,
        GOOD
    }

    /** A proof, and whom it proves: anonymous if nobody. */
    public record Result(Proof proof, Identity identity) {
        static final Result ABSENT = new Result(Proof.ABSENT, Identity.ANONYMOUS);
        static final Result WRONG = new Result(Proof.WRONG, Identity.ANONYMOUS);
        static final Result BUSY = new Result(Proof.BUSY, Identity.ANONYMOUS);
        static final Result TOKEN = new Result(Proof.GOOD, Identity.TOKEN);
    }

    /** True if there are users that have names and passwords. */
    public boolean knowsUsers() {
        return passwords != null;
    }

    /** What may be done on this machine without credentials. */
    public AnonymousAccess anonymous() {
        return anonymous;
    }

    /**
     * Looks at the header; a password that was not seen before costs some tenths of a second.
     *
     * @param authorization the header; null if there is none
     * @param remote where the request comes from
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
        if (scheme.startsWith("bearer ")) {
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
