package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.Documents;
import io.github.csvbackup.RealPart;
import io.github.csvbackup.security.PasswordHash;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The certificates of the documented commands, with curl and openssl as clients of an agent. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The commands are written for a POSIX shell.")
class CertificatesIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final String READER = "prometheus:a password of the test";

    @TempDir
    static Path folder;

    private static Path users;

    @TempDir
    Path scratch;

    @BeforeAll
    static void asDocumented() throws Exception {
        RealPart.program("Debian's package curl", "curl");
        RealPart.program("Debian's package openssl", "openssl");
        Files.copy(PackagedJar.path(), folder.resolve("csv-backup-agent.jar"));
        String commands = Documents.commands("certificates in one command", CertificatesIT.class);
        // The variable would start another agent in keytool, too.
        assertThat(bash("export JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8; set -e\n" + commands
                        + "java -jar csv-backup-agent.jar certificates renew --out hv1 --nodes NODE_4"))
                .contains("Created the certificate authority of HV1 in ", "NODE3: NODE3.example.com, valid until ")
                .doesNotContain("keytool")
                .endsWith("exit code 0");
        users = write(
                folder.resolve("users"),
                "prometheus reader " + PasswordHash.of(password().toCharArray()) + "\n");
    }

    private static String password() {
        return READER.substring(READER.indexOf(':') + 1);
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

    /** An agent with the files of a node's folder. */
    private PackagedAgent agent(Path node) throws Exception {
        PackagedAgent agent = PackagedAgent.start(
                scratch.resolve("agent"),
                List.of(),
                List.of(
                        "--remote-host=127.0.0.1",
                        "--remote-port=0",
                        "--users=" + users,
                        "--tls-keystore=" + node.resolve("agent.p12"),
                        "--tls-password-file=" + node.resolve("agent.p12.password")));
        agent.awaitPoll();
        return agent;
    }

    private static Path node(String name) {
        return folder.resolve("hv1").resolve(name);
    }

    private static String curl(PackagedAgent agent, String host, String more) throws Exception {
        int port = agent.remoteUrl().getPort();
        return bash("curl -sS --cacert hv1/ca.pem --resolve " + host + ":" + port + ":127.0.0.1 https://" + host + ":"
                + port + "/" + more);
    }

    @Test
    void curlAndOpensslAcceptTheNameOfTheNodeAndNoOther() throws Exception {
        try (PackagedAgent agent = agent(node("NODE1"))) {
            assertThat(curl(agent, "NODE1.example.com", "healthz")).isEqualTo("ok\nexit code 0");
            assertThat(curl(agent, "node1.example.com", "healthz")).isEqualTo("ok\nexit code 0");
            assertThat(curl(agent, "NODE1", "healthz")).isEqualTo("ok\nexit code 0");
            assertThat(curl(agent, "NODE2.example.com", "healthz"))
                    .as("the agent of another node")
                    .contains("no alternative certificate subject name matches target host name")
                    .endsWith("exit code 60");
            assertThat(bash("curl -sS https://127.0.0.1:" + agent.remoteUrl().getPort() + "/healthz"))
                    .as("a client that does not know the authority")
                    .endsWith("exit code 60");

            String client = "openssl s_client -brief -CAfile hv1/ca.pem -verify_return_error -connect 127.0.0.1:"
                    + agent.remoteUrl().getPort() + " -verify_hostname ";
            assertThat(bash(client + "NODE1.example.com"))
                    .contains("Verification: OK", "Verified peername: NODE1.example.com")
                    .endsWith("exit code 0");
            assertThat(bash(client + "NODE2.example.com")).contains("hostname mismatch");
        }
    }

    /** Java's TLS server refuses the name in the client's first message (SNI), which curl always sends. */
    @Test
    void aNodeWithAnUnderscoreHasItsCertificateButJavaRefusesItsName() throws Exception {
        try (PackagedAgent agent = agent(node("NODE_4"))) {
            String client = "openssl s_client -brief -CAfile hv1/ca.pem -verify_return_error -verify_hostname"
                    + " NODE_4.example.com -connect 127.0.0.1:"
                    + agent.remoteUrl().getPort() + " -";
            assertThat(bash(client + "noservername"))
                    .contains("Verification: OK", "Verified peername: NODE_4.example.com")
                    .endsWith("exit code 0");
            assertThat(bash(client + "servername NODE_4.example.com")).contains("alert illegal parameter");
            assertThat(curl(agent, "NODE_4.example.com", "healthz")).endsWith("exit code 35");
        }
    }

    /** Java's TLS client does not send such a name, and its own check of names refuses it. So a client compares the name itself. */
    @Test
    void aJavaClientReachesANodeWithAnUnderscoreIfItComparesTheNameItself() throws Exception {
        String name = "NODE_4.example.com";
        SSLSocketFactory client = trusting(folder.resolve("hv1/ca.pem"));
        try (PackagedAgent agent = agent(node("NODE_4"))) {
            int port = agent.remoteUrl().getPort();
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
                    SSLSocket socket = (SSLSocket) client.createSocket(plain, name, port, true)) {
                socket.startHandshake();
                X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                assertThat(shown.getSubjectAlternativeNames()).contains(List.of(2, name));
            }
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
                    SSLSocket socket = (SSLSocket) client.createSocket(plain, name, port, true)) {
                SSLParameters check = socket.getSSLParameters();
                check.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(check);
                assertThatThrownBy(socket::startHandshake).hasMessageContaining(name);
            }
        }
    }

    private static SSLSocketFactory trusting(Path authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    @Test
    void eachCertificateIsForServersAndClients() throws Exception {
        for (String node : List.of("NODE1", "NODE2", "NODE3", "NODE_4")) {
            String file = "hv1/" + node + "/agent.p12";
            String extract = "openssl pkcs12 -in " + file + " -passin file:" + file + ".password -nokeys -clcerts -out "
                    + node + ".pem && openssl verify -CAfile hv1/ca.pem -x509_strict ";
            for (String purpose : List.of("sslserver", "sslclient")) {
                assertThat(bash(extract + "-purpose " + purpose + " -verify_hostname " + node + ".example.com " + node
                                + ".pem"))
                        .isEqualTo(node + ".pem: OK\nexit code 0");
            }
        }
    }

    @Test
    void aRenewedFileNeedsNoRestartAndTheMetricFollows() throws Exception {
        Path node = scratch.resolve("NODE1");
        Files.createDirectory(node, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String file : List.of("agent.p12", "agent.p12.password")) {
            Files.copy(node("NODE1").resolve(file), node.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        try (PackagedAgent agent = agent(node)) {
            String before = serial(agent);
            Instant end = ends(agent);
            assertThat(end)
                    .isBetween(
                            Instant.now().plus(Duration.ofDays(728)),
                            Instant.now().plus(Duration.ofDays(731)));

            assertThat(bash("java -jar csv-backup-agent.jar certificates renew --out hv1 --nodes NODE1"))
                    .endsWith("exit code 0");
            Files.copy(
                    node("NODE1").resolve("agent.p12"),
                    node.resolve("agent.p12"),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);

            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (serial(agent).equals(before) || !ends(agent).isAfter(end)) {
                assertThat(System.nanoTime()).as("the renewed file is used").isLessThan(deadline);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static String serial(PackagedAgent agent) throws Exception {
        return bash("openssl s_client -connect 127.0.0.1:" + agent.remoteUrl().getPort()
                + " 2>&1 | openssl x509 -noout -serial");
    }

    private static Instant ends(PackagedAgent agent) throws Exception {
        Matcher sample = Pattern.compile("(?m)^csv_backup_certificate_not_after_timestamp_seconds (\\S+)$")
                .matcher(curl(agent, "NODE1.example.com", "metrics -u '" + READER + "'"));
        assertThat(sample.find()).isTrue();
        return Instant.ofEpochSecond((long) Double.parseDouble(sample.group(1)));
    }

    /** A restart after the end must not end the polls too. */
    @Test
    void anExpiredCertificateIsReportedAndTheAgentRuns() throws Exception {
        Path node = scratch.resolve("expired");
        Files.createDirectory(node, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        write(node.resolve("agent.p12.password"), "only for this test\n");
        assertThat(bash(
                        "umask 077; keytool -genkeypair -alias agent -keyalg EC -dname CN=x -ext san=dns:x -startdate -9d"
                                + " -validity 8 -storetype PKCS12 -keystore " + node + "/agent.p12 -storepass:file "
                                + node
                                + "/agent.p12.password"))
                .endsWith("exit code 0");
        try (PackagedAgent agent = agent(node)) {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (!agent.errors().contains("agent.p12 expired on ")) {
                assertThat(System.nanoTime()).as(agent.errors()).isLessThan(deadline);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            assertThat(curl(agent, "x", "healthz")).endsWith("exit code 60");
            assertThat(curl(agent, "x", "healthz -k")).isEqualTo("ok\nexit code 0");
        }
    }
}
