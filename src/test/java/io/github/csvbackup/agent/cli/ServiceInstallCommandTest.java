package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.JavaRuntimeTest;
import io.github.csvbackup.service.ServiceCommandLine;
import io.github.csvbackup.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class ServiceInstallCommandTest {
    private static final ServiceState STOPPED = new ServiceState(ServiceState.STOPPED, 0, 0, 0);
    private static final ServiceState RUNNING = new ServiceState(ServiceState.RUNNING, 0, 0, 42);

    @TempDir
    Path folder;

    private StubServiceSystem system;
    private TestedCli cli;

    @BeforeEach
    void start() throws IOException {
        system = new StubServiceSystem(folder);
        cli = new TestedCli(system);
    }

    private Path state() {
        return folder.resolve("my state");
    }

    /** With a free port, so that a busy one of the machine does not matter. */
    private int install(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("service", "install", "--backend=simulated", "--state-dir=" + state()));
        if (Stream.of(options).noneMatch(option -> option.startsWith("--port="))) {
            arguments.add("--port=0");
        }
        arguments.addAll(List.of(options));
        return cli.execute(arguments.toArray(String[]::new));
    }

    private InstalledService service() {
        return system.manager.service(AgentService.NAME);
    }

    /** One line, exit code 1, and no trace of an installation. */
    private void assertNothingDone(int exitCode, String message) throws IOException {
        assertThat(exitCode).as(cli.err()).isEqualTo(1);
        assertThat(cli.err().lines()).singleElement().asString().contains(message);
        assertThat(cli.out()).isEmpty();
        assertThat(service()).isNull();
        assertThat(state()).doesNotExist();
        assertThat(system.eventsRegistered).isFalse();
        try (Stream<Path> files = Files.list(folder.resolve("app"))) {
            assertThat(files).containsExactly(system.jar());
        }
    }

    @Test
    void installsTheServiceWithItsStateDirectory() {
        int exitCode = install("--poll-interval=30s");

        assertThat(exitCode).as(cli.err()).isZero();
        assertThat(service().commandLine())
                .isEqualTo("\"" + folder.resolve("jdk/bin/java.exe") + "\" -Xrs -Xmx128m -XX:+ExitOnOutOfMemoryError"
                        + " \"-XX:ErrorFile=" + state().resolve("jvm-crash.log") + "\" -jar " + system.jar()
                        + " service run --backend=simulated --port=0 \"--state-dir=" + state()
                        + "\" --poll-interval=30s \"--log-dir=" + state().resolve("logs") + "\" --event-log=true");
        assertThat(cli.out())
                .startsWith("The service CsvBackupAgent has been installed.")
                .contains("service start", "Account: LocalSystem", "State directory: " + state());
        assertThat(state()).isDirectory();
        assertThat(system.eventsRegistered).isTrue();
        assertThat(system.manager.requestedAccount).isNull();
    }

    @Test
    void withoutAnEventLogNothingIsInstalled() throws IOException {
        system.eventLogFails = true;

        assertNothingDone(install("--copy-java"), "the event log is closed");
    }

    @Test
    void theUserMayDoWithoutEvents() {
        install("--event-log=false", "--log-dir=" + folder.resolve("elsewhere"));

        assertThat(ServiceCommandLine.optionsIn(service().commandLine()))
                .contains("--event-log=false", "--log-dir=" + folder.resolve("elsewhere"));
    }

    /** A service starts in Windows' system folder. */
    @Test
    void relativePathsBecomeAbsolute() {
        install("--users=users.txt");

        assertThat(ServiceCommandLine.optionsIn(service().commandLine()))
                .contains("--users=" + Path.of("users.txt").toAbsolutePath());
    }

    @Test
    void aSecondInstallationReplacesTheOptions() {
        install("--poll-interval=30s");
        int exitCode = install("--stale-after=1h", "--java-option=-Xmx256m");

        assertThat(exitCode).as(cli.err()).isZero();
        assertThat(cli.out()).startsWith("The service CsvBackupAgent has been changed. Start it with: service start");
        assertThat(service().commandLine())
                .contains("--stale-after=1h", "-Xmx256m")
                .doesNotContain("--poll-interval", "-Xmx128m");
        assertThat(system.manager.calls).containsOnlyOnce("create").containsOnlyOnce("change");
    }

    @Test
    void aRunningServiceKeepsItsOptionsUntilItsRestart() {
        system.manager.put(AgentService.NAME, "\"java.exe\" -jar a.jar service run", "LocalSystem", RUNNING);

        install();

        assertThat(cli.out()).contains("It runs with its old options until you restart it");
    }

    @Test
    void anAccountOfServicesMscStays() {
        system.manager.put(AgentService.NAME, "\"java.exe\" -jar a.jar service run", "DOMAIN\\admin", STOPPED);

        install();

        assertThat(service().account()).isEqualTo("DOMAIN\\admin");
        assertThat(cli.out()).contains("Account: DOMAIN\\admin");
    }

    @Test
    void aManagedAccountGetsItsRight() {
        install("--account=DOMAIN\\agent$");

        assertThat(system.manager.granted).containsExactly("DOMAIN\\agent$");
        assertThat(cli.out()).contains("Account: DOMAIN\\agent$; it got the right to log on as a service");
    }

    @Test
    void anAccountWithAPasswordIsRefused() throws IOException {
        assertNothingDone(install("--account=DOMAIN\\admin"), "set an account with a password in services.msc");
    }

    @Test
    void anUnknownAccountIsRefused() throws IOException {
        assertNothingDone(install("--account=UNKNOWN\\agent$"), "there is no Windows account UNKNOWN\\agent$");
    }

    @Test
    void onlyAnAdministratorCanInstall() throws IOException {
        system.manager.fail("requireAdministrator", 5);

        assertNothingDone(install(), "Run this command as an administrator");
    }

    @Test
    void aJavaThatIsMissingIsReported() throws IOException {
        assertNothingDone(install("--java=" + folder.resolve("none")), "There is no Java in " + folder.resolve("none"));
    }

    @Test
    void aJavaFor32BitsOrTooOldIsReported() throws IOException {
        assertNothingDone(
                install("--java=" + JavaRuntimeTest.java(folder.resolve("x86"), "17.0.9", "32")), "is a 32-bit Java");
        assertNothingDone(
                install("--java=" + JavaRuntimeTest.java(folder.resolve("old"), "11.0.2", "64")), "is version 11.0.2");
    }

    @Test
    void wrongOptionsOfTheJvmAreReported() throws IOException {
        assertNothingDone(install("--java-option=-XX:Wrong"), "Unrecognized VM option 'Wrong'");
        assertThat(install("--java-option=Xmx1g")).isEqualTo(2);
        assertThat(cli.err()).contains("--java-option=Xmx1g is not valid");
    }

    @Test
    void anotherServiceOfThatNameIsLeftAlone() {
        system.manager.put(AgentService.NAME, "C:\\other.exe", "LocalSystem", STOPPED);

        assertThat(install()).isEqualTo(1);

        assertThat(cli.err().lines()).singleElement().asString().contains("it runs C:\\other.exe");
        assertThat(service().commandLine()).isEqualTo("C:\\other.exe");
        assertThat(state()).doesNotExist();
    }

    @Test
    void aStateDirectoryOfOthersIsRefused() throws IOException {
        Files.createDirectories(state());
        system.rights = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isWritableByOthers(Path path) {
                return path.equals(state());
            }
        };

        assertThat(install()).isEqualTo(1);

        assertThat(cli.err().lines())
                .singleElement()
                .asString()
                .contains("The state directory " + state() + " can be written to by others");
        assertThat(service()).isNull();
        try (Stream<Path> files = Files.list(state())) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aPortThatIsTakenIsReported() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertNothingDone(
                    install("--port=" + other.getLocalPort()),
                    "The service cannot listen on 127.0.0.1 port " + other.getLocalPort());
        }
    }

    /** It is the port of the service itself. */
    @Test
    void theServiceThatRunsMayHaveThePort() throws IOException {
        try (ServerSocket own = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            running("--port=" + own.getLocalPort());

            assertThat(install("--port=" + own.getLocalPort())).as(cli.err()).isZero();
        }
    }

    /** The service would not start again. */
    @ParameterizedTest
    @ValueSource(strings = {"--port=1", "--port=PORT --host=localhost", "--port=PORT --poll-interval=wrong"})
    void aNewAddressOfTheServiceThatRunsMustBeFree(String options) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            String before = running(options.replace("PORT", port));

            assertThat(install("--port=" + port)).isEqualTo(1);

            assertThat(cli.err()).contains("The service cannot listen on 127.0.0.1 port " + port);
            assertThat(service().commandLine()).isEqualTo(before);
        }
    }

    private String running(String options) {
        String commandLine = "\"java.exe\" -jar a.jar service run --backend=simulated --state-dir="
                + folder.resolve("old") + " " + options;
        system.manager.put(AgentService.NAME, commandLine, "LocalSystem", RUNNING);
        return commandLine;
    }

    @ParameterizedTest
    @ValueSource(strings = {"app/agent.jar", "app", "jdk/bin/java.exe", "jdk/bin"})
    void aProgramThatOthersCanChangeIsRefused(String program) throws IOException {
        system.rightsOfPrograms = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isWritableByOthers(Path path) {
                return path.equals(folder.resolve(program));
            }
        };

        assertNothingDone(install(), "can be changed by accounts that are not administrators");
    }

    @Test
    void aFolderThatOthersCanReplaceIsRefused() throws IOException {
        system.rightsOfPrograms = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isReplaceableByOthers(Path path) {
                return path.equals(folder);
            }
        };

        assertNothingDone(install(), "they can change " + folder);
    }

    /** Such as a folder of downloads. */
    @Test
    void aJarInAProfileIsRefused() throws IOException {
        system.profiles = folder.resolve("app");

        assertNothingDone(install(), "The jar " + system.jar() + " is in the profile of a user");
    }

    @Test
    void copiesTheJava() throws IOException {
        assertThat(install("--copy-java")).as(cli.err()).isZero();

        Path copy = folder.resolve("app/java-17.0.9");
        assertThat(copy.resolve("bin/java.exe")).exists();
        assertThat(service().commandLine()).startsWith("\"" + copy.resolve("bin/java.exe") + "\" -Xrs");
    }

    /** This command runs it with the rights of an administrator. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJavaThatOthersCanChangeIsNotRun(boolean copied) throws IOException {
        Path jdk = folder.resolve("unsafe");
        Path trace = folder.resolve("was-run");
        JavaRuntimeTest.java(jdk, "17.0.9", "64");
        Files.writeString(jdk.resolve("bin/java.exe"), "echo > '" + trace + "'\n", StandardOpenOption.APPEND);
        List<String> options = new ArrayList<>(List.of("--java=" + jdk));
        if (copied) {
            options.add("--copy-java");
        }
        system.rightsOfPrograms = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isWritableByOthers(Path path) {
                return path.equals(jdk.resolve("bin/java.exe"));
            }
        };

        assertNothingDone(
                install(options.toArray(String[]::new)), "can be changed by accounts that are not administrators");
        assertThat(trace).doesNotExist();

        system.rightsOfPrograms = null;
        assertThat(install(options.toArray(String[]::new))).as(cli.err()).isZero();
        assertThat(trace).exists();
    }

    /** Whoever undoes the installation restores the command line with that copy. */
    @Test
    void theCopyOfTheInstallationBeforeStaysUntilTheNext() throws IOException {
        Path first = folder.resolve("app/java-17.0.9");
        Path second = folder.resolve("app/java-21.0.1");
        Path newer = JavaRuntimeTest.java(folder.resolve("newer"), "21.0.1", "64");
        install("--copy-java");
        assertThat(service().state().isStopped()).isTrue();

        assertThat(install("--copy-java", "--java=" + newer)).as(cli.err()).isZero();
        assertThat(service().commandLine()).startsWith("\"" + second.resolve("bin/java.exe") + "\"");
        assertThat(first.resolve("bin/java.exe")).exists();

        assertThat(install("--java=" + newer)).as(cli.err()).isZero();
        assertThat(first).doesNotExist();
        assertThat(second.resolve("bin/java.exe")).exists();

        assertThat(install("--java=" + newer)).as(cli.err()).isZero();
        assertThat(second).doesNotExist();
    }

    @Test
    void aFailureDeletesTheCopyAndTheStateDirectory() throws IOException {
        system.manager.fail("create", 1073);

        assertNothingDone(install("--copy-java"), "create failed with Win32 error 1073");
    }

    @Test
    void aPercentSignIsRefused() throws IOException {
        assertNothingDone(install("--users=/data/%x%"), "percent sign");
    }

    @Test
    void wrongOptionsAreWrongUsage() throws IOException {
        assertThat(install("--poll-interval=1")).isEqualTo(2);
        assertThat(cli.err()).contains("poll-interval=1 (command line) is not valid");
        assertThat(install("--pol-interval=1s")).isEqualTo(2);
        assertThat(cli.err())
                .contains(
                        "Unknown option '--pol-interval' for command install; did you mean '--poll-interval'?",
                        "Run: java -jar csv-backup-agent.jar service install --help");
        assertThat(service()).isNull();
    }

    @Test
    void namesWhatThisWindowsLacks() {
        system.manager.lacking = List.of("the delayed start");

        install();

        assertThat(cli.out())
                .contains("Note: this Windows does not have this setting of a service: the delayed start.");
    }
}
