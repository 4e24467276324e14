package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.FreePort;
import io.github.csvbackup.RealPart;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents' options and files for JMX over TLS from another machine, with other folders, host name and port. Not on newer JDKs: their RMI compares
 * the host name with the certificate, which names the node and not this machine.
 */
@Tag("jdk-independent")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The rights of the files are set as on Linux.")
class RemoteJmxIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final Path CLIENT =
            Path.of("src/test/clients/RemoteJmxClient.java").toAbsolutePath();
    private static final List<String> ANN = List.of("ann", "a-long-password");
    private static final List<String> WATCHER = List.of("watcher", "another-long-password");

    @TempDir
    static Path folder;

    private static int port;
    private static PackagedAgent agent;

    @BeforeAll
    static void anAgentAsDocumented() throws Exception {
        RealPart.program("Debian's package openssl", "openssl");
        run(bash("set -e\n" + Documents.commands("certificates with openssl", DocumentedCommandsIT.class)
                + commands("certificates for JMX")));
        port = FreePort.next();
        for (String name : List.of("jmx.properties", "jmx.ssl", "jmx.password", "jmx.access")) {
            write(folder, name);
        }
        agent = PackagedAgent.start(
                folder.resolve("agent"),
                jvmOptions(folder),
                List.of("--poll-interval=100ms", "--stale-after=2s", "--quiet-time=1s"));
    }

    @AfterAll
    static void stop() {
        if (agent != null) {
            agent.close();
        }
    }

    @Test
    void anOperatorReadsAndClearsAndTheAuditNamesTheUser() throws Exception {
        assertThat(client(withCertificate(), ANN)).isEqualTo("Backend: SIMULATED\nclear: CLEARED\nexit code 0");

        assertThat(Files.readAllLines(agent.state().resolve("audit.jsonl")))
                .anyMatch(line -> line.contains("CLEARED") && line.contains("\"jmx\"") && line.contains("\"ann\""));
        assertThat(folder.resolve("jmx.password"))
                .content()
                .as("hashed by the JVM")
                .doesNotContain(ANN.get(1))
                .contains("ann");
    }

    @Test
    void aReaderReadsOnly() throws Exception {
        assertThat(client(withCertificate(), WATCHER))
                .startsWith("Backend: SIMULATED\n")
                .contains("java.lang.SecurityException: Access denied! Invalid access level")
                .endsWith("exit code 1");
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        assertThat(client(withCertificate(), List.of("ann", "wrong")))
                .contains("java.lang.SecurityException: Authentication failed!")
                .doesNotContain("Backend");
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        List<String> options = withCertificate().stream()
                .filter(option -> !option.contains("keyStore"))
                .toList();
        assertThat(options).hasSize(2);
        assertThat(client(options, ANN)).doesNotContain("Backend").endsWith("exit code 1");
    }

    @Test
    void aClientThatDoesNotTrustTheAuthorityDoesNotConnect() throws Exception {
        assertThat(client(List.of(), ANN)).contains("PKIX path building failed").doesNotContain("Backend");
    }

    @Test
    void theJvmRefusesFilesThatOthersMayRead() throws Exception {
        for (String name : List.of("jmx.password", "jmx.ssl")) {
            Path other = Files.createDirectory(folder.resolve("open " + name));
            for (String file : List.of("jmx.properties", "jmx.ssl", "jmx.password", "jmx.access")) {
                write(other, file);
            }
            Files.setPosixFilePermissions(other.resolve(name), PosixFilePermissions.fromString("rw-r-----"));
            assertThat(PackagedCommandLine.run(JDK, jvmOptions(other), List.of("--version")))
                    .as(name)
                    .contains("Error: ", other.resolve(name).toString())
                    .doesNotContain("csv-backup-agent 0");
        }
    }

    private static String commands(String name) throws IOException {
        return Documents.commands(name, RemoteJmxIT.class);
    }

    /** A file of the documents, with the folder and the port of the test, readable for its owner alone. */
    private static void write(Path to, String name) throws IOException {
        String text = switch (name) {
            case "jmx.properties" -> commands("jmx.properties");
            case "jmx.ssl" -> commands("jmx.ssl");
            case "jmx.password" -> commands("jmx.password");
            default -> commands("jmx.access");
        };
        Path file = Files.createFile(
                to.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                text.replaceAll("C:/ProgramData/csv-backup-agent/(?=jmx)", to + "/")
                        .replace("C:/ProgramData/csv-backup-agent", folder.toString())
                        .replace("8780", Integer.toString(port))
                        .replace("PASSWORD", password("agent")));
    }

    private static String password(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".pfx.password")).strip();
    }

    private static List<String> jvmOptions(Path files) throws IOException {
        return Stream.of(commands("the agent with remote JMX").split(" ", -1))
                .filter(word -> word.startsWith("-D"))
                .map(word -> word.replace("C:/ProgramData/csv-backup-agent", files.toString())
                        .replace("node1.example.com", "localhost"))
                .toList();
    }

    private static List<String> withCertificate() throws IOException {
        String own = password("ann");
        return Stream.of(commands("JConsole with TLS").split(" ", -1))
                .filter(word -> word.startsWith("-J"))
                .map(word -> word.substring("-J".length()).replace("PASSWORD", own))
                .toList();
    }

    private static String client(List<String> options, List<String> user) throws Exception {
        List<String> command = new ArrayList<>(List.of(JDK.resolve("bin/java").toString()));
        command.addAll(options);
        command.addAll(List.of(CLIENT.toString(), "localhost:" + port));
        command.addAll(user);
        return output(new ProcessBuilder(command).directory(folder.toFile()));
    }

    private static ProcessBuilder bash(String script) {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).directory(folder.toFile());
        builder.environment()
                .merge("PATH", JDK.resolve("bin").toString(), (path, jdk) -> jdk + File.pathSeparator + path);
        return builder;
    }

    private static void run(ProcessBuilder builder) throws Exception {
        assertThat(output(builder)).endsWith("exit code 0");
    }

    private static String output(ProcessBuilder builder) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output) + "exit code " + process.exitValue();
    }
}
