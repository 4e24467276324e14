package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.security.PasswordHash;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code service status} asks a packaged agent that serves HTTPS only. The service manager is played; it gives the command line. */
@DisabledOnOs(OS.WINDOWS)
class ServiceStatusIT {
    @TempDir
    Path folder;

    private StubServiceSystem system;
    private Path keystore;
    private Path password;
    private PackagedAgent agent;

    /** Its certificate does not name the address at which the command asks. */
    @BeforeEach
    void startTheAgent() throws Exception {
        system = new StubServiceSystem(folder);
        keystore = Certificate.make(folder.resolve("node1.p12"), "node1.example.com", "10.0.0.7");
        password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        Path users = PrivateFile.write(
                folder.resolve("users"), "bob reader " + PasswordHash.of("a long password".toCharArray()) + "\n");
        agent = PackagedAgent.start(
                folder,
                List.of(),
                List.of(
                        "--host=127.0.0.2",
                        "--tls-keystore=" + keystore,
                        "--tls-password-file=" + password,
                        "--users=" + users));
    }

    @AfterEach
    void stopTheAgent() {
        agent.close();
    }

    private String status(Path ofKeystore) {
        return status(ofKeystore, agent.state());
    }

    private String status(Path ofKeystore, Path stateDir) {
        system.manager.put(
                AgentService.NAME,
                "\"java.exe\" -jar " + system.jar() + " service run --backend=simulated --host=127.0.0.2 --port="
                        + agent.url().getPort() + " --state-dir=" + stateDir + " --tls-keystore=" + ofKeystore
                        + " --tls-password-file=" + password,
                "LocalSystem",
                new ServiceState(ServiceState.RUNNING, 0, 0, 42));
        TestedCli cli = new TestedCli(system);
        assertThat(cli.execute("service", "status")).as(cli.err()).isZero();
        return cli.out();
    }

    private String address() {
        return "The agent at https://127.0.0.2:" + agent.url().getPort() + "/ ";
    }

    @Test
    void printsTheSelfTestOverTls() {
        assertThat(agent.url().getScheme()).isEqualTo("https");

        assertThat(status(keystore))
                .contains(address() + "answers: ok", "Self test:")
                .containsPattern("(?m)^OK       .+: ");
    }

    /** Such as another program on that port. */
    @Test
    void anotherCertificateIsNotTrustedAlthoughItHasTheSameNames() throws Exception {
        Path other = Certificate.make(folder.resolve("other.p12"), "node1.example.com", "10.0.0.7");

        assertThat(status(other))
                .contains(
                        address() + "is not asked. It shows another certificate than the one in tls-keystore=" + other
                                + ": it is another program, or the agent has not taken over that file since it was changed (see its log).")
                .doesNotContain("answers", "Self test");
    }

    @Test
    void aCertificateThatCannotBeReadIsASentence() throws Exception {
        PrivateFile.write(password, "wrong");
        assertThat(status(keystore))
                .contains(
                        "The agent is not asked. The file tls-keystore=" + keystore + " cannot be read as PKCS #12: ",
                        "Check the password in tls-password-file.");

        Files.delete(password);
        assertThat(status(keystore))
                .contains("The agent is not asked. The file tls-password-file=" + password + " does not exist.");
    }

    @Test
    void withoutTheTokenOnlyTheSelfTestIsMissing() throws IOException {
        // Not by deleting the agent's own: it writes that again.
        Path other = Files.createDirectories(folder.resolve("other"));

        assertThat(status(keystore, other))
                .contains(address() + "answers: ok")
                .contains("The self test is not asked for. The token file " + other.resolve("operator.token")
                        + " does not exist.");
    }
}
