package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.cluster.ClusterException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jdk-independent")
class DemoCommandTest {
    private final TestedCli cli = new TestedCli();

    @Test
    void playsTheStoryOnOneScreen() {
        assertThat(cli.execute("demo", "--exit", "--pace=0s")).isZero();

        assertThat(cli.out()).endsWith("Every step went as expected.\n");
        assertThat(cli.out().lines()).hasSizeLessThan(20).allMatch(line -> line.length() <= 100, "at most 100 columns");
    }

    @Test
    void showsRequestsIfAskedAndLeavesNoFolder() {
        assertThat(cli.execute("demo", "--exit", "--pace=0s", "--requests")).isZero();

        assertThat(cli.out())
                .startsWith("csv-backup-agent ")
                .contains("\n10  ", "\"outcome\": \"REFUSED\"", "\"outcome\": \"CLEARED\"", "HTTP 401")
                .endsWith("Every step went as expected.\n");
        Matcher token = Pattern.compile("cat '([^']+)'").matcher(cli.out());
        assertThat(token.find()).isTrue();
        assertThat(Path.of(token.group(1)).getParent().getParent()).doesNotExist();
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void saysThatThePortIsInUseAndLeavesNoFolder() throws Exception {
        long before = folders();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(cli.execute("demo", "--exit", "--pace=0s", "--port=" + busy.getLocalPort()))
                    .isEqualTo(1);
        }
        assertThat(cli.err()).hasLineCount(1).contains("is in use by another program");
        assertThat(cli.out()).isEmpty();
        assertThat(folders()).isEqualTo(before);
    }

    @Test
    void saysThatAnotherAgentHoldsThePort(@TempDir Path folder) throws Exception {
        String arguments = "backend=simulated,port=0,state-dir=" + folder.resolve("state");
        try (Agent first = Agent.start(
                new OptionsParser(Map.of(), "Linux", folder)
                        .parse(OptionsParser.splitAgentArguments(arguments), "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                })) {
            assertThat(cli.execute("demo", "--exit", "--port=" + first.url().getPort()))
                    .isEqualTo(1);
        }
        assertThat(cli.err())
                .hasLineCount(1)
                .contains(" is in use by another csv-backup-agent (version " + Version.text() + "). ");
    }

    @Test
    void withoutTheJarItCannotStartFurtherAgentsAndSaysSo() throws Exception {
        long before = folders();
        assertThat(cli.execute("demo", "--exit", "--pace=0s", "--nodes=3")).isEqualTo(1);

        assertThat(cli.err()).hasLineCount(1).contains("Several agents need the packaged agent: ", " is not a jar.");
        assertThat(folders()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "4", "many"})
    void thereAreOneOrThreeNodes(String nodes) {
        assertThat(cli.execute("demo", "--nodes=" + nodes)).isEqualTo(2);
        assertThat(cli.err()).contains("--nodes=" + nodes + " is not valid; expected 1 or 3.");
    }

    @Test
    void anAgentOfTheDemoEndsWithItsInput(@TempDir Path folder) {
        assertThat(cli.execute(
                        "demo-node", "--backend=simulated", "--port=0", "--state-dir=" + folder.resolve("state")))
                .isZero();
        assertThat(cli.out()).hasLineCount(1).contains("listening on http://127.0.0.1:");
        assertThat(cli.err()).isEmpty();
    }

    private static long folders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("csv-backup-demo-"))
                    .count();
        }
    }
}
