package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.FreePort;
import io.github.csvbackup.RealPart;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell commands of the documents. They run unchanged, except for ports, the backend, and what a person would type. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "They are written for a POSIX shell.")
@Tag("jdk-independent")
class DocumentedCommandsIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final String PASSWORD = "a password of the test";

    @TempDir
    Path folder;

    private int port;

    /** A program that runs in the background; its end is the test's. */
    private record Running(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
            process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
        }
    }

    @BeforeEach
    void likeTheFolderOfTheRelease() throws IOException {
        Files.copy(PackagedJar.path(), folder.resolve("csv-backup-agent.jar"));
        port = FreePort.next();
    }

    private String commands(String name) throws IOException {
        return Documents.commands(name, DocumentedCommandsIT.class).replace("8778", Integer.toString(port));
    }

    private ProcessBuilder bash(String script) {
        ProcessBuilder builder = new ProcessBuilder(RealPart.program("Debian's package bash", "bash"), "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .merge("PATH", JDK.resolve("bin").toString(), (path, jdk) -> jdk + File.pathSeparator + path);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder;
    }

    /** What a script prints, and a last line with its exit code. */
    private String run(String script, String input) throws Exception {
        Path typed = Files.writeString(Files.createTempFile("documented", ".txt"), input);
        Path output = Files.createTempFile("documented", ".txt");
        try {
            Process process = bash(script)
                    .redirectInput(typed.toFile())
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            process.destroyForcibly();
            assertThat(ended)
                    .as("%s said: %s", script, Files.readString(output))
                    .isTrue();
            return Files.readString(output) + "exit code " + process.exitValue();
        } finally {
            Files.delete(typed);
            Files.delete(output);
        }
    }

    private Running start(String command) throws Exception {
        Path output = folder.resolve("agent.log");
        Running running = new Running(
                bash("exec " + command.strip()).redirectOutput(output.toFile()).start());
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!listens()) {
            assertThat(running.process().isAlive() && System.nanoTime() < end)
                    .as("%s: %s", command, Files.readString(output))
                    .isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return running;
    }

    private boolean listens() {
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return connection.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theProbeSaysThatThisIsNotAClusterNode() throws Exception {
        for (String probe : List.of(commands("the first probe"), commands("the probe"))) {
            assertThat(run(probe, ""))
                    .contains("changes nothing")
                    .contains("FAILED   system:")
                    .endsWith("exit code 1");
        }
    }

    @Test
    void theLibraryOfJnaLiesBesideTheJar() throws Exception {
        assertThat(run(commands("JNA's library beside the jar"), "")).isEqualTo("exit code 0");
        assertThat(folder.resolve("jnidispatch.dll")).isNotEmptyFile();
    }

    @Test
    void theAgentRunsInAHost() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, HostProgram.class.getName());
        String name = HostProgram.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(folder.resolve("host.jar"));
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            jar.putNextEntry(new JarEntry(name));
            jar.write(Files.readAllBytes(PackagedJar.testClasses().resolve(name)));
        }

        String command = commands("the agent in a host")
                .replace("backend=windows", "backend=simulated,port=0,state-dir=" + folder.resolve("state"));
        assertThat(run(command, "await-start\n")).contains("> .").endsWith("exit code 0");
        assertThat(folder.resolve("state/operator.token")).exists();
    }

    @Test
    void theAgentIsAttachedAndDetached() throws Exception {
        Host host = Host.start(JDK, folder, List.of(), List.of());
        try {
            String command = commands("attach and detach")
                    .replace("PID", Long.toString(host.pid()))
                    .replace("backend=windows", "backend=simulated,port=0,state-dir=" + folder.resolve("state"));
            assertThat(run(command, ""))
                    .contains("listening on http://127.0.0.1:")
                    .contains("the agent was stopped")
                    .endsWith("exit code 0");
        } finally {
            assertThat(host.end()).isZero();
        }
    }

    @Test
    void theStoryWithCurlAndItsAudit() throws Exception {
        RealPart.program("Debian's package curl", "curl");
        try (Running agent = start(commands("an agent to try").strip() + " --port=" + port)) {
            assertThat(agent.process().isAlive()).isTrue();
            assertThat(run(commands("the story with curl"), ""))
                    .containsSubsequence(
                            "\"verdict\":\"ACTIVE\"",
                            "\"outcome\":\"REFUSED\"",
                            "\"verdict\":\"CLEARABLE\"",
                            "\"outcome\":\"CLEARED\"",
                            "csv_backup_clear_requests_total{")
                    .endsWith("exit code 0");

            String audit = commands("the audit").replaceAll("(audit[^#\n]*?) *#", "$1 --state-dir=csv-state #");
            assertThat(run(audit, ""))
                    .contains("CLEARED")
                    .contains("The audit is ")
                    .endsWith("exit code 0");
        }
    }

    @Test
    void theSimulatedClusterPlaysWhatItsDocumentSays() throws Exception {
        RealPart.program("Debian's package curl", "curl");
        try (Running agent = start(commands("an agent to try").strip() + " --port=" + port)) {
            assertThat(agent.process().isAlive()).isTrue();
            assertThat(run(commands("the simulated cluster with curl"), ""))
                    .contains(
                            "Volume1 is running on NODE2.\"",
                            "NODE3 is UP.\"",
                            "SQL-7 has one more recovery checkpoint.\"")
                    .doesNotContain("\"error\"")
                    .endsWith("exit code 0");
        }
    }

    @Test
    void certificatesAndUsers() throws Exception {
        RealPart.program("Debian's package curl", "curl");
        RealPart.program("Debian's package openssl", "openssl");
        assertThat(run("set -e\n" + commands("certificates with openssl"), "")).endsWith("exit code 0");
        assertThat(run(
                        "openssl verify -CAfile ca.pem -purpose sslserver -verify_hostname node1.example.com node1.example.com.pem",
                        ""))
                .endsWith("exit code 0");

        Matcher tls = Pattern.compile("(?s)(.*\n)(java [^\n]+--remote-host=.*)").matcher(commands("users and TLS"));
        assertThat(tls.matches()).isTrue();
        assertThat(run("set -e\n" + tls.group(1), PASSWORD + "\n")).endsWith("exit code 0");
        String options = "--backend=simulated --state-dir=state --port=0 --remote-port=" + port + " --remote-host=";
        try (Running agent = start(tls.group(2).replace("--remote-host=", options))) {
            assertThat(agent.process().isAlive()).isTrue();
            String check = commands("the check of the certificate")
                    .replace("8779", Integer.toString(port))
                    .replace("curl ", "curl -sS --resolve node1.example.com:" + port + ":127.0.0.1 ")
                    .replace("-u prometheus ", "-u 'prometheus:" + PASSWORD + "' ");
            assertThat(run("set -e\n" + check, ""))
                    .startsWith("ok")
                    .contains("csv_backup_agent_info{")
                    .endsWith("exit code 0");
        }
    }
}
