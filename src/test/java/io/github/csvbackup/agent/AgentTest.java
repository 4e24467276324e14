package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.cli.demo.Demo;
import io.github.csvbackup.agent.cli.demo.StoryException;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.state.StateDirectory;
import io.github.csvbackup.state.StateFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AgentTest {
    private static final WindowsBackend WINDOWS = () -> {
        throw ClusterException.win32("OpenClusterEx", 1753);
    };

    private static final ObjectName STATE = Registration.name("CsvBackupState");

    @TempDir
    Path folder;

    @AfterEach
    void nothingRemains() throws Exception {
        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("io.github.csvbackup:*"), null))
                .isEmpty();
        StateDirectory.open(folder.resolve("state"), Clock.systemUTC()).close();
    }

    @Test
    void theStoryGoesAsTold() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Agent agent =
                Agent.start(options(Backend.SIMULATED, 0).withLeftoverInterval(Duration.ofSeconds(1)), WINDOWS)) {
            assertThat(agent.announcement())
                    .matches("csv-backup-agent \\S+ listening on http://127\\.0\\.0\\.1:\\d+/ \\(backend simulated\\)");

            Demo.play(
                    agent.url(),
                    agent.token(),
                    agent.tokenFile(),
                    Duration.ZERO,
                    true,
                    new PrintStream(out, true, StandardCharsets.UTF_8));
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"outcome\": \"REFUSED\"", "\"outcome\": \"CLEARED\"", "HTTP 401", "more checks, all PASSED")
                .contains("$(cat '" + folder.resolve("state").resolve("operator.token") + "')")
                .contains("csv_backup_last_clear_timestamp_seconds{backend=\"simulated\",outcome=\"cleared\",");
        assertThat(Files.readAllLines(folder.resolve("state").resolve("audit.jsonl")))
                .hasSizeGreaterThan(1);
    }

    /** A filter is code of the host, and may need a lock of the thread that waits for a poll. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFilterThatBlocksStopsNeitherPollsNorOperations() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            server.addNotificationListener(
                    STATE,
                    (notification, handback) -> {},
                    notification -> {
                        block(blocked);
                        return true;
                    },
                    null);
            server.invoke(
                    new ObjectName("io.github.csvbackup:type=SimulatedCluster"),
                    "startBackup",
                    new Object[] {"C:\\ClusterStorage\\Volume1", "NODE1"},
                    new String[] {"java.lang.String", "java.lang.String"});

            assertThat(blocked.await(30, TimeUnit.SECONDS))
                    .as("%s asks it", agent)
                    .isTrue();
            for (int i = 0; i < 3; i++) {
                server.invoke(STATE, "refresh", new Object[0], new String[0]);
            }
        }
    }

    @Test
    void aListenerThatBlocksStopsNeitherPollsNorOperations() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            server.addNotificationListener(STATE, (notification, handback) -> block(blocked), null, null);
            server.invoke(
                    new ObjectName("io.github.csvbackup:type=SimulatedCluster"),
                    "startBackup",
                    new Object[] {"C:\\ClusterStorage\\Volume1", "NODE1"},
                    new String[] {"java.lang.String", "java.lang.String"});

            assertThat(blocked.await(30, TimeUnit.SECONDS))
                    .as("%s tells it", agent)
                    .isTrue();
            long polls = (Long) attribute("PollTotal");
            for (int i = 0; i < 3; i++) {
                server.invoke(STATE, "refresh", new Object[0], new String[0]);
            }

            assertThat((Long) attribute("PollTotal")).isGreaterThanOrEqualTo(polls + 3);
        }
        // A pool is terminated slightly before its thread.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (threads().contains("csv-backup-notify")) {
            assertThat(System.nanoTime()).as("the thread stops").isLessThan(end);
        }
    }

    /** The polling thread represents all of them; the metrics show that all are supervised. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aThreadThatFailsIsInTheHealthAndInTheMetricsUntilItWorks() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        StubCluster cluster = new StubCluster();
        cluster.beforeReading = () -> cluster.set(StubCluster.VOLUME1, fails.get() ? null : BackupState.NONE);
        try (Agent agent = Agent.start(options(Backend.WINDOWS, 0), () -> cluster)) {
            awaitHealth(agent, 200);

            fails.set(true);
            assertThat(awaitHealth(agent, 503))
                    .contains("These threads of the agent fail or died: csv-backup-watch. The agent tries again.");
            fails.set(false);
            awaitHealth(agent, 200);

            assertThat(get(agent, "metrics").body())
                    .containsPattern("csv_backup_thread_failures_total\\{thread=\"csv-backup-watch\"} [1-9]")
                    .contains(
                            "csv_backup_thread_restarts_total{thread=\"csv-backup-watch\"} 0.0",
                            "csv_backup_thread_failures_total{thread=\"csv-backup-after-clear\"} 0.0",
                            "csv_backup_thread_failures_total{thread=\"csv-backup-state\"} 0.0",
                            "csv_backup_thread_failures_total{thread=\"csv-backup-notify\"} 0.0",
                            "csv_backup_thread_failures_total{thread=\"csv-backup-supervisor\"} 0.0");
        }
    }

    private static HttpResponse<String> get(Agent agent, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(agent.url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String awaitHealth(Agent agent, int status) throws Exception {
        HttpResponse<String> answer = get(agent, "healthz");
        while (answer.statusCode() != status) {
            Pause.briefly();
            answer = get(agent, "healthz");
        }
        return answer.body();
    }

    private static void block(CountDownLatch blocked) {
        blocked.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Object attribute(String name) throws Exception {
        return ManagementFactory.getPlatformMBeanServer().getAttribute(STATE, name);
    }

    /** Clears a path that is not a volume: this is refused, counted and in the audit. */
    private void aRunThatCountsAClear() throws Exception {
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat(agent.url()).isNotNull();
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(STATE, "clear", new Object[] {"C:\\Windows"}, new String[] {"java.lang.String"});
        }
    }

    /** Others may be able to read a directory that an administrator created, but not the files of the agent in it. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatTheAgentWritesIsForItsOwnerAlone() throws Exception {
        Path state = Files.createDirectory(
                folder.resolve("state"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        aRunThatCountsAClear();

        for (String file : List.of("audit.jsonl", "audit.head", "state.jsonl")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    private static int auditWith(Agent agent, String token) throws Exception {
        String body = "{\"type\":\"exec\",\"mbean\":\"" + STATE + "\",\"operation\":\"recentAudit\",\"arguments\":[1]}";
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                                .header("Authorization", "Bearer " + token)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.statusCode();
    }

    /** The previous token becomes invalid without a restart. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aTokenWhoseFileWasOpenedOrDeletedIsReplacedWhileTheAgentRuns() throws Exception {
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            String first = Files.readString(agent.tokenFile()).strip();
            assertThat(auditWith(agent, first)).isEqualTo(200);

            Files.setPosixFilePermissions(agent.tokenFile(), PosixFilePermissions.fromString("rw-r--r--"));
            String second = awaitAnotherThan(first, agent);
            assertThat(auditWith(agent, first)).isEqualTo(401);
            assertThat(auditWith(agent, second)).isEqualTo(200);

            Files.delete(agent.tokenFile());
            awaitAnotherThan(second, agent);
            assertThat(auditWith(agent, second)).isEqualTo(401);
            assertThat(auditWith(agent, Files.readString(agent.tokenFile()).strip()))
                    .isEqualTo(200);
        }
    }

    /** Until the file has it, too: the agent writes it a moment later. */
    private static String awaitAnotherThan(String token, Agent agent) throws IOException {
        while (agent.token().equals(token)
                || !Files.exists(agent.tokenFile())
                || !Files.readString(agent.tokenFile()).strip().equals(agent.token())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return agent.token();
    }

    /** A client that finds the token of an agent that is gone would send it to another one. */
    @Test
    void theTokenFileIsGoneWithTheAgent() throws Exception {
        Path file;
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            file = agent.tokenFile();
            assertThat(file).exists();
        }
        assertThat(file).doesNotExist();
    }

    /** An attacker creates the directory first, with a known token in it. */
    @Test
    void aPlantedTokenIsNotTheOperators() throws Exception {
        StateDirectory.open(folder.resolve("state"), Clock.systemUTC()).close();
        String planted = "PlantedPlantedPlantedPlantedPlantedPlantedP";
        Files.writeString(folder.resolve("state").resolve("operator.token"), planted + "\n");

        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat(auditWith(agent, planted)).isEqualTo(401);
            assertThat(agent.tokenFile()).hasContent(agent.token());
        }
    }

    @Test
    void countersSurviveARestart() throws Exception {
        aRunThatCountsAClear();

        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat(agent.url()).isNotNull();
            assertThat(attribute("ClearFailedTotal")).isEqualTo(1L);
        }
    }

    @Test
    void aDamagedStateFileIsSetAsideAndTheLogSaysSo() throws Exception {
        aRunThatCountsAClear();
        Path kept = folder.resolve("state").resolve("state.jsonl");
        Files.writeString(kept, "{\"kind\":\"volume\"}\n");

        try (LogLines log = new LogLines(StateFile.class.getName());
                Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat(agent.url()).isNotNull();
            assertThat(attribute("ClearFailedTotal")).isEqualTo(0L);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains(" WARN  " + kept + " is damaged (it is not complete) and was set aside as " + kept
                            + ".damaged-")
                    .endsWith("; times and counters start again");
        }
        try (var files = Files.list(folder.resolve("state"))) {
            assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("state.jsonl.damaged-"));
        }
    }

    @Test
    void aClearThatAnEarlierRunDidNotFinishIsToldOnceInLogMBeanMetricAndAudit() throws Exception {
        aRunThatCountsAClear();
        try (AuditFile earlier = AuditFile.open(folder.resolve("state"), "1.2.3")) {
            earlier.append(new AuditLine(
                    "gone",
                    "intent",
                    Instant.now(),
                    Map.of("volume", "C:\\ClusterStorage\\Volume1", "principal", "ann")));
        }

        try (LogLines log = new LogLines("io.github.csvbackup.clear.UnfinishedIntents");
                Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat((String[]) attribute("UnfinishedClears"))
                    .singleElement()
                    .asString()
                    .contains("(gone) has no outcome", "check the backup jobs of that time");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains(" WARN  The clear of ", "(gone) has no outcome", "check the backup jobs of that time");
            assertThat(metrics(agent)).contains("csv_backup_unfinished_clears 1.0");
            assertThat((Object[]) ManagementFactory.getPlatformMBeanServer()
                            .invoke(STATE, "recentAudit", new Object[] {1}, new String[] {"int"}))
                    .singleElement()
                    .asString()
                    .contains("unfinished");
        }
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat((String[]) attribute("UnfinishedClears"))
                    .as("reported once")
                    .isEmpty();
            assertThat(metrics(agent)).contains("csv_backup_unfinished_clears 0.0");
        }
    }

    /** An attacker deletes the audit and audit.head, but not the other file that contains its newest line. */
    @Test
    void aRecordThatWasRemovedAsAWholeIsMissedAndMBeanMetricAndAuditSaySo() throws Exception {
        aRunThatCountsAClear();
        Path state = folder.resolve("state");
        assertThat(Files.readAllLines(state.resolve("audit.jsonl"))).satisfies(lines -> {
            assertThat(lines).first().asString().contains("\"kind\":\"start\"", "\"head\":\"0:\"");
            assertThat(lines).last().asString().contains("\"kind\":\"stop\"", "\"head\":\"2:");
        });
        Files.delete(state.resolve("audit.jsonl"));
        Files.delete(state.resolve("audit.head"));

        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat((String) attribute("AuditMismatch"))
                    .startsWith("The audit was changed by something other than the agent: state.jsonl names line 2:")
                    .endsWith(", but the audit does not contain it. Check it on that node with: audit --verify.");
            assertThat(attribute("AuditMismatchTotal")).isEqualTo(1L);
            assertThat(attribute("AuditLines")).isEqualTo(4L);
            assertThat(metrics(agent)).contains("csv_backup_audit_mismatches_total 1.0", "csv_backup_audit_lines 4.0");
        }
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThat(attribute("AuditMismatch"))
                    .as("%s finds nothing new", agent)
                    .isNull();
        }
    }

    private static List<String> metrics(Agent agent) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(agent.url().resolve("metrics")).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .toList();
    }

    @Test
    void aStoryThatDoesNotGoAsToldNamesTheStep() throws Exception {
        try (Agent agent = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThatThrownBy(() -> Demo.play(
                            agent.url(),
                            "a wrong token",
                            agent.tokenFile(),
                            Duration.ZERO,
                            true,
                            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)))
                    .isInstanceOf(StoryException.class)
                    .hasMessageStartingWith("Step 1 did not go as expected: answer to {\"type\":\"exec\"")
                    .hasMessageContaining("should be status 200 but is 401");
        }
    }

    @Test
    void anAgentThatIsGoneEndsTheStory() {
        assertThatThrownBy(() -> Demo.play(
                        URI.create("http://127.0.0.1:1/"),
                        "token",
                        folder,
                        Duration.ZERO,
                        true,
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)))
                .isInstanceOf(StoryException.class)
                .hasMessageStartingWith("Step 1 failed: ");
    }

    @Test
    void aBusyPortLeavesNothingBehind() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = busy.getLocalPort();

            assertThatThrownBy(() -> Agent.start(options(Backend.SIMULATED, port), WINDOWS))
                    .isInstanceOf(StartException.class)
                    .hasMessage("The port 127.0.0.1:" + port + " is in use by another program."
                            + " Choose another port with port=..., or port=0 for any free port.");
        }
        assertThat(folder.resolve("state").resolve("operator.token")).doesNotExist();
        assertThat(threads()).noneMatch(name -> name.startsWith("csv-backup-"));
    }

    @Test
    void aSecondAgentOnTheStateDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Agent first = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            assertThatThrownBy(() -> Agent.start(options(Backend.SIMULATED, 0), WINDOWS))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("is in use by another agent");
            assertThat(first.url().toURL().openConnection()).isNotNull();
        }
    }

    @Test
    void aSecondAgentInThisJvmIsRefused() throws Exception {
        try (Agent first = Agent.start(options(Backend.SIMULATED, 0), WINDOWS)) {
            Options other = new Options(
                    Backend.SIMULATED,
                    "127.0.0.1",
                    0,
                    AnonymousAccess.ASSESS,
                    null,
                    folder.resolve("other"),
                    Duration.ofMillis(250),
                    Duration.ofMillis(250),
                    false,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    false,
                    AuditOptions.DEFAULT,
                    1,
                    1);
            assertThatThrownBy(() -> Agent.start(other, WINDOWS))
                    .isInstanceOf(StartException.class)
                    .hasMessage(
                            "The MBean io.github.csvbackup:type=CsvBackupState already exists: another agent runs in"
                                    + " this JVM. Detach it first.");
            assertThat(first.url()).isNotNull();
        }
    }

    @Test
    void aClusterThatCannotBeOpenedSaysWhyAndWhatToDo() {
        assertThatThrownBy(() -> Agent.start(options(Backend.WINDOWS, 0), WINDOWS))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("Cannot open the cluster: ")
                .hasMessageContaining("1753");
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private Options options(Backend backend, int port) {
        return new Options(
                backend,
                "127.0.0.1",
                port,
                AnonymousAccess.ASSESS,
                null,
                folder.resolve("state"),
                Duration.ofMillis(250),
                Duration.ofMillis(250),
                false,
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                false,
                AuditOptions.DEFAULT,
                3,
                3);
    }
}
