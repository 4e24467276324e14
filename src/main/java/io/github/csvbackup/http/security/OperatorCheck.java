package io.github.csvbackup.http.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator by the token: {@code Authorization: Bearer TOKEN}, or Basic with the user {@code operator} and the token as password.
 */
public final class OperatorCheck {
    private static final String USER = "operator:";

    private final byte[] token;

    public OperatorCheck(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** What an Authorization header proves. */
    public enum Result {
        ABSENT,
        WRONG,
        OPERATOR
    }

    public Result check(@Nullable String authorization) {
        if (authorization == null || authorization.isBlank()) {
            return Result.ABSENT;
        }
        String scheme = authorization.strip().toLowerCase(Locale.ROOT);
        String value = authorization
                .strip()
                .substring(authorization.strip().indexOf(' ') + 1)
                .strip();
        if (scheme.startsWith("bearer ")) {
            return compare(value.getBytes(StandardCharsets.UTF_8));
        }
        return scheme.startsWith("basic ") ? basic(value) : Result.WRONG;
    }

    private Result basic(String value) {
        try {
            String pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
            return pair.startsWith(USER)
                    ? compare(pair.substring(USER.length()).getBytes(StandardCharsets.UTF_8))
                    : Result.WRONG;
        } catch (IllegalArgumentException e) {
            return Result.WRONG;
        }
    }

    private Result compare(byte[] given) {
        return MessageDigest.isEqual(token, given) ? Result.OPERATOR : Result.WRONG;
    }
}
