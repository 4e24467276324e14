package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged agent in host JVMs. */
@Tag("jdk-independent")
class GuestIT {
    private static final Set<String> IDLE = Set.of(
            "csv-backup-after-clear",
            "csv-backup-http",
            "csv-backup-notify",
            "csv-backup-state",
            "csv-backup-supervisor",
            "csv-backup-watch");
    private static final String LOADER = "io.github.csvbackup.agent.entry.IsolatedLoader";

    @TempDir
    Path scratch;

    static Stream<Path> jdks() throws IOException {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aBareHostSeesNoneOfOurLibraries(Path jdk) throws Exception {
        try (Host host = hostWithAgent(jdk, simulated(0))) {
            host.ask("await-start");
            assertThat(host.live(LOADER)).as("the agent runs").isEqualTo(1);
            assertThat(host.ask("class com.sun.jna.Native")).containsExactly("absent");
            assertThat(host.ask("class io.micrometer.core.instrument.MeterRegistry"))
                    .containsExactly("absent");
            assertThat(host.ask("class io.github.csvbackup.agent.Launcher")).containsExactly("absent");
            assertThat(host.ask("class org.slf4j.Logger")).containsExactly("absent");
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aHostKeepsItsOwnLibraries(Path jdk) throws Exception {
        Path micrometer = PackagedJar.hostLibraries().resolve("micrometer-core.jar");
        Path jna = PackagedJar.hostLibraries().resolve("jna.jar");
        List<String> options = List.of(Host.agent(simulated(0)));
        try (Host host = Host.start(jdk, scratch, options, List.of(micrometer, jna))) {
            host.ask("await-start");
            assertThat(host.ask("class io.micrometer.core.instrument.Meter")).containsExactly(micrometer.toString());
            assertThat(host.ask("class com.sun.jna.Native")).containsExactly(jna.toString());
            assertThat(host.errors()).noneMatch(line -> line.contains("not started"));
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void noSystemPropertyOfTheHostChanges(Path jdk) throws Exception {
        List<String> without;
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            without = host.ask("properties");
            host.end();
        }
        try (Host host = hostWithAgent(jdk, simulated(0))) {
            host.ask("await-start");
            assertThat(host.ask("properties")).isEqualTo(without);
            host.end();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aHostWhoseMainEndsEndsAtOnce(Path jdk) throws Exception {
        try (Host host = Host.start(jdk, scratch, List.of(Host.agent(simulated(0))), List.of(), "end")) {
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aBadOptionIsOneLineAndTheHostRunsOn(Path jdk) throws Exception {
        refusesAndLetsTheHostRun(jdk, "no-such-option=1", "no-such-option");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aBusyPortIsOneLineAndTheHostRunsOn(Path jdk) throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refusesAndLetsTheHostRun(jdk, simulated(busy.getLocalPort()), "in use");
        }
    }

    /** Stderr as without the log. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aFailedStartIsInTheLogFileToo(Path jdk) throws Exception {
        Path logs = scratch.resolve("logs");
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refusesAndLetsTheHostRun(jdk, simulated(busy.getLocalPort()) + ",log-dir=" + logs, "in use");
        }
        assertThat(Files.readAllLines(logs.resolve("agent.log")))
                .singleElement()
                .asString()
                .contains(" ERROR The agent was not started: The port ", "in use");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anImpossibleStateDirectoryIsOneLineAndTheHostRunsOn(Path jdk) throws Exception {
        Path file = Files.createFile(scratch.resolve("file"));
        refusesAndLetsTheHostRun(jdk, "backend=simulated,port=0,state-dir=" + file.resolve("below"), file.toString());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aHostWithoutTheModulesThatWeNeedIsToldWhichAndRunsOn(Path jdk) throws Exception {
        List<String> options = List.of("--limit-modules=java.base,java.instrument", Host.agent(simulated(0)));
        try (Host host = Host.start(jdk, scratch, options, List.of())) {
            host.ask("await-start");
            assertThat(host.ask("threads")).isEmpty();
            assertThat(host.end()).isZero();
            assertThat(host.errors())
                    .singleElement()
                    .asString()
                    .startsWith("csv-backup-agent: the agent was not started: this JVM lacks a module")
                    .contains("--add-modules java.se");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void waitsForAHostsOwnLogManagerWithoutKeepingTheHost(Path jdk) throws Exception {
        List<String> options = List.of("-Djava.util.logging.manager=org.example.ComesLater", Host.agent(simulated(0)));
        try (Host host = Host.start(jdk, scratch, options, List.of())) {
            assertThat(host.ask("threads")).containsExactly("csv-backup-start");
            assertThat(host.end()).isZero();
            assertThat(host.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachSaysWhatAJavaWithoutJdkAttachLacks(Path jdk) throws Exception {
        List<String> modules = List.of("--limit-modules=java.se");
        assertThat(PackagedCommandLine.run(jdk, modules, List.of("attach", "1", "port=0")))
                .contains("csv-backup-agent: This Java has no module jdk.attach", "exit code 1");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachSaysWhatIsWrongWithAProcessId(Path jdk) throws Exception {
        assertThat(PackagedCommandLine.run(jdk, List.of(), List.of("attach", "none", "port=0")))
                .contains("csv-backup-agent: 'none' is not a process id")
                .contains("exit code 2");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachSaysThatThereIsNoSuchProcess(Path jdk) throws Exception {
        assertThat(PackagedCommandLine.run(jdk, List.of(), List.of("attach", "999999999", simulated(0))))
                .contains("csv-backup-agent: Cannot attach to process 999999999")
                .contains("exit code 1");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachesAndDetachesAsOftenAsAskedAndLeavesNothing(Path jdk) throws Exception {
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            List<String> before = host.ask("properties");
            for (int round = 0; round < 2; round++) {
                assertThat(agent(jdk, "attach", host, simulated(0)))
                        .containsPattern(
                                "the agent was started: csv-backup-agent \\S+ listening on http://127\\.0\\.0\\.1:[1-9]");
                assertThat(host.live(LOADER)).isEqualTo(1);
                assertThat(host.ask("mbeans")).containsExactlyInAnyOrder("CsvBackupState", "SimulatedCluster");
                assertThat(agent(jdk, "attach", host, simulated(0))).contains("already running", "exit code 0");
                assertThat(agent(jdk, "attach", host, simulated(0) + ",allow-force=true"))
                        .contains(
                                "is already running in this JVM with other options", "detach it first", "exit code 1");
                assertThat(agent(jdk, "detach", host)).contains("was stopped");
                assertThat(agent(jdk, "detach", host)).contains("no agent is running");
                assertThat(host.ask("threads")).as("our threads").isEmpty();
                assertThat(host.ask("mbeans")).as("our MBeans").isEmpty();
                assertThat(host.ask("properties")).isEqualTo(before);
                assertCollected(host);
            }
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void logFilesAreOnlyWhereToldAndClosedByADetach(Path jdk) throws Exception {
        Path logs = scratch.resolve("logs");
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            List<String> before = host.ask("properties");
            for (int round = 0; round < 2; round++) {
                assertThat(agent(jdk, "attach", host, simulated(0) + ",log-dir=" + logs + ",log-level=debug"))
                        .contains("the agent was started");
                assertThat(host.ask("threads")).contains("csv-backup-log");
                assertThat(agent(jdk, "detach", host)).contains("was stopped");
                assertThat(host.ask("threads")).as("our threads").isEmpty();
                assertThat(host.ask("properties")).isEqualTo(before);
                assertCollected(host);
            }
            List<String> file = Files.readAllLines(logs.resolve("agent.log"));
            assertThat(file)
                    .filteredOn(line -> line.contains(" INFO  The agent stopped; "))
                    .hasSize(2);
            assertThat(file)
                    .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ (INFO |DEBUG) .+"));
            assertThat(host.errors()).as("stderr has the same lines").containsAll(file);
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anAttachThatFailsTellsTheOneWhoAsked(Path jdk) throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            assertThat(agent(jdk, "attach", host, simulated(busy.getLocalPort())))
                    .contains("the agent was not started", "in use", "exit code 1");
            assertThat(host.errors()).singleElement().asString().contains("in use");
            assertCollected(host);
            assertThat(host.end()).isZero();
        }
    }

    private void refusesAndLetsTheHostRun(Path jdk, String options, String reason) throws Exception {
        try (Host host = hostWithAgent(jdk, options)) {
            host.ask("await-start");
            assertThat(host.ask("threads")).isEmpty();
            assertThat(host.end()).isZero();
            assertThat(host.errors())
                    .singleElement()
                    .asString()
                    .startsWith("csv-backup-agent: ")
                    .contains(reason);
        }
    }

    private Host hostWithAgent(Path jdk, String options) throws IOException {
        return Host.start(jdk, scratch, List.of(Host.agent(options)), List.of());
    }

    private String simulated(int port) {
        return "backend=simulated,port=" + port + ",state-dir=" + scratch.resolve("state");
    }

    /** Threads that ended calls and requests left behind end, too. */
    @ParameterizedTest
    @MethodSource("jdks")
    void afterRequestsItHasTheThreadsOfAnIdleAgent(Path jdk) throws Exception {
        try (Host host = hostWithAgent(jdk, simulated(0))) {
            host.ask("await-start");
            awaitIdle(host);
            URI url = URI.create(host.errors().stream()
                    .filter(line -> line.contains(" listening on "))
                    .map(line -> line.replaceFirst(".* listening on (\\S+) .*", "$1"))
                    .findFirst()
                    .orElseThrow());
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String path = i % 2 == 0 ? "metrics" : "jolokia/read/io.github.csvbackup:type=CsvBackupState/Version";
                answers.add(client.sendAsync(
                        HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(200);
            }
            awaitIdle(host);
            assertThat(host.end()).isZero();
        }
    }

    /** A poll has threads of its own for a moment. */
    private static void awaitIdle(Host host) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        List<String> threads = host.ask("threads");
        while (!(threads.size() == IDLE.size() && IDLE.containsAll(threads))) {
            assertThat(System.nanoTime() - end)
                    .as("after a minute: %s", threads)
                    .isNegative();
            threads = host.ask("threads");
        }
    }

    /** Each call is a full collection; some references need several. */
    private static void assertCollected(Host host) throws Exception {
        long live = 1;
        for (int look = 0; look < 20 && live > 0; look++) {
            live = host.live(LOADER);
        }
        assertThat(live).as("remaining loaders of the agent").isZero();
    }

    private String agent(Path jdk, String command, Host host, String... more) throws Exception {
        return PackagedCommandLine.run(
                jdk,
                List.of(),
                Stream.concat(Stream.of(command, Long.toString(host.pid())), Stream.of(more))
                        .toList());
    }
}
