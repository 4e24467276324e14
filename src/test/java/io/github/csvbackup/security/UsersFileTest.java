package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.security.Authentication.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The users file while the agent is running: changed, damaged, deleted, or accessible to others. */
class UsersFileTest {
    private static final String ANN = line("ann", "operator");
    private static final String BOB = line("bob", "reader");
    private static final String EVE = line("eve", "operator");

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private final FileStatus status = new FileStatus(clock);
    private final AtomicLong nanos = new AtomicLong();
    private Path file;
    private Passwords passwords;

    private static String line(String name, String role) {
        return name + " " + role + " " + PasswordHash.of((name + "'s password").toCharArray(), 10_000) + "\n";
    }

    @BeforeEach
    void annAndBob() throws Exception {
        file = PrivateFile.write(folder.resolve("users"), ANN + BOB);
        passwords = passwords();
    }

    private Passwords passwords() throws IOException {
        return new Passwords(file, status, nanos::get, password -> false, new FirstLogins(nanos::get, Runnable::run));
    }

    private Proof proof(String name) {
        return passwords
                .check(name, name + "'s password", InetAddress.getLoopbackAddress())
                .proof();
    }

    private void seconds(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        clock.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void aNewAndARemovedLineTakeEffectAtOnce() throws Exception {
        assertThat(proof("bob")).isEqualTo(Proof.GOOD);

        PrivateFile.write(file, ANN + EVE);

        assertThat(proof("bob")).isEqualTo(Proof.WRONG);
        assertThat(proof("ann")).isEqualTo(Proof.GOOD);
        assertThat(proof("eve")).isEqualTo(Proof.GOOD);
        assertThat(status.outdatedSince()).isNull();
    }

    /** What is remembered tells what to expect, and proves nothing. */
    @Test
    void aUserIsRememberedUntilTheFileIsLookedAt() throws Exception {
        assertThat(remembered("bob")).as("not checked yet").isEmpty();
        assertThat(proof("bob")).isEqualTo(Proof.GOOD);
        assertThat(remembered("bob")).contains(new Identity("bob", Role.READER));
        assertThat(remembered("ann")).isEmpty();
        assertThat(remembered("eve")).isEmpty();

        PrivateFile.write(file, ANN);

        assertThat(remembered("bob")).isPresent();
        assertThat(proof("bob")).isEqualTo(Proof.WRONG);
        assertThat(remembered("bob")).isEmpty();
    }

    @Test
    void aHeaderWithoutANameRemembersNone() {
        for (String header : new String[] {null, "", "Bearer token", "Basic ***", "Digest x"}) {
            assertThat(passwords.remembered(header)).isEmpty();
        }
    }

    private Optional<Identity> remembered(String name) {
        String pair = name + ":" + name + "'s password";
        return passwords.remembered(
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void ofADamagedFileOnlyRemovalsTakeEffect() throws Exception {
        PrivateFile.write(file, EVE + "bob reader secret\n" + ANN);

        assertThat(proof("ann")).isEqualTo(Proof.GOOD);
        assertThat(proof("bob")).as("his line changed").isEqualTo(Proof.WRONG);
        assertThat(proof("eve")).as("she is new").isEqualTo(Proof.WRONG);
        assertThat(status.outdatedSince()).isEqualTo(clock.instant());

        PrivateFile.write(file, EVE + BOB + ANN);
        assertThat(proof("bob")).isEqualTo(Proof.GOOD);
        assertThat(proof("eve")).isEqualTo(Proof.GOOD);
        assertThat(status.outdatedSince()).isNull();
    }

    @Test
    void ofAFileThatOthersCouldHaveWrittenOnlyRemovalsTakeEffect() throws Exception {
        Files.writeString(file, EVE + ANN);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(proof("ann")).isEqualTo(Proof.GOOD);
        assertThat(proof("bob")).as("he was removed").isEqualTo(Proof.WRONG);
        assertThat(proof("eve")).as("another account may have added her").isEqualTo(Proof.WRONG);
        assertThat(status.outdatedSince()).isEqualTo(clock.instant());
    }

    /** Monitoring reads the status, although there are no logins. */
    @Test
    void whoeverAsksSinceWhenMakesTheAgentLook() throws Exception {
        assertThat(passwords.outdatedSince()).isNull();
        Files.delete(file);
        assertThat(passwords.outdatedSince()).isEqualTo(clock.instant());
        PrivateFile.write(file, ANN + BOB);
        assertThat(passwords.outdatedSince()).isNull();
    }

    @Test
    void anEmptiedFileLetsNobodyIn() throws Exception {
        PrivateFile.write(file, "");

        assertThat(proof("ann")).isEqualTo(Proof.WRONG);
        assertThat(status.outdatedSince()).isNotNull();
    }

    @Test
    void whenItIsDeletedThoseWhoWereReadStayAndTheLogSaysSinceWhen() throws Exception {
        Instant deleted = clock.instant();
        try (LogLines log = new LogLines(FileStatus.class.getName())) {
            Files.delete(file);
            for (int i = 0; i < 5; i++) {
                assertThat(proof("ann")).isEqualTo(Proof.GOOD);
                assertThat(proof("bob")).isEqualTo(Proof.GOOD);
                seconds(30);
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .endsWith("The agent still uses the previous content of the file, which is outdated since "
                            + deleted + ": The users file " + file + " does not exist.");
            assertThat(status.outdatedSince()).isEqualTo(deleted);

            PrivateFile.write(file, ANN);
            assertThat(proof("bob")).isEqualTo(Proof.WRONG);
            assertThat(log.lines())
                    .last()
                    .asString()
                    .endsWith("The agent uses the current content of " + file + " again; it was outdated since "
                            + deleted);
        }
        assertThat(status.outdatedSince()).isNull();
    }

    /** A check takes some tenths of a second. */
    @Test
    void thoseWhoStayNeedNotProveThemselvesAgain() throws Exception {
        Users before = new ReloadingFile<>(List.of(file), Users.loader(file), status, nanos::get).get();
        Users after = Users.loader(file).load(before).value();

        assertThat(after).isSameAs(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-rw-", "rw-r--r--", "rw--w----"})
    @DisabledOnOs(OS.WINDOWS)
    void aLineThatOthersCouldHaveAddedIsNotBelieved(String mode) throws Exception {
        PrivateFile.write(file, ANN + BOB + EVE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(proof("eve")).isEqualTo(Proof.WRONG);
        assertThat(proof("ann")).isEqualTo(Proof.GOOD);
        assertThat(status.outdatedSince()).isNotNull();
        assertThatThrownBy(this::passwords)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("The users file " + file + " can be ")
                .hasMessageContaining("chmod go= '" + file + "'");

        PrivateFile.close(file);
        assertThat(proof("eve")).isEqualTo(Proof.GOOD);
    }

    /** In some file systems, a change of the permissions does not change the times of the file. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theRightsAreLookedAtThoughTheFileHasNotChanged() throws Exception {
        ReloadingFile.Loader<String> loader = new ReloadingFile.Loader<>() {
            @Override
            public ReloadingFile.Loaded<String> load(String before) {
                return new ReloadingFile.Loaded<>("text", null);
            }

            @Override
            public void verify() throws IOException {
                throw new IOException("It can be read by others.");
            }
        };
        ReloadingFile<String> text = new ReloadingFile<>(List.of(file), loader, status, nanos::get);
        assertThat(text.get()).isEqualTo("text");
        assertThat(status.outdatedSince()).isNull();

        seconds(10);

        assertThat(text.get()).isEqualTo("text");
        assertThat(status.outdatedSince()).isEqualTo(clock.instant());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkIsRefused() throws Exception {
        Path real = file;
        file = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThatThrownBy(this::passwords).hasMessageContaining("is a link");
    }

    /** As {@code >>} of Windows PowerShell 5.1 writes it. */
    @Test
    void utf16WithItsMarkIsRead() throws Exception {
        PrivateFile.write(file, "\uFEFF" + EVE.replace("\n", "\r\n"), StandardCharsets.UTF_16LE);

        assertThat(proof("eve")).isEqualTo(Proof.GOOD);
        assertThat(proof("ann")).isEqualTo(Proof.WRONG);
    }
}
