package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.hostile.TlsDoor;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code service status} asks a packaged agent with both addresses. The service manager is played; it gives the command line. */
@DisabledOnOs(OS.WINDOWS)
@Tag("jdk-independent")
class ServiceStatusIT {
    @TempDir
    Path folder;

    private StubServiceSystem system;
    private TlsDoor door;
    private PackagedAgent agent;

    @BeforeEach
    void startTheAgent() throws Exception {
        system = new StubServiceSystem(folder);
        door = TlsDoor.in(folder);
        List<String> options = new ArrayList<>(door.options());
        options.add("--host=127.0.0.2");
        agent = PackagedAgent.start(folder, List.of(), options);
        agent.awaitPoll();
    }

    @AfterEach
    void stopTheAgent() {
        agent.close();
    }

    private String status() {
        return status(agent.state());
    }

    private String status(Path stateDir) {
        system.manager.put(
                AgentService.NAME,
                "\"java.exe\" -jar " + system.jar() + " service run --backend=simulated --host=127.0.0.2 --port="
                        + agent.url().getPort() + " --state-dir=" + stateDir + " "
                        + String.join(" ", door.options(agent.remoteUrl().getPort())),
                "LocalSystem",
                new ServiceState(ServiceState.RUNNING, 0, 0, 42));
        TestedCli cli = new TestedCli(system);
        assertThat(cli.execute("service", "status")).as(cli.err()).isZero();
        return cli.out();
    }

    @Test
    void printsTheSelfTestAndBothAddresses() {
        assertThat(status())
                .contains("Address for other machines: " + agent.remoteUrl() + "\n")
                .contains("The agent at " + agent.url() + " answers: ok", "Self test:")
                .contains("OK       http: listening on " + agent.url() + " and " + agent.remoteUrl())
                .containsPattern("(?m)^OK       .+: ");
    }

    @Test
    void withoutTheTokenOnlyTheSelfTestIsMissing() throws IOException {
        // Not by deleting the agent's own: it writes that again.
        Path other = Files.createDirectories(folder.resolve("other"));

        assertThat(status(other))
                .contains("The agent at " + agent.url() + " answers: ok")
                .contains("The self test is not asked for. The file with the agent's address, "
                        + other.resolve("operator.url") + ", does not exist.");
    }

    @Test
    void theTokenOfAnotherAgentIsNotSent() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        PrivateFile.write(other.resolve("operator.url"), "http://127.0.0.1:1/\n");
        PrivateFile.write(other.resolve("operator.token"), "secret\n");

        assertThat(status(other))
                .contains("The self test is not asked for. The operator's token is not sent to " + agent.url()
                        + ", because the agent with the state directory " + other + " listens at http://127.0.0.1:1/.");
    }
}
