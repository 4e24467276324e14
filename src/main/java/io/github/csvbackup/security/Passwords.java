package io.github.csvbackup.security;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks the passwords of the users file. A check costs some tenths of a second, so one that went well is remembered, also when the file is read again
 * and the user's line has stayed; who may have others checked is up to {@link FirstLogins}. Thread-safe.
 */
public final class Passwords {
    private static final String MAC = "HmacSHA256";

    private final ReloadingFile<Users> file;
    private final FirstLogins firstLogins;
    private final SecretKeySpec key;
    private final Predicate<char[]> decoy;

    /** By the names of the file. */
    private final Map<String, Proven> proven = new ConcurrentHashMap<>();

    /** What a password that was right looked like, and against which hash it was. */
    private static final class Proven {
        final String hash;
        final byte[] mac;

        Proven(String hash, byte[] mac) {
            this.hash = hash;
            this.mac = mac;
        }
    }

    /**
     * The users of a file, which is read again after it has changed.
     *
     * @param status says since when the file could not be read or understood
     * @throws IOException with a sentence, if the file cannot be read or understood
     */
    public Passwords(Path file, FileStatus status) throws IOException {
        this(
                file,
                status,
                System::nanoTime,
                PasswordHash.of("nobody".toCharArray())::matches,
                new FirstLogins(System::nanoTime));
    }

    /**
     * The users of a file.
     *
     * @param decoy checks the password of a name that is not in the file, so that the answer takes as long as for one that is
     */
    Passwords(
            Path file, FileStatus status, LongSupplier nanoTime, Predicate<char[]> decoy, FirstLogins firstLogins)
            throws IOException {
        this.file = new ReloadingFile<>(List.of(file), Users.loader(file), status, nanoTime);
        this.firstLogins = firstLogins;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.decoy = decoy;
        this.key = new SecretKeySpec(random, MAC);
    }

    /** What a name and a password prove. */
    Authentication.Result check(String name, String password, InetAddress remote) {
        Users.User user = file.get().user(name);
        byte[] mac = mac(password);
        if (user != null && isProven(user, mac)) {
            return new Authentication.Result(Authentication.Proof.GOOD, user.identity());
        }
        String from = AddressGroup.of(remote);
        FirstLogins.Outcome outcome = firstLogins.now(from, name, () -> check(user, password, mac));
        if (outcome == FirstLogins.Outcome.RIGHT && user != null) {
            return new Authentication.Result(Authentication.Proof.GOOD, user.identity());
        }
        if (outcome == FirstLogins.Outcome.NOT_CHECKED) {
            if (user != null) {
                firstLogins.later(from, name, proven.containsKey(name), () -> check(user, password, mac));
            }
            return Authentication.Result.BUSY;
        }
        return Authentication.Result.WRONG;
    }

    private boolean isProven(Users.User user, byte[] mac) {
        Proven before = proven.get(user.identity().name());
        return before != null
                && before.hash.equals(user.password().toString())
                && MessageDigest.isEqual(mac, before.mac);
    }

    /** Takes some tenths of a second, and remembers a password that is right. */
    private boolean check(Users.@Nullable User user, String password, byte[] mac) {
        if (user == null) {
            boolean unused = decoy.test(password.toCharArray());
            return false;
        }
        boolean right = user.password().matches(password.toCharArray());
        if (right) {
            proven.put(user.identity().name(), new Proven(user.password().toString(), mac));
        }
        return right;
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
