package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.security.PasswordHash;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl with certificates of nodes, and others, as a client of the agent on NODE1 of the simulated nodes NODE1 to NODE3. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The commands are written for a POSIX shell.")
class PeerIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final String PASSWORD = "a password of the test";

    @TempDir
    static Path folder;

    private static PackagedAgent agent;

    @BeforeAll
    static void start() throws Exception {
        RealPart.program("Debian's package curl", "curl");
        RealPart.program("Debian's package openssl", "openssl");
        Files.copy(PackagedJar.path(), folder.resolve("agent.jar"));
        for (String cluster : List.of("hv1", "hv2")) {
            assertThat(bash("java -jar agent.jar certificates create --cluster=" + cluster
                            + " --nodes=NODE1,NODE2,NODE9 --domain=example.com --out=" + cluster))
                    .endsWith("exit code 0");
            extract(cluster, "NODE2");
        }
        extract("hv1", "NODE1");
        extract("hv1", "NODE9");
        Path users = write(folder.resolve("users"), "ann operator " + PasswordHash.of(PASSWORD.toCharArray()) + "\n");
        Path node = folder.resolve("hv1/NODE1");
        agent = PackagedAgent.start(
                folder.resolve("agent"),
                List.of(),
                List.of(
                        "--remote-host=127.0.0.1",
                        "--remote-port=0",
                        "--users=" + users,
                        "--tls-keystore=" + node.resolve("agent.p12"),
                        "--tls-password-file=" + node.resolve("agent.p12.password"),
                        "--tls-trust=" + node.resolve("ca.pem")));
        // Before the first poll the agent does not know the nodes.
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!curl("hv1-NODE2.pem", "metrics").startsWith("403")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    @AfterAll
    static void stop() {
        if (agent != null) {
            agent.close();
        }
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    private static String bash(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .merge("PATH", JDK.resolve("bin").toString(), (path, jdk) -> jdk + File.pathSeparator + path);
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = builder.redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(script).isTrue();
        return Files.readString(output) + "exit code " + process.exitValue();
    }

    /** The key and the certificates of a node in one PEM file, CLUSTER-NODE.pem. */
    private static void extract(String cluster, String node) throws Exception {
        String file = cluster + "/" + node + "/agent.p12";
        assertThat(bash("openssl pkcs12 -in " + file + " -passin file:" + file + ".password -nodes -out " + cluster
                        + "-" + node + ".pem"))
                .isEqualTo("exit code 0");
    }

    /** The status, a line break and the answer; or the message of curl. */
    private static String curl(String certificate, String more) throws Exception {
        int port = agent.remoteUrl().getPort();
        String own = certificate.isEmpty() ? "" : "--cert " + certificate + " ";
        return bash("curl -sS -w '\\n%{http_code}' --cacert hv1/ca.pem --resolve NODE1.example.com:" + port
                        + ":127.0.0.1 " + own + "https://NODE1.example.com:" + port + "/" + more)
                .replaceFirst("(?s)(.*)\n([0-9]{3})exit code ([0-9]+)$", "$2 $3 $1");
    }

    @Test
    void theCertificateOfAnotherNodeAllowsNothingButHealth() throws Exception {
        for (String node : List.of("NODE1", "NODE2")) {
            String certificate = "hv1-" + node + ".pem";
            assertThat(curl(certificate, "healthz")).isEqualTo("200 0 ok\n");
            for (String more : List.of(
                    "metrics",
                    "jolokia/version",
                    "",
                    "none",
                    "jolokia/ -d '{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"operation\":\"refresh\"}'")) {
                assertThat(curl(certificate, more))
                        .as(more)
                        .isEqualTo("403 0 The certificate of " + node
                                + " has the role peer, which may read /healthz only. All"
                                + " else needs a name and a password from the users file.\n");
            }
        }
    }

    @Test
    void aUserNeedsNoCertificateAndIsNotLessWithOne() throws Exception {
        String user = " -u 'ann:" + PASSWORD + "'";
        assertThat(curl("", "metrics" + user)).startsWith("200 0 ");
        assertThat(curl("hv1-NODE2.pem", "metrics" + user)).startsWith("200 0 ");
        assertThat(curl("hv1-NODE2.pem", "metrics -u ann:wrong"))
                .startsWith("401 0 The name or the password is wrong.");
        assertThat(curl("", "metrics")).startsWith("401 0 This address needs");
        assertThat(curl("", "healthz")).startsWith("200 0 ");
    }

    @Test
    void aNodeThatIsNotInTheClusterIsNotAPeer() throws Exception {
        assertThat(curl("hv1-NODE9.pem", "metrics")).startsWith("401 0 This address needs");
    }

    /** A name is not an identity. */
    @Test
    void aNodeOfThatNameInAnotherClusterIsRejectedByTls() throws Exception {
        assertThat(curl("hv2-NODE2.pem", "healthz")).startsWith("000 ").containsPattern("alert|SSL");
    }

    /** Signed by the authority of the cluster. */
    @ParameterizedTest
    @CsvSource({
        "short,    CN=x, san=dns:NODE2",
        "wildcard, CN=x, san=dns:*.example.com",
        "common,   CN=NODE2.example.com, san=dns:x.example.com",
        "none,     CN=NODE2.example.com, eku=clientAuth",
        "domain,   CN=x, san=dns:NODE2.example.org",
    })
    void otherNamesAreNotThoseOfANode(String name, String subject, String extension) throws Exception {
        sign(name, subject, "-validity 8 -ext " + extension);
        assertThat(curl(name + ".pem", "metrics")).startsWith("401 0 This address needs");
    }

    @ParameterizedTest
    @CsvSource({
        "expired, -startdate -9d -validity 8",
        "early,   -startdate +1d -validity 8",
        "server,  -validity 8 -ext eku=serverAuth",
    })
    void aCertificateThatDoesNotVerifyIsRejectedByTls(String name, String more) throws Exception {
        sign(name, "CN=NODE2", "-ext san=dns:NODE2.example.com " + more);
        assertThat(curl(name + ".pem", "healthz")).startsWith("000 ").containsPattern("alert|SSL");
    }

    /** Makes NAME.pem with a key and a certificate of the authority hv1. */
    private static void sign(String name, String subject, String more) throws Exception {
        assertThat(bash(
                        "set -e; set -o noglob; umask 077; openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /"
                                + subject + " -keyout " + name + ".key -out " + name
                                + ".csr 2>/dev/null; keytool -gencert -alias agent"
                                + " -keystore hv1/ca.p12 -storepass:file hv1/ca.p12.password -rfc -infile " + name
                                + ".csr -outfile "
                                + name + ".crt " + more + " 2>&1; cat " + name + ".key " + name + ".crt > " + name
                                + ".pem"))
                .endsWith("exit code 0");
    }
}
