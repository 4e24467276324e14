package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.security.Authentication.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordsTest {
    private static final int LOW_COST = 10_000;
    private static final String ANN = "ann operator " + PasswordHash.of("ann's password".toCharArray(), LOW_COST);
    private static final String PROM =
            "prometheus reader " + PasswordHash.of("prom's password".toCharArray(), LOW_COST);

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private final FileStatus status = new FileStatus(clock);
    private final AtomicLong nanos = new AtomicLong();
    private int senders;

    private Path file(String text) throws IOException {
        return PrivateFile.write(folder.resolve("users"), text);
    }

    private Passwords passwords(String users) throws IOException {
        return passwords(file(users), password -> false);
    }

    private Passwords passwords(Path file, Predicate<char[]> decoy) throws IOException {
        return new Passwords(file, status, nanos::get, decoy, new FirstLogins(nanos::get, Runnable::run));
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** From a different address each time. */
    private Authentication check(Passwords passwords, String authorization) {
        return passwords.check(authorization, address(++senders));
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aNameAndItsPasswordAreAnIdentity() throws Exception {
        Passwords passwords = passwords("# people\n\n" + ANN + "\r\n" + PROM + "\n");

        assertThat(check(passwords, basic("ann:ann's password")).identity())
                .isEqualTo(new Identity("ann", Role.OPERATOR));
        for (int i = 0; i < 2; i++) {
            assertThat(check(passwords, basic("prometheus:prom's password")).identity())
                    .as("%s. time", i + 1)
                    .isEqualTo(new Identity("prometheus", Role.READER));
            assertThat(check(passwords, basic("prometheus:ann's password")).proof())
                    .isEqualTo(Proof.WRONG);
        }
        assertThat(check(passwords, basic("eve:unknown")).proof()).isEqualTo(Proof.WRONG);
        assertThat(check(passwords, basic("no colon")).proof()).isEqualTo(Proof.WRONG);
        assertThat(check(passwords, "Basic ***").proof()).isEqualTo(Proof.WRONG);
        assertThat(check(passwords, "Digest x").proof()).isEqualTo(Proof.WRONG);
        assertThat(check(passwords, null).proof()).isEqualTo(Proof.ABSENT);
        assertThat(check(passwords, "Bearer the token").proof()).isEqualTo(Proof.WRONG);
        assertThat(check(passwords, basic("operator:the token")).proof()).isEqualTo(Proof.WRONG);
    }

    @Test
    void aProvenPasswordStaysProvenWhileTheUsersLineStays() throws Exception {
        Passwords passwords = passwords(ANN + "\n");
        assertThat(guess(passwords, "ann", "ann's password")).isEqualTo(Proof.GOOD);
        while (guess(passwords, "somebody", "else") != Proof.BUSY) {}

        readAnew(PROM + "\n" + ANN + "\n");
        assertThat(guess(passwords, "ann", "ann's password"))
                .as("known as before")
                .isEqualTo(Proof.GOOD);

        readAnew("ann operator " + PasswordHash.of("another".toCharArray(), LOW_COST) + "\n");
        while (guess(passwords, "somebody", "else") != Proof.BUSY) {}
        assertThat(guess(passwords, "ann", "ann's password")).as("replaced").isEqualTo(Proof.BUSY);
        assertThat(guess(passwords, "ann", "another")).as("checked later").isEqualTo(Proof.BUSY);
        assertThat(guess(passwords, "ann", "another")).as("found proven").isEqualTo(Proof.GOOD);
    }

    private void readAnew(String users) throws IOException {
        file(users);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
    }

    /** All from this machine, so from one address. */
    private static Proof guess(Passwords passwords, String name, String password) {
        return passwords
                .check(basic(name + ":" + password), InetAddress.getLoopbackAddress())
                .proof();
    }

    @Test
    void strangersWhoGuessKeepNobodyOut() throws Exception {
        Passwords passwords = passwords(ANN + "\n" + PROM + "\n");
        while (guess(passwords, "stranger" + ++senders, "guess") != Proof.BUSY) {}

        assertThat(guess(passwords, "ann", "wrong"))
                .as("no sign that the name exists")
                .isEqualTo(Proof.BUSY);
        assertThat(guess(passwords, "ann", "ann's password"))
                .as("checked later")
                .isEqualTo(Proof.BUSY);
        for (int i = 0; i < 100; i++) {
            assertThat(guess(passwords, "stranger" + ++senders, "guess")).isEqualTo(Proof.BUSY);
            assertThat(guess(passwords, "ann", "ann's password")).isEqualTo(Proof.GOOD);
        }
        assertThat(guess(passwords, "prometheus", "prom's password")).isEqualTo(Proof.BUSY);
        assertThat(guess(passwords, "prometheus", "prom's password")).isEqualTo(Proof.GOOD);
    }

    @Test
    void whoMistypesOnceCanTryAgainAtOnce() throws Exception {
        Passwords passwords = passwords(ANN + "\n");

        assertThat(guess(passwords, "ann", "anns password")).isEqualTo(Proof.WRONG);
        assertThat(guess(passwords, "ann", "ann's password")).isEqualTo(Proof.GOOD);
    }

    @Test
    void whoGuessesFromOneAddressWaitsLongerAndLonger() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        Passwords passwords = passwords(file(ANN + "\n"), password -> checks.incrementAndGet() < 0);

        for (int second = 0; second < 3600; second++) {
            passwords.check("stranger" + second, "guess", address(1));
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }

        // Two without a wait, then after 1, 2, 4, ... 32 s, then one per minute.
        assertThat(checks).hasValueBetween(60, 70);
    }

    @Test
    void whoGuessesOneNameFromManyAddressesWaitsLongerAndLonger() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        Passwords passwords = passwords(file(ANN + "\n"), password -> checks.incrementAndGet() < 0);

        for (int second = 0; second < 3600; second++) {
            passwords.check("root", "guess", address(second));
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }

        assertThat(checks).hasValueBetween(60, 70);
    }

    @Test
    void manyNamesFromManyAddressesCostAtMostAQuarterOfACore() throws Exception {
        long check = TimeUnit.MILLISECONDS.toNanos(300);
        AtomicInteger checks = new AtomicInteger();
        Passwords passwords = passwords(file(ANN + "\n"), password -> {
            checks.incrementAndGet();
            nanos.addAndGet(check);
            return false;
        });

        long minutes = TimeUnit.MINUTES.toNanos(10);
        for (int i = 0; nanos.get() < minutes; i++) {
            passwords.check("stranger" + i, "guess", address(i));
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        }

        assertThat(checks.get() * check).isBetween(minutes / 5, minutes / 4 + TimeUnit.SECONDS.toNanos(4));
    }

    /** So the time of an answer does not show which names exist. */
    @Test
    void anUnknownNameCostsACheckToo() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        Passwords passwords = passwords(file(ANN + "\n"), password -> {
            checks.incrementAndGet();
            return true;
        });

        assertThat(passwords.check("eve", "whatever the check says", address(1)).proof())
                .isEqualTo(Proof.WRONG);
        assertThat(checks).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'contains no users. Add a line for each user with the command: user NAME'",
        "'ann', 'line 1: a line must be NAME, reader or operator, and the hash'",
        "'ann boss x', 'line 1: a line must be NAME, reader or operator, and the hash'",
        "'ann reader secret', 'line 1: the password must have the form pbkdf2-sha256:'",
        "'operator reader x', 'line 1: the name \"operator\" is not allowed'",
        "'a:b reader x', 'line 1: the name \"a:b\" is not allowed'"
    })
    void aFileThatIsWrongSaysWhere(String text, String message) throws Exception {
        Path file = file(text);

        assertThatThrownBy(() -> passwords(file, password -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aNameThatIsThereTwiceAndAFileThatIsNotAreSaid() throws Exception {
        Path twice = file(ANN + "\n" + ANN + "\n");

        assertThatThrownBy(() -> passwords(twice, password -> false))
                .hasMessageContaining("line 2: ann is there twice");
        assertThatThrownBy(() -> passwords(folder.resolve("none"), password -> false))
                .hasMessageContaining("does not exist");
        PrivateFile.write(twice, new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> passwords(twice, password -> false)).hasMessageContaining("is not UTF-8");
    }
}
