package io.github.csvbackup.agent.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.Backend;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedOptionsTest {
    private static final String JOIN = "simulated-join=http://127.0.0.1:8778";
    private static final String NODE = ",node=NODE2,simulated-token-file=/holder/operator.token";

    @TempDir
    private Path home;

    private Options parse(String system, String arguments) throws UsageException {
        return new OptionsParser(Map.of(), system, home)
                .parse(OptionsParser.splitAgentArguments(arguments), "agent arguments");
    }

    @Test
    void anAgentCanBeANodeOfTheClusterOfAnother() throws Exception {
        Options options = parse("Linux", JOIN + NODE);

        assertThat(options.backend()).isEqualTo(Backend.SIMULATED);
        assertThat(options.simulatedJoin())
                .isEqualTo(new SimulatedJoin(
                        URI.create("http://127.0.0.1:8778/"), "NODE2", Path.of("/holder/operator.token")));
    }

    @Test
    void aloneItHoldsItsOwnClusterAndSeesAllNodes() throws Exception {
        Options options = parse("Linux", "backend=simulated");

        assertThat(options.simulatedJoin()).isNull();
        assertThat(options.simulatedRemoteAccess()).isTrue();
        assertThat(parse("Linux", "backend=simulated,simulated-remote-access=false")
                        .simulatedRemoteAccess())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:8778/", "http://[::1]:8778", "http://localhost:1", "http://127.1.2.3:80/"})
    void theOtherAgentIsOnThisMachine(String url) throws Exception {
        SimulatedJoin join = parse("Linux", "simulated-join=" + url + NODE).simulatedJoin();

        assertThat(join).isNotNull();
        assertThat(join.holder().toString()).isEqualTo(url.endsWith("/") ? url : url + "/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1:8778",
                "http://10.0.0.1:8778",
                "http://node1:8778",
                "http://127.0.0.1",
                "http://127.0.0.1:8778/jolokia",
                "http://user@127.0.0.1:8778",
                "127.0.0.1:8778"
            })
    void anotherAddressIsRefused(String url) {
        assertThatThrownBy(() -> parse("Linux", "simulated-join=" + url + NODE))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "simulated-join=" + url + " (agent arguments) is not valid; expected the address of an agent"
                                + " on this machine, such as http://127.0.0.1:8778.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            simulated-join=http://127.0.0.1:8778 | simulated-join=http://127.0.0.1:8778 (agent arguments) needs node=NAME.
            simulated-join=http://127.0.0.1:8778,node=NODE2 | simulated-join=http://127.0.0.1:8778 (agent arguments) needs simulated-token-file=FILE.
            backend=simulated,node=NODE2 | node=NODE2 (agent arguments) has no effect without simulated-join=http://127.0.0.1:PORT.
            backend=simulated,simulated-token-file=/t | simulated-token-file=/t (agent arguments) has no effect without simulated-join=http://127.0.0.1:PORT.
            simulated-join=http://127.0.0.1:8778,node=NODE2,simulated-token-file=/t,simulated-nodes=5 | simulated-nodes=5 (agent arguments) has no effect with simulated-join: the agent that holds the cluster decides it.
            simulated-join=http://127.0.0.1:8778,node=NODE2,simulated-token-file=/t,backend=windows | backend=windows (agent arguments) does not fit to simulated-join, which is for a simulated cluster; remove one of them.
            backend=simulated,simulated-remote-access=no | simulated-remote-access=no (agent arguments) is not valid; expected true or false.
            """)
    void optionsThatDoNotFitTogetherAreOneSentence(String arguments, String message) {
        assertThatThrownBy(() -> parse("Linux", arguments))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void onWindowsAJoinIsASimulationToo() throws Exception {
        assertThat(parse("Windows Server 2022", JOIN + NODE).backend()).isEqualTo(Backend.SIMULATED);
        assertThat(parse("Windows Server 2022", "").backend()).isEqualTo(Backend.WINDOWS);
    }
}
