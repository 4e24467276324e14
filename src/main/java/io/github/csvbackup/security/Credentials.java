package io.github.csvbackup.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The credentials in an Authorization header.
 *
 * @param name the user of Basic; null for Bearer
 * @param secret the password of Basic, or the token of Bearer
 */
public record Credentials(@Nullable String name, String secret) {
    private static final String TOKEN_USER = "operator";

    /** Whether the header is there. */
    static boolean areIn(@Nullable String header) {
        return header != null && !header.isBlank();
    }

    /**
     * Whether a check of the header may look for a password, which takes longer than to compare a token.
     *
     * @param header null if there is none
     */
    public static boolean mayBePassword(@Nullable String header) {
        return header != null && !header.strip().toLowerCase(Locale.ROOT).startsWith("bearer ");
    }

    /** Reads the header; empty if it is neither Bearer nor a valid Basic. */
    static Optional<Credentials> in(String header) {
        String text = header.strip();
        String scheme = text.toLowerCase(Locale.ROOT);
        String value = text.substring(text.indexOf(' ') + 1).strip();
        if (scheme.startsWith("bearer ")) {
            return Optional.of(new Credentials(null, value));
        }
        return scheme.startsWith("basic ") ? basic(value) : Optional.empty();
    }

    private static Optional<Credentials> basic(String value) {
        try {
            String pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Checks a header for the operator's token: as {@code Bearer TOKEN}, or as the password of the user {@code operator}.
     *
     * @param header null if there is none
     */
    public static Authentication checkToken(@Nullable String header, String token) {
        if (header == null || !areIn(header)) {
            return Authentication.ABSENT;
        }
        Credentials given = in(header).orElse(null);
        return given != null && (given.name == null || given.name.equals(TOKEN_USER)) && given.isSecret(token)
                ? Authentication.of(Identity.TOKEN)
                : Authentication.WRONG;
    }

    private boolean isSecret(String expected) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }
}
