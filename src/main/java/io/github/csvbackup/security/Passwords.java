package io.github.csvbackup.security;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks the passwords of the users file. A check takes some tenths of a second, so a correct password is remembered, even after the file is read again,
 * as long as the user's line stays the same. {@link FirstLogins} limits the other checks. Thread-safe.
 */
public final class Passwords {
    private static final String MAC = "HmacSHA256";

    private final ReloadingFile<Users> file;
    private final FileStatus status;
    private final FirstLogins firstLogins;
    private final SecretKeySpec key;
    private final Predicate<char[]> decoy;

    /** Only for names in the file, so its size is bounded. */
    private final Map<String, Proven> proven = new ConcurrentHashMap<>();

    /** A correct password, as a MAC, and the hash that it matched. */
    private static final class Proven {
        final String hash;
        final byte[] mac;

        Proven(String hash, byte[] mac) {
            this.hash = hash;
            this.mac = mac;
        }
    }

    /**
     * For the users of a file. A changed file is read again.
     *
     * @param status receives whether the content is current
     * @throws IOException with a message for users, if the file cannot be read or parsed
     */
    public Passwords(Path file, FileStatus status) throws IOException {
        this(
                file,
                status,
                System::nanoTime,
                PasswordHash.of("decoy".toCharArray())::matches,
                new FirstLogins(System::nanoTime));
    }

    /**
     * For tests.
     *
     * @param decoy checks the password for an unknown name, so that the answer takes as long as for a known one
     */
    Passwords(Path file, FileStatus status, LongSupplier nanoTime, Predicate<char[]> decoy, FirstLogins firstLogins)
            throws IOException {
        this.status = status;
        this.file = new ReloadingFile<>(List.of(file), Users.loader(file), status, nanoTime);
        this.firstLogins = firstLogins;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.decoy = decoy;
        this.key = new SecretKeySpec(random, MAC);
    }

    /** Since when the users are outdated; null if they are current. Checks the file, since there may be no logins that do so. */
    public @Nullable Instant outdatedSince() {
        file.get();
        return status.outdatedSince();
    }

    /**
     * The user whose password in an Authorization header was correct before. Does not look whether the file has changed since: only {@link #check} proves
     * who the sender is.
     *
     * @param header null if there is none
     * @return empty if the password must be checked first
     */
    public Optional<Identity> remembered(@Nullable String header) {
        Credentials given = header == null ? null : Credentials.in(header).orElse(null);
        if (given == null || given.name() == null) {
            return Optional.empty();
        }
        Users.User user = file.last().user(given.name());
        // Also for unknown names, so that the time does not tell which names there are.
        byte[] mac = mac(given.secret());
        return user != null && isProven(user, mac) ? Optional.of(user.identity()) : Optional.empty();
    }

    /**
     * Checks the name and the password in an Authorization header. A new password takes some tenths of a second.
     *
     * @param header null if there is none
     * @param remote the sender's address
     */
    public Authentication check(@Nullable String header, InetAddress remote) {
        if (header == null || !Credentials.areIn(header)) {
            return Authentication.ABSENT;
        }
        Credentials given = Credentials.in(header).orElse(null);
        return given == null || given.name() == null
                ? Authentication.WRONG
                : check(given.name(), given.secret(), remote);
    }

    /** Checks a name and a password. */
    Authentication check(String name, String password, InetAddress remote) {
        Users.User user = file.get().user(name);
        byte[] mac = mac(password);
        if (user != null && isProven(user, mac)) {
            return Authentication.of(user.identity());
        }
        String from = AddressGroup.of(remote);
        FirstLogins.Outcome outcome = firstLogins.now(from, name, () -> check(user, password, mac));
        if (outcome == FirstLogins.Outcome.RIGHT && user != null) {
            return Authentication.of(user.identity());
        }
        if (outcome == FirstLogins.Outcome.NOT_CHECKED) {
            if (user != null) {
                firstLogins.later(from, name, proven.containsKey(name), () -> check(user, password, mac));
            }
            return Authentication.BUSY;
        }
        return Authentication.WRONG;
    }

    private boolean isProven(Users.User user, byte[] mac) {
        Proven before = proven.get(user.identity().name());
        return before != null
                && before.hash.equals(user.password().toString())
                && MessageDigest.isEqual(mac, before.mac);
    }

    /** Takes some tenths of a second; remembers a correct password. */
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
