package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.security.PasswordHash;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The agent on NODE1 of a simulated cluster with certificates of its own, and curl as other nodes. */
final class PeerLab implements AutoCloseable {
    /** An operator and a reader, with the same password. */
    static final String OPERATOR = "ann";

    static final String READER = "bob";

    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final String PASSWORD = "a password of the test";

    final Path folder;
    final PackagedAgent agent;

    /** @param options more options of the agent */
    PeerLab(Path folder, String... options) throws Exception {
        this.folder = folder;
        RealPart.program("Debian's package curl", "curl");
        RealPart.program("Debian's package openssl", "openssl");
        Files.copy(PackagedJar.path(), folder.resolve("agent.jar"));
        authority("hv1");
        extract("hv1", "NODE1");
        extract("hv1", "NODE9");
        PasswordHash hash = PasswordHash.of(PASSWORD.toCharArray());
        Path users = write(
                folder.resolve("users"), OPERATOR + " operator " + hash + "\n" + READER + " reader " + hash + "\n");
        Path node = folder.resolve("hv1/NODE1");
        List<String> all = new ArrayList<>(List.of(
                "--remote-host=127.0.0.1",
                "--remote-port=0",
                "--users=" + users,
                "--tls-keystore=" + node.resolve("agent.p12"),
                "--tls-password-file=" + node.resolve("agent.p12.password"),
                "--tls-trust=" + node.resolve("ca.pem")));
        all.addAll(List.of(options));
        agent = PackagedAgent.start(folder.resolve("agent"), List.of(), all);
        // Before the first poll the agent does not know the nodes.
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!curl("hv1-NODE2.pem", "metrics").startsWith("403")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    /** Makes the certificates of a cluster, and the file CLUSTER-NODE2.pem. */
    void authority(String cluster) throws Exception {
        assertThat(bash("java -jar agent.jar certificates create --cluster=" + cluster
                        + " --nodes=NODE1,NODE2,NODE9 --domain=example.com --out=" + cluster))
                .endsWith("exit code 0");
        extract(cluster, "NODE2");
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    /** The output of a script in the folder, and its exit code. */
    String bash(String script) throws Exception {
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
    private void extract(String cluster, String node) throws Exception {
        String file = cluster + "/" + node + "/agent.p12";
        assertThat(bash("openssl pkcs12 -in " + file + " -passin file:" + file + ".password -nodes -out " + cluster
                        + "-" + node + ".pem"))
                .isEqualTo("exit code 0");
    }

    /** The option of curl for a user of the users file. */
    static String user(String name) {
        return " -u '" + name + ":" + PASSWORD + "'";
    }

    /** The status, the exit code of curl and the answer, or the message of curl. */
    String curl(String certificate, String more) throws Exception {
        int port = agent.remoteUrl().getPort();
        String own = certificate.isEmpty() ? "" : "--cert " + certificate + " ";
        return bash("curl -sS -w '\\n%{http_code}' --cacert hv1/ca.pem --resolve NODE1.example.com:" + port
                        + ":127.0.0.1 " + own + "https://NODE1.example.com:" + port + "/" + more)
                .replaceFirst("(?s)(.*)\n([0-9]{3})exit code ([0-9]+)$", "$2 $3 $1");
    }

    /** What to add to the address to execute an operation. */
    static String exec(String operation, String arguments) {
        return "jolokia/ -d '" + TwoDoors.exec(operation, arguments) + "'";
    }

    /** Makes NAME.pem with a key and a certificate of the authority hv1. */
    void sign(String name, String subject, String more) throws Exception {
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

    @Override
    public void close() {
        agent.close();
    }
}
