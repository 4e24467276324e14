package io.github.csvbackup.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks the passwords of the users file. A check costs some tenths of a second, so one that went well is remembered for the next request, and
 * only two are made at a time: guessing cannot occupy the server. Thread-safe.
 */
public final class Passwords {
    private static final String MAC = "HmacSHA256";
    private static final int AT_ONCE = 2;

    private final ReloadingFile<Users> file;
    private final FileStatus status;
    private final Semaphore checks = new Semaphore(AT_ONCE);
    private final SecretKeySpec key;
    private final Predicate<char[]> decoy;

    /**
     * The users of a file, which is read again after it has changed.
     *
     * @param status says since when the file could not be read or understood
     * @throws IOException with a sentence, if the file cannot be read or understood
     */
    public Passwords(Path file, FileStatus status) throws IOException {
        this(file, status, System::nanoTime, PasswordHash.of("nobody".toCharArray())::matches);
    }

    /**
     * The users of a file.
     *
     * @param decoy checks the password of a name that is not in the file, so that the answer takes as long as for one that is
     */
    Passwords(Path file, FileStatus status, LongSupplier nanoTime, Predicate<char[]> decoy) throws IOException {
        this.status = status;
        this.file = new ReloadingFile<>(List.of(file), Users.loader(file), status, nanoTime);
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.decoy = decoy;
        this.key = new SecretKeySpec(random, MAC);
    }

    /** Since when the users are not those of the file; null if they are. Looks at the file, for nobody may log in meanwhile. */
    public @Nullable Instant outdatedSince() {
        file.get();
        return status.outdatedSince();
    }

    /** What a name and a password prove. */
    Authentication.Result check(String name, String password) {
        Users users = file.get();
        Users.User user = users.user(name);
        byte[] mac = mac(password);
        if (user != null && MessageDigest.isEqual(mac, users.proven.get(user))) {
            return new Authentication.Result(Authentication.Proof.GOOD, user.identity());
        }
        return slowly(users, user, password, mac);
    }

    private Authentication.Result slowly(Users users, Users.@Nullable User user, String password, byte[] mac) {
        // Nobody waits for his turn: the server's few threads are for those who are known.
        if (!checks.tryAcquire()) {
            return Authentication.Result.BUSY;
        }
        try {
            Predicate<char[]> check = user == null ? decoy : user.password()::matches;
            boolean right = check.test(password.toCharArray());
            if (user == null || !right) {
                return Authentication.Result.WRONG;
            }
            users.proven.put(user, mac);
            return new Authentication.Result(Authentication.Proof.GOOD, user.identity());
        } finally {
            checks.release();
        }
    }

    private byte[] mac(String password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + MAC, e);
        }
    }
}
