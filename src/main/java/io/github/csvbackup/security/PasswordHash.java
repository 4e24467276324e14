package io.github.csvbackup.security;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The hash of a password: PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2), written as {@code pbkdf2-sha256:COUNT:SALT:HASH}, with salt and hash in
 * Base64.
 */
public final class PasswordHash {
    private static final String SCHEME = "pbkdf2-sha256";
    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    /** The recommendation of OWASP's Password Storage Cheat Sheet for this algorithm. */
    private static final int ITERATIONS = 600_000;
    /** Otherwise one password of the file could keep the server busy for minutes. */
    private static final int MOST_ITERATIONS = 10_000_000;

    private static final int FEWEST_ITERATIONS = 10_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a password with a new salt. */
    public static PasswordHash of(char[] password) {
        return of(password, ITERATIONS);
    }

    /** The same with another number of iterations. */
    static PasswordHash of(char[] password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(iterations, salt, derive(password, salt, iterations));
    }

    /**
     * Parses the result of {@link #toString()}.
     *
     * @throws IllegalArgumentException with a clause for users
     */
    static PasswordHash parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 4 || !parts[0].equals(SCHEME)) {
            throw new IllegalArgumentException("the password must have the form " + SCHEME + ":COUNT:SALT:HASH");
        }
        int count;
        byte[] salt;
        byte[] hash;
        try {
            count = Integer.parseInt(parts[1]);
            salt = Base64.getDecoder().decode(parts[2]);
            hash = Base64.getDecoder().decode(parts[3]);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the password's count, salt or hash is damaged", e);
        }
        if (count < FEWEST_ITERATIONS || count > MOST_ITERATIONS || salt.length < 8 || hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("the password's count must be from " + FEWEST_ITERATIONS + " to "
                    + MOST_ITERATIONS + ", its salt 8 bytes or more, its hash " + HASH_BYTES + " bytes");
        }
        return new PasswordHash(count, salt, hash);
    }

    /** Takes some tenths of a second, intentionally. */
    boolean matches(char[] password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    private static byte[] derive(char[] password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + ":" + iterations + ":" + base64.encodeToString(salt) + ":" + base64.encodeToString(hash);
    }
}
