package io.github.csvbackup.http.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.http.security.Authentication.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordsTest {
    private static final String ANN = "ann operator " + PasswordHash.of("ann's password".toCharArray());
    private static final String PROM = "prometheus reader " + PasswordHash.of("prom's password".toCharArray());

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("users"), text);
    }

    private Authentication authentication(String users) throws IOException {
        return new Authentication("the token", new Passwords(file(users), nanos::get));
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
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
    void aChangedFileIsReadAgainAndADamagedOneChangesNothing() throws Exception {
        Authentication authentication = authentication(ANN + "\n" + PROM + "\n");
        assertThat(authentication.check(basic("prometheus:prom's password")).proof())
                .isEqualTo(Proof.GOOD);

        file(ANN + "\n");
        assertThat(authentication.check(basic("prometheus:prom's password")).proof())
                .as("not looked at yet")
                .isEqualTo(Proof.GOOD);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(authentication.check(basic("prometheus:prom's password")).proof())
                .isEqualTo(Proof.WRONG);

        file("ann operator secret\n");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(authentication.check(basic("ann:ann's password")).proof()).isEqualTo(Proof.GOOD);
    }

    @Test
    void noMoreThanTwoPasswordsAreCheckedAtATime() throws Exception {
        // Each check of this one takes seconds.
        Authentication authentication = authentication("slow reader pbkdf2-sha256:10000000:MDEyMzQ1Njc4OWFiY2RlZg==:"
                + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
        List<CompletableFuture<Proof>> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Proof> answer = new CompletableFuture<>();
            new Thread(() -> answer.complete(
                            authentication.check(basic("slow:a password")).proof()))
                    .start();
            asked.add(answer);
        }

        assertThat(asked).map(CompletableFuture::get).containsExactlyInAnyOrder(Proof.WRONG, Proof.WRONG, Proof.BUSY);
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

        assertThatThrownBy(() -> new Passwords(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aNameThatIsThereTwiceAndAFileThatIsNotAreSaid() throws Exception {
        Path twice = file(ANN + "\n" + ANN + "\n");

        assertThatThrownBy(() -> new Passwords(twice)).hasMessageContaining("line 2: ann is there twice");
        assertThatThrownBy(() -> new Passwords(folder.resolve("none"))).hasMessageContaining("does not exist");
        Files.write(twice, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> new Passwords(twice)).hasMessageContaining("is not UTF-8");
    }
}
