package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.cluster.Backend;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
    private final TestedCli cli = new TestedCli();

    @Test
    void withoutACommandTheOptionsAreThoseOfTheAgent() throws Exception {
        RunCommand run = cli.parse("--backend=simulated", "--port", "0", "--state-dir=C:\\users\\\"x\"@y")
                .getCommand();

        Options options = run.options();
        assertThat(options.backend()).isEqualTo(Backend.SIMULATED);
        assertThat(options.port()).isZero();
        assertThat(options.stateDir()).isEqualTo(Path.of("C:\\users\\\"x\"@y").toAbsolutePath());
    }

    @Test
    void helpNamesEveryOptionAndCommandAndFitsTheConsole() {
        assertThat(cli.execute("--help")).isZero();

        for (Option option : Option.values()) {
            assertThat(cli.out()).contains("--" + option.key());
        }
        assertThat(cli.out()).contains("%ProgramData%\\csv-backup-agent").doesNotContain("\u001b");
        assertThat(cli.out().lines())
                .contains("  -javaagent:csv-backup-agent.jar=backend=simulated,port=0")
                .allMatch(line -> line.length() <= 80)
                .noneMatch(line -> line.matches(" {30,}.+"), "broken once more by picocli");
        assertThat(cli.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "probe", "audit", "user", "certificates", "attach", "detach", "help", "version"})
    void eachCommandHasItsHelp(String command) {
        assertThat(cli.execute("--help")).isZero();
        assertThat(cli.out()).containsPattern("(?m)^  " + command + " +[A-Z]");

        assertThat(cli.execute(command, "--help")).isZero();
        String help = cli.out();
        assertThat(help).startsWith("Usage: java -jar csv-backup-agent.jar " + command);
        assertThat(cli.execute("help", command)).isZero();
        assertThat(cli.out()).isEqualTo(help);
    }

    @Test
    void helpAndVersionAreWordsToo() {
        assertThat(cli.execute("--help")).isZero();
        String help = cli.out();
        assertThat(cli.execute("help")).isZero();
        assertThat(cli.out()).isEqualTo(help);

        assertThat(cli.execute("--version")).isZero();
        assertThat(cli.out()).startsWith("csv-backup-agent ").hasLineCount(1);
        String version = cli.out();
        assertThat(cli.execute("version")).isZero();
        assertThat(cli.out()).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "backend=windows | Unknown command 'backend=windows'; did you mean '--backend=windows'? Run: java -jar csv-backup-agent.jar --help",
                "-- demo         | 'demo' has no meaning after '--'; leave out the '--'. Run: java -jar csv-backup-agent.jar --help",
                "audit -- --verify | '--verify' has no meaning after '--'; leave out the '--'. Run: java -jar csv-backup-agent.jar audit --help",
                "deom            | Unknown command 'deom'; did you mean 'demo'? Run: java -jar csv-backup-agent.jar --help",
                "help deom       | Unknown command 'deom'; did you mean 'demo'? Run: java -jar csv-backup-agent.jar --help",
                "strat           | Unknown command 'strat'; expected one of demo, probe, peers, audit, user, certificates, service,"
                        + " attach, detach, help, version. Run: java -jar csv-backup-agent.jar --help",
                "--prot=1        | Unknown option '--prot'; did you mean '--port'? Run: java -jar csv-backup-agent.jar --help",
                "--hlep          | Unknown option '--hlep'; did you mean '--help'? Run: java -jar csv-backup-agent.jar --help",
                "demo --exti     | Unknown option '--exti' for command demo; did you mean '--exit'? Run: java -jar csv-backup-agent.jar demo --help",
                "demo x          | Unknown argument 'x' for command demo. Run: java -jar csv-backup-agent.jar demo --help",
                "--port          | Missing required parameter for option '--port' (NUMBER). Run: java -jar csv-backup-agent.jar --help",
                "--port=x --backend=simulated | port=x (command line) is not valid; expected a whole number from 0 to"
                        + " 65535. Run: java -jar csv-backup-agent.jar --help",
                "demo --port=65536 | --port=65536 is not valid; expected a whole number from 0 to 65535."
                        + " Run: java -jar csv-backup-agent.jar demo --help",
                "demo --pace=2m  | --pace=2m is not valid; expected a duration such as 500ms, 10s, 30m or 2h, from 0s"
                        + " to 1m. Run: java -jar csv-backup-agent.jar demo --help",
                "--port=1 --port=2 | Option '--port' is given twice; keep one of them. Run: java -jar csv-backup-agent.jar --help",
                "--port=1 demo   | Options before the command demo have no effect; write them after it. Run: java -jar csv-backup-agent.jar --help",
                "attach          | Missing required parameter: 'PID'. Run: java -jar csv-backup-agent.jar attach --help",
                "attach me       | 'me' is not a process id; expected a number, as jps or the Task Manager shows it."
                        + " Run: java -jar csv-backup-agent.jar attach --help",
                "attach 1 prot=2 | Unknown option 'prot' (agent arguments); did you mean 'port'? Run: java -jar csv-backup-agent.jar attach --help",
                "attach 1 --port=0 | Unknown argument '--port=0' for command attach; write the agent's options as one"
                        + " argument without '--', separated by commas, such as backend=simulated,port=0. Run: java -jar csv-backup-agent.jar attach --help",
                "attach 1 port=0 backend=simulated | Unknown argument 'backend=simulated' for command attach; write the agent's options as one"
                        + " argument without '--', separated by commas, such as backend=simulated,port=0. Run: java -jar csv-backup-agent.jar attach --help",
                "attach 1 port=0,--backend=simulated | '--backend' (agent arguments) begins with '--'; leave out the '--'."
                        + " Run: java -jar csv-backup-agent.jar attach --help",
                "detach x1       | 'x1' is not a process id; expected a number, as jps or the Task Manager shows it."
                        + " Run: java -jar csv-backup-agent.jar detach --help",
                "user ann        | Missing required parameter: 'ROLE'. Run: java -jar csv-backup-agent.jar user --help",
                "user ann admin  | Unknown role 'admin'; use reader or operator. Run: java -jar csv-backup-agent.jar user --help",
                "audit --verify --expect=12 | --expect=12 is not valid; expected the number of a line, a colon, and"
                        + " its hash of 64 lower-case hexadecimal digits. Run: java -jar csv-backup-agent.jar audit --help",
                "audit --expect=1:0000000000000000000000000000000000000000000000000000000000000000 | --expect has no"
                        + " effect without --verify; add --verify. Run: java -jar csv-backup-agent.jar audit --help",
            })
    void wrongArgumentsAreCodeTwoAndOneLine(String line, String message) {
        assertThat(cli.execute(line.split(" "))).isEqualTo(2);

        assertThat(cli.err()).isEqualTo("csv-backup-agent: " + message + "\n");
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void aMistypedVariableIsNamed() {
        TestedCli mistyped = new TestedCli(Map.of("CSV_BACKUP_PROT", "1"), new byte[0]);

        assertThat(mistyped.execute("--backend=simulated")).isEqualTo(2);
        assertThat(mistyped.err())
                .isEqualTo("csv-backup-agent: Unknown environment variable 'CSV_BACKUP_PROT'; did you mean"
                        + " 'CSV_BACKUP_PORT'? Run: java -jar csv-backup-agent.jar --help\n");
    }

    @Test
    void aFailureIsCodeOneAndItsMessage() {
        assertThat(cli.execute("audit", "--state-dir=/none")).isEqualTo(1);

        assertThat(cli.err())
                .isEqualTo("csv-backup-agent: The state directory /none does not exist. Choose another with"
                        + " --state-dir.\n");
    }
}
