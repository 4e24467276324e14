package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.service.ServiceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that does not start says why, once each: in its log file, in the Windows event log, and in the file that the commands read. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class ServiceFailedStartTest {
    private static final WindowsBackend NO_CLUSTER = () -> {
        throw ClusterException.win32("OpenClusterEx", 1753);
    };

    @TempDir
    Path folder;

    private StubServiceSystem system;

    @BeforeEach
    void start() throws IOException {
        system = new StubServiceSystem(folder);
    }

    private Path state() {
        return folder.resolve("state");
    }

    private Path logs() {
        return folder.resolve("logs");
    }

    private int run(WindowsBackend windows, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--log-dir=" + logs());
        return runWithoutLogDir(windows, arguments);
    }

    private int runWithoutLogDir(WindowsBackend windows, List<String> options) {
        List<String> arguments =
                new ArrayList<>(List.of("service", "run", "--backend=windows", "--port=0", "--state-dir=" + state()));
        arguments.addAll(options);
        return new TestedCli(windows, system).execute(arguments.toArray(String[]::new));
    }

    private List<String> errors() throws IOException {
        return Files.readAllLines(logs().resolve("agent.log")).stream()
                .filter(line -> line.contains(" ERROR "))
                .map(line -> line.substring(line.indexOf("ERROR")))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void isOnceEverywhere(String reason) throws IOException {
        assertThat(errors()).singleElement().asString().startsWith("ERROR The agent was not started: " + reason);
        assertThat(system.events)
                .singleElement()
                .asString()
                .startsWith("START_FAILED The agent was not started: " + reason);
        assertThat(state().resolve("service-failure.txt")).content().startsWith(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--poll-interval=1", "--no-such-option=1", "--event-log=perhaps"})
    void wrongOptions(String option) throws Exception {
        assertThat(run(NO_CLUSTER, option)).isEqualTo(ServiceRun.WRONG_OPTIONS);

        assertThat(errors()).singleElement().asString().contains(option.replaceFirst("^--([a-z-]+)=.*", "$1"));
        isOnceEverywhere(Files.readString(state().resolve("service-failure.txt")));
    }

    @Test
    void aRefusedStateDirectory() throws Exception {
        Files.createDirectories(state());
        Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(run(NO_CLUSTER)).isEqualTo(ServiceRun.START_FAILED);

        String reason = "The agent was not started: The state directory " + state() + " can be written to by others.";
        assertThat(errors()).singleElement().asString().startsWith("ERROR " + reason);
        assertThat(system.events).singleElement().asString().startsWith("START_FAILED " + reason);
        assertThat(state()).as("nothing is written there").isEmptyDirectory();
    }

    @Test
    void aClusterThatCannotBeOpened() throws Exception {
        assertThat(run(NO_CLUSTER)).isEqualTo(ServiceRun.START_FAILED);

        isOnceEverywhere("Cannot open the cluster: OpenClusterEx failed");
    }

    @Test
    void aBugOfTheAgent() throws Exception {
        assertThat(run(() -> {
                    throw new IllegalStateException("a bug");
                }))
                .isEqualTo(ServiceRun.START_FAILED);

        isOnceEverywhere("java.lang.IllegalStateException: a bug");
        assertThat(logs().resolve("agent.log")).content().contains("\tat io.github.csvbackup.");
    }

    @Test
    void anErrorOfTheJvm() throws Exception {
        assertThat(run(() -> {
                    throw new StackOverflowError();
                }))
                .isEqualTo(ServiceRun.START_FAILED);

        isOnceEverywhere("java.lang.StackOverflowError");
    }

    @Test
    void aLibraryThatIsMissing() throws Exception {
        assertThat(run(() -> {
                    throw new UnsatisfiedLinkError("jnidispatch.dll");
                }))
                .isEqualTo(ServiceRun.START_FAILED);

        isOnceEverywhere("Cannot start JNA: java.lang.UnsatisfiedLinkError: jnidispatch.dll");
    }

    /** The agent has opened its log by then. */
    @Test
    void aStartThatTakesTooLong() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        Duration few = Duration.ofMillis(2);
        Duration many = Duration.ofSeconds(50);
        system.times = new ServiceRun.Times(few, few, many, many, many);
        system.whileStarting = () -> await(entered);
        List<Thread> starting = new ArrayList<>();

        assertThat(run(() -> {
                    starting.add(Thread.currentThread());
                    entered.countDown();
                    await(answers);
                    throw ClusterException.win32("OpenClusterEx", 1753);
                }))
                .isEqualTo(ServiceRun.START_TIMED_OUT);

        isOnceEverywhere("The start takes too long. A call to the cluster may hang; Windows starts the service again.");
        answers.countDown();
        starting.get(0).join();
        assertThat(errors()).as("its late end is not a second failure").hasSize(1);
    }

    @Test
    void aLogDirectoryThatCannotBeUsed() throws Exception {
        Files.createFile(logs());

        assertThat(run(NO_CLUSTER)).isEqualTo(ServiceRun.START_FAILED);

        String reason = "The log directory " + logs() + " is not a directory.";
        assertThat(system.events).singleElement().asString().contains(reason);
        assertThat(state().resolve("service-failure.txt")).content().startsWith(reason);
        assertThat(logs()).isEmptyFile();
    }

    @Test
    void anEventLogThatCannotBeUsed() throws Exception {
        system.eventLogFails = true;

        assertThat(run(NO_CLUSTER)).isEqualTo(ServiceRun.START_FAILED);

        assertThat(errors()).singleElement().asString().contains("Cannot open the cluster");
        assertThat(state().resolve("service-failure.txt")).content().startsWith("Cannot open the cluster");
    }

    @Test
    void anEventLogThatTheUserDoesNotWantGetsNothing() throws Exception {
        assertThat(run(NO_CLUSTER, "--event-log=false")).isEqualTo(ServiceRun.START_FAILED);

        assertThat(system.events).isEmpty();
        assertThat(errors()).hasSize(1);
    }

    @Test
    void theOptionsFileSaysWhereItIsReported() throws Exception {
        Path config =
                PrivateFile.write(folder.resolve("agent.properties"), "log-dir=" + logs() + "\nevent-log=false\n");

        assertThat(runWithoutLogDir(NO_CLUSTER, List.of("--config=" + config))).isEqualTo(ServiceRun.START_FAILED);
        assertThat(errors()).singleElement().asString().contains("Cannot open the cluster");

        Files.delete(logs().resolve("agent.log"));
        assertThat(runWithoutLogDir(NO_CLUSTER, List.of("--config=" + config, "--poll-interval=1")))
                .isEqualTo(ServiceRun.WRONG_OPTIONS);
        assertThat(errors()).singleElement().asString().contains("poll-interval");
        assertThat(system.events).isEmpty();
    }

    @Test
    void anOptionsFileThatIsMissing() throws Exception {
        Path config = folder.resolve("missing.properties");

        assertThat(runWithoutLogDir(NO_CLUSTER, List.of("--config=" + config))).isEqualTo(ServiceRun.WRONG_OPTIONS);

        String reason = "The options file config=" + config + " does not exist.";
        assertThat(state().resolve("logs/agent.log")).content().contains("ERROR The agent was not started: " + reason);
        assertThat(system.events).singleElement().asString().contains(reason);
        assertThat(state().resolve("service-failure.txt")).content().startsWith(reason);
    }

    /** Then the service manager knows nothing at all. */
    @Test
    void aDispatcherThatCannotBeUsed() throws Exception {
        system.dispatcherFails = true;

        assertThat(run(NO_CLUSTER)).isEqualTo(1);

        isOnceEverywhere("Cannot start JNA: it is broken.");
    }

    /** JNA throws it if it finds a library of another version of JNA. */
    @Test
    void aDispatcherThatThrowsAnError() throws Exception {
        Error error = new Error("incompatible library");
        system.dispatcherThrows = error;

        assertThatThrownBy(() -> run(NO_CLUSTER)).isSameAs(error);
        isOnceEverywhere("java.lang.Error: incompatible library");

        Files.delete(logs().resolve("agent.log"));
        system.eventLogThrows = new Error("incompatible library, too");
        assertThatThrownBy(() -> run(NO_CLUSTER)).isSameAs(error);
        isOnceEverywhere("java.lang.Error: incompatible library");
    }
}
