package io.github.csvbackup.agent.cli.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.options.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures of keytool, with shell scripts in its place. */
@DisabledOnOs(OS.WINDOWS)
@Tag("jdk-independent")
@Timeout(60)
class CertificateFolderTest {
    private static final Path REAL = Path.of(System.getProperty("java.home"), "bin", "keytool");

    @TempDir
    Path folder;

    private Path java;

    @BeforeEach
    void aJava() throws IOException {
        java = Files.createDirectories(folder.resolve("java"));
        Files.createDirectory(java.resolve("bin"));
    }

    private Path out() {
        return folder.resolve("hv1");
    }

    private void keytool(String shellScript) throws IOException {
        Path program = Files.writeString(java.resolve("bin/keytool"), "#!/bin/sh\n" + shellScript + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private CertificateFolder certificates(Clock clock) {
        return new CertificateFolder(out(), new Keytool(java, Duration.ofSeconds(20)), clock);
    }

    private Path work(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    private List<String> create() throws Exception {
        return certificates(Clock.systemUTC()).create("HV1", List.of("NODE1", "NODE2"), "example.com", work("work"));
    }

    @Test
    void aJavaWithoutKeytoolIsSaid() {
        assertThatThrownBy(this::create)
                .isInstanceOf(StartException.class)
                .hasMessage("This Java has no keytool, which creates the certificates: " + java.resolve("bin/keytool")
                        + " does not exist. Run this command with the java of a JDK.");
    }

    @Test
    void theReasonOfKeytoolIsPassedOn() throws Exception {
        keytool("echo; echo 'keytool error: java.lang.Exception: No room'; exit 1");

        assertThatThrownBy(this::create)
                .hasMessage(
                        "keytool could not create the key of CN=CSV backup agents of HV1,DC=example,DC=com: No room.");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aKeytoolThatHangsIsKilled() throws Exception {
        keytool("echo $$ > " + folder.resolve("pid") + "; exec sleep 1000");
        CertificateFolder certificates =
                new CertificateFolder(out(), new Keytool(java, Duration.ofSeconds(2)), Clock.systemUTC());

        assertThatThrownBy(() -> certificates.create("HV1", List.of("NODE1"), "example.com", work("work")))
                .hasMessageContaining(" within 2 s and was killed.");
        ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("pid")).strip()))
                .ifPresent(process -> process.onExit().join());
        assertThat(out()).doesNotExist();
    }

    @Test
    void aKeytoolThatPrintsWithoutEndIsStopped() throws Exception {
        keytool("exec yes");

        assertThatThrownBy(this::create).hasMessageContaining(": it is longer than 65536 bytes.");
    }

    /** One authority and four calls for each node. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9})
    void afterAFailureNothingIsThere(int call) throws Exception {
        Path count = Files.writeString(folder.resolve("count"), "");
        keytool("echo >> " + count + "\n[ $(wc -l < " + count + ") = " + call + " ] && { echo failed; exit 1; }\nexec "
                + REAL + " \"$@\"");

        assertThatThrownBy(this::create).hasMessageEndingWith(": failed.");
        assertThat(out()).doesNotExist();
        assertThat(Files.readAllLines(count)).hasSize(call);
    }

    @Test
    void aFailedRenewalChangesNothing() throws Exception {
        keytool("exec " + REAL + " \"$@\"");
        assertThat(create()).hasSize(3);
        List<byte[]> before = contents();
        keytool("case \"$*\" in *NODE2*) echo failed; exit 1;; esac\nexec " + REAL + " \"$@\"");

        assertThatThrownBy(() -> certificates(Clock.systemUTC()).renew(List.of(), work("renewal")))
                .hasMessageEndingWith(": failed.");
        assertThat(contents()).usingRecursiveComparison().isEqualTo(before);
    }

    private List<byte[]> contents() throws IOException {
        try (Stream<Path> all = Files.walk(out())) {
            List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
            List<byte[]> contents = new java.util.ArrayList<>();
            for (Path file : files) {
                contents.add(Files.readAllBytes(file));
            }
            return contents;
        }
    }

    /** Other accounts can list arguments and variables. */
    @Test
    void noPasswordIsAnArgumentOrAVariable() throws Exception {
        Path seen = folder.resolve("seen");
        keytool("{ env; echo \"$@\"; } >> " + seen + "\nexec " + REAL + " \"$@\"");
        assertThat(create()).hasSize(3);

        String all = Files.readString(seen);
        assertThat(all).contains("-storepass:file").doesNotContain("-storepass ", "-keypass");
        for (String file : List.of("ca.p12.password", "NODE1/agent.p12.password", "NODE2/agent.p12.password")) {
            String password = Files.readString(out().resolve(file)).strip();
            assertThat(password).hasSize(32);
            assertThat(all).doesNotContain(password);
        }
        assertThat(all.lines().filter(line -> line.contains("-genkeypair") || line.contains("-importcert")))
                .as("the authority's key is never in the folder of a node's")
                .allMatch(line -> line.contains("/authority/ca.p12") != line.contains("/agent.p12"));
    }

    @Test
    void anAuthorityThatExpiresSoonSignsForAShorterTimeAndAnExpiredOneNotAtAll() throws Exception {
        keytool("exec " + REAL + " \"$@\"");
        assertThat(create()).hasSize(3);
        Instant now = Instant.now();
        Clock soon = Clock.fixed(now.plus(Duration.ofDays(3652 - 100)), ZoneOffset.UTC);
        // keytool has the real clock.
        assertThat(certificates(soon).renew(List.of("NODE1"), work("soon")))
                .singleElement()
                .asString()
                .startsWith("NODE1: NODE1.example.com, valid until "
                        + now.plus(Duration.ofDays(99)).toString().substring(0, 8));

        Clock late = Clock.fixed(now.plus(Duration.ofDays(3652)), ZoneOffset.UTC);
        assertThatThrownBy(() -> certificates(late).renew(List.of("NODE1"), work("late")))
                .hasMessageStartingWith("The authority expires on ")
                .hasMessageContaining("Create a new one with certificates create, in another folder");
    }

    @Test
    void aKeytoolThatForgetsTheNamesIsNotTrusted() throws Exception {
        keytool(
                "for a; do case \"$a\" in 2.5.29.17=*) set -- \"$@\" 2.5.29.17=3003820178;; *) set -- \"$@\" \"$a\";; esac; shift;"
                        + " done\nexec " + REAL + " \"$@\"");

        assertThatThrownBy(this::create).hasMessageContaining("keytool wrote a certificate of NODE1 with other names");
        assertThat(out()).doesNotExist();
    }

    @Test
    void longNamesAreEncoded() {
        String label = "a".repeat(60);
        String name = label + "." + label + "." + label + ".com";
        String extension = SubjectNames.extension(List.of(name, "NODE1"));

        assertThat(extension).startsWith("2.5.29.17=3081c48281ba6161").endsWith("82054e4f444531");
        assertThat(SubjectNames.extension(List.of(name, name))).startsWith("2.5.29.17=3082017a8281ba");
    }

    /** keytool reports a full disk where it writes a keystore, but not where it writes these files. */
    @ParameterizedTest
    @CsvSource({"request.csr, write the request of", "signed.pem, sign"})
    void aFileThatKeytoolDidNotWriteToItsEndIsSaid(String file, String task) throws Exception {
        for (String rest :
                new String[] {": > \"$a\"", "head -c 200 \"$a\" > \"$a.1\" && mv \"$a.1\" \"$a\"", "rm \"$a\""}) {
            keytool(REAL + " \"$@\" || exit\nfor a; do case \"$a\" in *" + file + ") " + rest + ";; esac; done");
            Path work = work("work " + rest.length());

            assertThatThrownBy(
                            () -> certificates(Clock.systemUTC()).create("HV1", List.of("NODE1"), "example.com", work))
                    .hasMessageStartingWith("keytool could not " + task + " " + work.resolve("node-NODE1"))
                    .hasMessageEndingWith(
                            ": the file " + work.resolve("node-NODE1").resolve(file)
                                    + " is not complete. Check that its disk is not full.");
            assertThat(out()).doesNotExist();
        }
    }

    /** Its messages follow the language of the user otherwise, and their begin could not be recognised. */
    @Test
    void theMessagesOfKeytoolAreEnglish() throws Exception {
        keytool("case \"$*\" in *-gencert*) for a; do case \"$a\" in *.csr) rm \"$a\";; esac; done;; esac\nexec " + REAL
                + " -J-Duser.language=de \"$@\"");

        assertThatThrownBy(this::create)
                .hasMessageMatching(
                        "keytool could not sign (.+/request\\.csr): \\1 \\(No such file or directory\\)\\.");
    }

    private void renewalIsRefused(String message) {
        assertThatThrownBy(() ->
                        certificates(Clock.systemUTC()).renew(List.of("NODE1"), work("renewal " + System.nanoTime())))
                .isInstanceOf(StartException.class)
                .hasMessage(message + " Copy the file back from the node; or move the folder " + out().resolve("NODE1")
                        + " away, and the node gets a new password.");
    }

    @Test
    void aPasswordOfANodeThatIsMissingOrUnusableIsSaid() throws Exception {
        keytool("exec " + REAL + " \"$@\"");
        assertThat(create()).hasSize(3);
        Path file = out().resolve("NODE1/agent.p12.password");
        byte[] before = Files.readAllBytes(out().resolve("NODE1/agent.p12"));

        for (String password : new String[] {"", "short", "p\u00e4ssword", "two lines\nof text", "with\ttab"}) {
            Files.writeString(file, password + "\n");
            renewalIsRefused("The password in " + file
                    + " does not work with keytool, which needs six or more ASCII characters in one line.");
        }
        Files.delete(file);
        renewalIsRefused("The password file " + file + " does not exist.");
        assertThat(out().resolve("NODE1/agent.p12")).hasBinaryContent(before);

        Files.move(out().resolve("NODE1"), folder.resolve("away"));
        assertThat(certificates(Clock.systemUTC()).renew(List.of("NODE1"), work("renewal")))
                .hasSize(1);
        assertThat(file).exists();
    }
}
