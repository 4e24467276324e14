package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The processes of the commands for certificates: ended while the key of the authority is in their folder, and with options for all Java programs. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledOnOs(value = OS.LINUX, disabledReason = "The commands are those of Linux.")
@Tag("jdk-independent")
class CertificateProcessesIT {
    /** So many that the command is far from its end when it is ended. */
    private static final String MANY =
            IntStream.rangeClosed(1, 64).mapToObj(node -> "NODE" + node).collect(Collectors.joining(","));

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        // A process in the background may ignore them, and its children then do, too.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT,HUP",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                PackagedJar.path().toString(),
                "certificates"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path output() {
        return folder.resolve("output");
    }

    private Process create(String out, String nodes) throws IOException {
        return start(
                "create", "--cluster=HV1", "--nodes=" + nodes, "--domain=example.com", "--out=" + folder.resolve(out));
    }

    private Process renew(String nodes) throws IOException {
        return start("renew", "--nodes=" + nodes, "--out=" + folder.resolve("hv1"));
    }

    private String ended(Process process) throws Exception {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output()) + "exit code " + process.exitValue();
    }

    /** The folders of commands, hidden ones too. */
    private static List<Path> work(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(each -> each.getFileName().toString().startsWith(".csv"))
                    .toList();
        }
    }

    /** Waits until a command has made the first key of a node, so that the authority's is there too. */
    private void awaitKeys(Process process, Path parent) throws IOException {
        while (work(parent).stream().noneMatch(each -> Files.exists(each.resolve("node-NODE1/agent.p12")))) {
            assertThat(process.isAlive()).as(Files.readString(output())).isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(work(parent)).hasSize(1).allMatch(each -> Files.exists(each.resolve("authority/ca.p12")));
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void aSignalLeavesNoKey(String signal, int exitCode) throws Exception {
        Process process = create("hv1", MANY);
        awaitKeys(process, folder);
        List<ProcessHandle> children = process.descendants().toList();

        signal(process, signal);

        assertThat(ended(process)).endsWith("exit code " + exitCode);
        assertThat(folder)
                .isDirectoryContaining(path -> path.equals(output()))
                .isDirectoryNotContaining("glob:**/*hv1");
        assertThat(work(folder)).isEmpty();
        for (ProcessHandle child : children) {
            assertThat(child.onExit()).succeedsWithin(Duration.ofMinutes(1));
        }
        assertThat(work(folder)).as("no keytool has written there since").isEmpty();
    }

    @Test
    void aSignalDuringARenewalLeavesTheFilesThatWereThere() throws Exception {
        assertThat(ended(create("hv1", "NODE1"))).endsWith("exit code 0");
        byte[] before = Files.readAllBytes(folder.resolve("hv1/NODE1/agent.p12"));
        Process process = renew(MANY);
        awaitKeys(process, folder.resolve("hv1"));

        signal(process, "TERM");

        assertThat(ended(process)).endsWith("exit code 143");
        assertThat(work(folder.resolve("hv1"))).isEmpty();
        assertThat(folder.resolve("hv1")).isDirectoryNotContaining("glob:**/NODE2");
        assertThat(folder.resolve("hv1/NODE1/agent.p12")).hasBinaryContent(before);
    }

    private Path killed(Process process, Path parent) throws Exception {
        awaitKeys(process, parent);
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        process.destroyForcibly();
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .get(1, TimeUnit.MINUTES);
        assertThat(work(parent))
                .as("otherwise this test shows nothing")
                .singleElement()
                .satisfies(left -> assertThat(left.resolve("authority/ca.p12")).exists());
        return work(parent).get(0);
    }

    private static String deleted(Path left) {
        return "Deleted " + left + ", which a command had left that was killed: it could hold keys.\n";
    }

    @Test
    void theNextCommandDeletesWhatAKilledOneLeft() throws Exception {
        Path left = killed(create("hv1", MANY), folder);
        assertThat(ended(create("hv1", "NODE1"))).startsWith(deleted(left)).endsWith("exit code 0");
        assertThat(work(folder)).isEmpty();

        Path out = folder.resolve("hv1");
        Path ofRenewal = killed(renew(MANY), out);
        assertThat(ended(renew("NODE1"))).startsWith(deleted(ofRenewal)).endsWith("exit code 0");
        assertThat(work(out)).isEmpty();
    }

    @Test
    void theFolderOfACommandThatStillRunsStays() throws Exception {
        Process running = create("hv1", MANY);
        awaitKeys(running, folder);
        List<Path> used = work(folder);

        assertThat(ended(create("hv2", "NODE1"))).doesNotContain("Deleted").endsWith("exit code 0");

        assertThat(running.isAlive()).as("otherwise this test shows nothing").isTrue();
        assertThat(work(folder)).isEqualTo(used);
    }

    /** They may name an agent. Each JVM that reads these writes a file. */
    @Test
    void keytoolDoesNotReadTheOptionsForAllJavaPrograms() throws Exception {
        Path logs = Files.createDirectory(folder.resolve("logs"));
        Map<String, String> environment = Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Xlog:os:file=" + logs + "/tool-%p.log",
                "_JAVA_OPTIONS",
                "-Xlog:os:file=" + logs + "/other-%p.log");

        assertThat(ended(start(
                        environment,
                        "create",
                        "--cluster=HV1",
                        "--nodes=NODE1",
                        "--domain=example.com",
                        "--out=" + folder.resolve("hv1"))))
                .endsWith("exit code 0");

        try (Stream<Path> all = Files.list(logs)) {
            assertThat(all.map(file -> file.getFileName().toString().replaceFirst("-.*", "")))
                    .as("of the command alone")
                    .containsExactlyInAnyOrder("tool", "other");
        }
    }
}
