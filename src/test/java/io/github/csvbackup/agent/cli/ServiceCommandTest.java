package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceReport;
import io.github.csvbackup.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class ServiceCommandTest extends WithInstalledService {
    private static final ServiceState STOPPED = new ServiceState(ServiceState.STOPPED, 1066, 1, 0);

    private int runService(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("service", "run", "--backend=simulated", "--state-dir=" + state()));
        arguments.addAll(List.of(options));
        return cli.execute(arguments.toArray(String[]::new));
    }

    private ServiceReport lastReport() {
        return system.reports.get(system.reports.size() - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"install --backend=simulated", "uninstall", "start", "stop", "status", "run"})
    void isForWindows(String command) {
        TestedCli here = new TestedCli();

        assertThat(here.execute(("service " + command).split(" ", -1))).isEqualTo(1);

        assertThat(here.err())
                .isEqualTo("csv-backup-agent: The command service is for Windows; this system is "
                        + System.getProperty("os.name") + ". Run the agent here with an init system, such as systemd."
                        + System.lineSeparator());
        assertThat(here.out()).isEmpty();
    }

    @Test
    void helpNamesTheCommandsAndNotTheOneOfTheServiceManager() {
        assertThat(cli.execute("service", "--help")).isZero();

        assertThat(cli.out())
                .contains("install", "uninstall", "start", "stop", "status")
                .doesNotContain("  run ");
    }

    @Test
    void helpOfInstallListsItsOptionsAndThoseOfTheAgent() {
        assertThat(cli.execute("service", "install", "--help")).isZero();

        assertThat(cli.out())
                .contains("--copy-java", "--account=ACCOUNT", "--java-option=OPTION", "--poll-interval=TIME");
    }

    @Test
    void aWrongCommandIsReported() {
        assertThat(cli.execute("service", "strat")).isEqualTo(2);
        assertThat(cli.err()).contains("Unknown command 'strat'; did you mean 'start'?");
        assertThat(cli.execute("service")).isEqualTo(2);
        assertThat(cli.err()).contains("Choose what to do: service install, uninstall, start, stop or status.");
    }

    @Test
    void startsAndStops() {
        installed(STOPPED);

        assertThat(cli.execute("service", "start")).as(cli.err()).isZero();
        assertThat(cli.out()).isEqualTo("The service is running, process 42." + System.lineSeparator());
        assertThat(cli.execute("service", "start")).isZero();
        assertThat(cli.out()).contains("already running");
        assertThat(cli.execute("service", "stop")).as(cli.err()).isZero();
        assertThat(cli.out()).contains("has stopped");
        assertThat(cli.execute("service", "stop")).isZero();
        assertThat(cli.out()).contains("already stopped");
    }

    @Test
    void withoutAServiceEachCommandSaysSo() {
        for (String command : List.of("start", "stop")) {
            assertThat(cli.execute("service", command)).isEqualTo(1);
            assertThat(cli.err()).contains("The service CsvBackupAgent is not installed.");
        }
        assertThat(cli.execute("service", "uninstall")).isZero();
        assertThat(cli.out()).contains("not installed");
        assertThat(cli.execute("service", "status")).isEqualTo(4);
        assertThat(cli.out()).contains("not installed");
    }

    @Test
    void uninstallLeavesTheStateDirectoryAndNothingElse() throws IOException {
        Files.createDirectories(state());
        Files.writeString(state().resolve("audit.jsonl"), "audit");
        Path copy = Files.createDirectories(folder.resolve("app/java-17"));
        Files.writeString(copy.resolve("copied-by-csv-backup-agent.txt"), "");
        installed(RUNNING);
        system.eventsRegistered = true;

        assertThat(cli.execute("service", "uninstall")).as(cli.err()).isZero();

        assertThat(cli.out()).contains("has been removed. Its state directory stays: " + state());
        assertThat(system.eventsRegistered).isFalse();
        assertThat(system.manager.service(AgentService.NAME)).isNull();
        assertThat(system.manager.calls).containsSubsequence("stop", "delete");
        assertThat(copy).doesNotExist();
        assertThat(state().resolve("audit.jsonl")).exists();
    }

    @Test
    void uninstallSaysThatTheSourceOfTheEventsStays() {
        installed(STOPPED);
        system.eventLogFails = true;

        assertThat(cli.execute("service", "uninstall")).as(cli.err()).isZero();

        assertThat(cli.out())
                .contains("The source of its events in the Windows event log stays: the event log is closed")
                .contains("has been removed.");
    }

    @Test
    void theServiceRunsTheAgentAndPrintsNothing() throws Exception {
        boolean[] token = {false};
        system.whileRunning = () -> token[0] = Files.exists(state().resolve("operator.token"));

        assertThat(runService("--port=0")).isZero();

        assertThat(token[0]).as("the agent ran").isTrue();
        assertThat(state().resolve("operator.token")).as("it was closed").doesNotExist();
        assertThat(lastReport()).isEqualTo(new ServiceReport(1, 0, 0, 0, 0, Duration.ZERO));
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--poll-interval=1", "--no-such-option=1", "stray"})
    void wrongOptionsAreAFailedStartThatTheCommandStartExplains(String option) {
        assertThat(runService("--port=0", option)).isEqualTo(2);
        assertThat(lastReport().exitCode()).isEqualTo(1066);
        assertThat(lastReport().specificCode()).isEqualTo(2);

        installed(STOPPED);
        assertThat(cli.execute("service", "status")).isEqualTo(3);
        assertThat(cli.out())
                .contains(
                        "it ended with its code 1",
                        "The last start failed: ",
                        option.replaceFirst("^--([a-z-]+)=.*", "$1"));
    }

    @Test
    void aPortThatIsTakenIsAFailedStart() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(runService("--port=" + other.getLocalPort())).isEqualTo(1);
        }

        assertThat(lastReport().specificCode()).isEqualTo(1);
        assertThat(Files.readString(state().resolve("service-failure.txt"))).contains("port");
    }

    @Test
    void aStartThatSucceedsForgetsTheFailure() {
        runService("--port=1x");
        assertThat(state().resolve("service-failure.txt")).exists();

        runService("--port=0");

        assertThat(state().resolve("service-failure.txt")).doesNotExist();
    }

    @Test
    void startPrintsWhyTheServiceFailed() {
        installed(STOPPED);
        system.manager.afterStart = List.of(STOPPED);
        TestedCli process = new TestedCli(system);
        system.manager.onStart =
                () -> process.execute("service", "run", "--backend=simulated", "--state-dir=" + state(), "--port=1x");

        assertThat(cli.execute("service", "start")).isEqualTo(1);

        assertThat(cli.err())
                .startsWith(
                        "csv-backup-agent: The service did not start: port=1x (the service's command line) is not valid;");
        assertThat(cli.err().lines()).hasSize(1);
    }

    /** That of an earlier start would be misleading. */
    @Test
    void startForgetsAnEarlierFailure() {
        runService("--port=1x");
        installed(STOPPED);
        system.manager.afterStart = List.of(STOPPED);

        assertThat(cli.execute("service", "start")).isEqualTo(1);

        assertThat(cli.err()).contains("The service did not start: it ended with its code 1.");
    }

    @Test
    void aServiceThatEndsWithoutAnErrorDidNotStart() {
        installed(STOPPED);
        system.manager.afterStart = List.of(new ServiceState(ServiceState.STOPPED, 0, 0, 0));

        assertThat(cli.execute("service", "start")).isEqualTo(1);

        assertThat(cli.err()).contains("The service did not start: it stopped again, without an error.");
    }

    /** Others could have put a link there. */
    @Test
    void aFailureIsNotWrittenIntoADirectoryOfOthers() throws IOException {
        Files.createDirectories(state());
        Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(runService("--port=0")).isEqualTo(1);

        try (var files = Files.list(state())) {
            assertThat(files).isEmpty();
        }
    }
}
