package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.security.Authentication.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

    private Path file(String text) throws IOException {
        return PrivateFile.write(folder.resolve("users"), text);
    }

    private Authentication authentication(String users) throws IOException {
        return new Authentication(() -> "the token", passwords(file(users), password -> false));
    }

    private Passwords passwords(Path file, Predicate<char[]> decoy) throws IOException {
        return new Passwords(file, status, nanos::get, decoy);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return false;
    }

    @Test
    void aNameAndItsPasswordAreAnIdentity() throws Exception {
        Authentication authentication = authentication("# people\n\n" + ANN + "\r\n" + PROM + "\n");

        assertThat(authentication.check(basic("ann:ann's password")).identity())
                .isEqualTo(new Identity("ann", Role.OPERATOR));
        for (int i = 0; i < 2; i++) {
            assertThat(authentication.check(basic("prometheus:prom's password")).identity())
                    .as("%s. time", i + 1)
                    .isEqualTo(new Identity("prometheus", Role.READER));
            assertThat(authentication.check(basic("prometheus:ann's password")).proof())
                    .isEqualTo(Proof.WRONG);
        }
        assertThat(authentication.check(basic("nobody:nobody")).proof()).isEqualTo(Proof.WRONG);
        assertThat(authentication.check(basic("no colon")).proof()).isEqualTo(Proof.WRONG);
        assertThat(authentication.check("Basic ***").proof()).isEqualTo(Proof.WRONG);
        assertThat(authentication.check("Digest x").proof()).isEqualTo(Proof.WRONG);
        assertThat(authentication.check(null).proof()).isEqualTo(Proof.ABSENT);
        assertThat(authentication.check("Bearer the token").identity()).isEqualTo(Identity.TOKEN);
        assertThat(authentication.check(basic("operator:the token")).identity()).isEqualTo(Identity.TOKEN);
    }

    @Test
    void noMoreThanTwoPasswordsAreCheckedAtATime() throws Exception {
        CountDownLatch underWay = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        Passwords passwords = passwords(file(ANN + "\n"), password -> {
            underWay.countDown();
            return await(goOn);
        });
        Supplier<Proof> guess = () -> passwords.check("nobody", "a password").proof();
        CompletableFuture<Proof> first = CompletableFuture.supplyAsync(guess, command -> new Thread(command).start());
        CompletableFuture<Proof> second = CompletableFuture.supplyAsync(guess, command -> new Thread(command).start());
        assertThat(underWay.await(1, TimeUnit.MINUTES)).isTrue();

        assertThat(guess.get()).isEqualTo(Proof.BUSY);

        goOn.countDown();
        assertThat(first.get()).isEqualTo(Proof.WRONG);
        assertThat(second.get()).isEqualTo(Proof.WRONG);
        assertThat(guess.get()).isEqualTo(Proof.WRONG);
    }

    /** So that the time of an answer does not tell which names exist. */
    @Test
    void anUnknownNameCostsACheckToo() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        Passwords passwords = passwords(file(ANN + "\n"), password -> {
            checks.incrementAndGet();
            return true;
        });

        assertThat(passwords.check("nobody", "whatever the check says").proof()).isEqualTo(Proof.WRONG);
        assertThat(checks).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'names nobody. Add a line for each with the command: user NAME'",
        "'ann', 'line 1: a line is NAME, then reader or operator'",
        "'ann boss x', 'line 1: a line is NAME, then reader or operator'",
        "'ann reader secret', 'line 1: the password must be written as pbkdf2-sha256:'",
        "'operator reader x', 'line 1: the name \"operator\" may not be used'",
        "'a:b reader x', 'line 1: the name \"a:b\" may not be used'"
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
