package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.files.PrivateFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** To whom the command {@code peers} sends the operator's token. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(OS.WINDOWS)
class TokenAddressTest {
    @TempDir
    Path folder;

    private final TestedCli cli = new TestedCli();
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        String options = "backend=simulated,port=0,state-dir=" + folder.resolve("state");
        agent = Agent.start(
                new OptionsParser(Map.of(), "Linux", folder).parse(OptionsParser.splitAgentArguments(options), "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                });
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private int peers(String... more) {
        List<String> arguments = new ArrayList<>(List.of("peers", "--state-dir=" + folder.resolve("state")));
        arguments.addAll(List.of(more));
        return cli.execute(arguments.toArray(String[]::new));
    }

    private Path urlFile() {
        return folder.resolve("state").resolve("operator.url");
    }

    @Test
    void withoutOptionsItGoesToTheAgentWhereverThatListens() {
        assertThat(peers()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("This agent asks no agents of other nodes");
    }

    /** It would be an operator's token of an agent that runs, for anybody who can listen on a port of this machine. */
    @Test
    void anotherProgramDoesNotGetTheToken() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer squatter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        squatter.createContext("/", exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().get("Authorization"));
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        squatter.start();
        try {
            int port = squatter.getAddress().getPort();
            Path config = PrivateFile.write(folder.resolve("other.properties"), "port=" + port + "\n");
            String refusal = "csv-backup-agent: The operator's token is not sent to http://127.0.0.1:" + port
                    + "/, because the agent with the state directory " + folder.resolve("state") + " listens at "
                    + agent.url() + "." + System.lineSeparator();

            assertThat(peers("--port=" + port)).isEqualTo(1);
            assertThat(cli.err()).isEqualTo(refusal);
            assertThat(peers("--config=" + config)).isEqualTo(1);
            assertThat(cli.err()).endsWith(refusal);
            assertThat(peers("--host=127.0.0.2", "--port=" + agent.url().getPort()))
                    .isEqualTo(1);
            assertThat(cli.err()).contains("is not sent to http://127.0.0.2:");
            assertThat(seen).isEmpty();
        } finally {
            squatter.stop(0);
        }
    }

    @Test
    void optionsThatLeadToTheAgentAreFine() throws Exception {
        assertThat(peers("--port=" + agent.url().getPort())).as(cli.err()).isZero();
        assertThat(peers("--port=0", "--host=localhost")).as(cli.err()).isZero();
    }

    @Test
    void anAddressThatOthersCouldHaveWrittenIsNotUsed() throws Exception {
        Files.setPosixFilePermissions(urlFile(), PosixFilePermissions.fromString("rw--w--w-"));

        assertThat(peers()).isEqualTo(1);
        assertThat(cli.err()).contains(urlFile() + ", can be changed by others.");

        Files.setPosixFilePermissions(urlFile(), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(urlFile(), "https://node1.example.com/");
        assertThat(peers()).isEqualTo(1);
        assertThat(cli.err()).contains(urlFile() + ", contains none.");
    }
}
