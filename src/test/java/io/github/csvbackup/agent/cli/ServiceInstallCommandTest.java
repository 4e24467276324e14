package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceCommandLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What {@code service install} installs and changes. */
@DisabledOnOs(OS.WINDOWS)
class ServiceInstallCommandTest extends WithServiceInstall {
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

    /** The command line would override the file. */
    @Test
    void theOptionsFileMayDecideWhereTheLogGoes() throws IOException {
        Path config = PrivateFile.write(
                folder.resolve("agent.properties"), "log-dir=" + folder.resolve("elsewhere") + "\nevent-log=false\n");
        assertThat(install("--config=" + config)).as(cli.err()).isZero();
        assertThat(ServiceCommandLine.optionsIn(service().commandLine()))
                .contains("--config=" + config)
                .noneMatch(option -> option.startsWith("--log-dir=") || option.startsWith("--event-log="));

        PrivateFile.write(config, "event-log=false\n");
        assertThat(install("--config=" + config)).as(cli.err()).isZero();
        assertThat(ServiceCommandLine.optionsIn(service().commandLine()))
                .contains("--log-dir=" + state().resolve("logs"))
                .noneMatch(option -> option.startsWith("--event-log="));
    }

    /** A service starts in Windows' system folder. */
    @Test
    void relativePathsBecomeAbsolute() {
        install("--remote-host=127.0.0.1", "--remote-port=0", "--tls-keystore=a.pfx", "--users=users.txt");

        assertThat(ServiceCommandLine.optionsIn(service().commandLine()))
                .contains("--users=" + Path.of("users.txt").toAbsolutePath());
    }

    /** They do not reach the service. This machine does not have the address, which is for documentation. */
    @Test
    void variablesOfTheConsoleDecideNothing() {
        cli = new TestedCli(
                Map.of(
                        "ProgramData",
                        folder.toString(),
                        "CSV_BACKUP_STATE_DIR",
                        folder.resolve("of-the-console").toString(),
                        "CSV_BACKUP_HOST",
                        "192.0.2.1"),
                system);

        assertThat(cli.execute("service", "install", "--backend=simulated", "--port=0"))
                .as(cli.err())
                .isZero();

        assertThat(ServiceCommandLine.optionsIn(service().commandLine()))
                .contains("--state-dir=" + folder.resolve("csv-backup-agent"));
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

    /** services.msc writes a dot in place of the machine. */
    @Test
    void soDoesAnAccountOfThisMachine() {
        system.manager.put(AgentService.NAME, "\"java.exe\" -jar a.jar service run", ".\\backup", STOPPED);

        assertThat(install()).as(cli.err()).isZero();

        assertThat(service().account()).isEqualTo(".\\backup");
    }

    @Test
    void aManagedAccountGetsItsRight() {
        install("--account=DOMAIN\\agent$");

        assertThat(system.manager.granted).containsExactly("DOMAIN\\agent$");
        assertThat(cli.out()).contains("Account: DOMAIN\\agent$; it got the right to log on as a service");
    }

    /** Such as the directory of LocalSystem, where a managed account may have no access. */
    @Test
    void anExistingStateDirectoryThatDoesNotNameTheAccountIsNoted() throws IOException {
        install();
        assertThat(cli.out()).doesNotContain("Note:");
        system.rights = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public Optional<String> openToAccount(Path directory) {
                return Optional.of("grant " + directory);
            }
        };

        assertThat(install("--account=DOMAIN\\agent$")).as(cli.err()).isZero();

        assertThat(cli.out())
                .contains(
                        "Note: the permissions of the state directory do not name the account DOMAIN\\agent$. If it is"
                                + " not an administrator of this machine, the service does not start. Then run: grant "
                                + state());
    }

    @Test
    void namesWhatThisWindowsLacks() {
        system.manager.lacking = List.of("the delayed start");

        install();

        assertThat(cli.out())
                .contains("Note: this Windows does not have this setting of a service: the delayed start.");
    }
}
