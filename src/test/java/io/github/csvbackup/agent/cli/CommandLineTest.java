package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.security.Role;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Recorder commands = new Recorder();

    @Test
    void withoutACommandTheAgentRuns() {
        assertThat(execute("--backend=simulated", "--port", "0", "--state-dir=C:\\users\\\"x\"@y"))
                .isZero();

        assertThat(commands.options.get(0).backend()).isEqualTo(Backend.SIMULATED);
        assertThat(commands.options.get(0).port()).isZero();
        assertThat(commands.options.get(0).stateDir())
                .isEqualTo(Path.of("C:\\users\\\"x\"@y").toAbsolutePath());
        assertThat(out()).isEmpty();
        assertThat(err()).isEmpty();
    }

    @Test
    void demoTakesItsPaceAndWhetherToEnd() {
        assertThat(execute("demo", "--exit", "--pace=0s", "--port=9")).isZero();
        assertThat(execute("demo")).isZero();

        assertThat(commands.calls).containsExactly("demo 9 PT0S true", "demo 0 PT2S false");
    }

    @Test
    void probeTakesItsForm() {
        assertThat(execute("probe")).isZero();
        assertThat(execute("probe", "--json")).isZero();

        assertThat(commands.calls).containsExactly("probe false", "probe true");
    }

    @Test
    void auditTakesTheStateDirectoryOfTheAgent() {
        assertThat(execute("audit")).isZero();
        assertThat(execute("audit", "--verify", "--state-dir=/var/lib/x")).isZero();
        assertThat(execute("audit", "--verify", "--expect=12:" + "0a".repeat(32), "--state-dir=/var/lib/x"))
                .isZero();

        assertThat(commands.calls)
                .containsExactly(
                        "audit /home/ann/.local/state/csv-backup-agent",
                        "verify audit /var/lib/x null",
                        "verify audit /var/lib/x 12:" + "0a".repeat(32));
    }

    @Test
    void aLineToCompareTheAuditWithMustBeOneAndNeedsTheCheck() {
        assertThat(execute("audit", "--verify", "--expect=12")).isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        "csv-backup-agent: --expect=12 is not allowed; allowed is the number of a line, a colon and its"
                                + " hash, 64 hexadecimal digits in lower case. See --help.\n");
        assertThat(execute("audit", "--expect=12:" + "0a".repeat(32))).isEqualTo(2);
        assertThat(err()).endsWith("--expect compares while the audit is checked; add --verify. See --help.\n");
    }

    @Test
    void attachAndDetachPassTheirArgumentsOn() {
        assertThat(execute("attach", "123", "backend=simulated,state-dir=C:\\a b"))
                .isZero();
        assertThat(execute("attach", "123")).isZero();
        assertThat(execute("detach", "123")).isZero();

        assertThat(commands.calls)
                .containsExactly("attach 123 backend=simulated,state-dir=C:\\a b", "attach 123 ", "detach 123");
    }

    @Test
    void helpNamesEveryOptionAndCommand() {
        assertThat(execute("--help")).isZero();

        for (Option option : Option.values()) {
            assertThat(out()).contains("--" + option.key());
        }
        assertThat(out()).contains("demo", "attach", "detach").doesNotContain("\u001b");
        assertThat(err()).isEmpty();
    }

    @Test
    void aCommandHasItsOwnHelp() {
        assertThat(execute("demo", "--help")).isZero();

        assertThat(out()).contains("--exit", "--pace");
        assertThat(commands.calls).isEmpty();
    }

    @Test
    void versionIsOneLine() {
        assertThat(execute("--version")).isZero();

        assertThat(out()).startsWith("csv-backup-agent ").hasLineCount(1);
    }

    @Test
    void anUnknownOptionSuggestsTheNearest() {
        assertThat(execute("--backend=simulated", "--prot=1")).isEqualTo(2);

        assertThat(err())
                .isEqualToIgnoringNewLines(
                        "csv-backup-agent: Unknown option 'prot' (command line); did you mean 'port'? See --help.");
    }

    @Test
    void anOptionThatIsLikeNoneGetsTheListOfAll() {
        assertThat(execute("--bogus")).isEqualTo(2);

        assertThat(err())
                .startsWith("csv-backup-agent: Unknown option 'bogus' (command line); there are config, backend, host,")
                .hasLineCount(1);
    }

    @Test
    void aMissingProcessIdIsCalledThat() {
        assertThat(execute("attach")).isEqualTo(2);

        assertThat(err())
                .isEqualToIgnoringNewLines("csv-backup-agent: attach needs the process id of a running JVM, as jps or"
                        + " the Task Manager shows it. See --help.");
    }

    @Test
    void helpShowsTheAgentArgumentsInOnePiece() {
        assertThat(execute("--help")).isZero();

        assertThat(out().lines())
                .contains("  -javaagent:csv-backup-agent.jar=backend=simulated,port=0")
                .allMatch(line -> line.length() <= 80);
        assertThat(out()).contains("%ProgramData%\\csv-backup-agent");
    }

    @Test
    void aUserHasANameAndARole() {
        assertThat(execute("user", "prometheus", "reader")).isZero();
        assertThat(execute("user", "prometheus", "reader", "--password-file=/run/password"))
                .isZero();
        assertThat(commands.calls).containsExactly("user prometheus READER", "user prometheus READER /run/password");

        assertThat(execute("user", "ann", "boss")).isEqualTo(2);
        assertThat(err()).contains("'boss' is no role; a user is a reader or an operator.");
        assertThat(execute("user", "ann")).isEqualTo(2);
    }

    @Test
    void anUnknownCommandNamesTheCommands() {
        assertThat(execute("strat")).isEqualTo(2);

        assertThat(err())
                .isEqualToIgnoringNewLines(
                        "csv-backup-agent: Unknown command 'strat'; there are demo, probe, audit, user, attach and detach,"
                                + " and options begin with --. See --help.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port=x",
                "--port",
                "--backend=simulated --port=1 --port=2",
                "attach",
                "attach me",
                "attach 1 prot=2",
                "attach 1 port=1 port=2",
                "detach",
                "detach x1",
                "demo --pace=2m",
                "demo --pace=fast",
                "demo --port=65536",
                "demo --exti",
                "--port=1 demo"
            })
    void whatCannotBeMeantIsCodeTwoAndOneLine(String line) {
        assertThat(execute(line.split(" "))).isEqualTo(2);

        assertThat(err()).hasLineCount(1).startsWith("csv-backup-agent: ");
        assertThat(out()).isEmpty();
        assertThat(commands.calls).isEmpty();
    }

    @Test
    void whatFailsIsCodeOneAndItsSentence() {
        commands.failure = "The port 8778 is in use.";

        assertThat(execute("--backend=simulated")).isEqualTo(1);
        assertThat(err()).isEqualToIgnoringNewLines("csv-backup-agent: The port 8778 is in use.");
    }

    private int execute(String... arguments) {
        OptionsParser parser = new OptionsParser(Map.<String, String>of()::get, "Linux", Path.of("/home/ann"));
        return new CommandLine(parser, commands, print(out), print(err)).execute(arguments);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static final class Recorder implements Commands {
        final List<String> calls = new ArrayList<>();
        final List<Options> options = new ArrayList<>();
        String failure = "";

        @Override
        public int run(Options given) throws StartException {
            if (!failure.isEmpty()) {
                throw new StartException(failure);
            }
            calls.add("run");
            options.add(given);
            return 0;
        }

        @Override
        public int demo(int port, Duration pace, boolean exit) {
            calls.add("demo " + port + " " + pace + " " + exit);
            return 0;
        }

        @Override
        public int probe(boolean json) {
            calls.add("probe " + json);
            return 0;
        }

        @Override
        public int user(String name, Role role, @Nullable Path passwordFile) {
            calls.add("user " + name + " " + role + (passwordFile == null ? "" : " " + passwordFile));
            return 0;
        }

        @Override
        public int audit(Path stateDir) {
            calls.add("audit " + stateDir);
            return 0;
        }

        @Override
        public int verifyAudit(Path stateDir, @Nullable Mark expected) {
            calls.add("verify audit " + stateDir + " " + expected);
            return 0;
        }

        @Override
        public int attach(String pid, String arguments) {
            calls.add("attach " + pid + " " + arguments);
            return 0;
        }

        @Override
        public int detach(String pid) {
            calls.add("detach " + pid);
            return 0;
        }
    }
}
