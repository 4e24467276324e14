package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.csvbackup.FreePort;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code service status}; ServiceStatusIT asks a packaged agent. */
@DisabledOnOs(OS.WINDOWS)
class ServiceStatusCommandTest extends WithInstalledService {
    private HttpServer agent(String answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] body = (exchange.getRequestURI().getPath().equals("/healthz")
                            ? "ok"
                            : "Bearer secret".equals(token) ? answer : "{\"error\":\"no token\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private String status(String answer, String... options) throws IOException {
        Files.createDirectories(state());
        PrivateFile.write(state().resolve("operator.token"), "secret\n");
        HttpServer server = agent(answer);
        int port = server.getAddress().getPort();
        PrivateFile.write(state().resolve("operator.url"), "http://127.0.0.1:" + port + "/\n");
        try {
            installed(RUNNING, options.length > 0 ? options : new String[] {"--port=" + port});
            assertThat(cli.execute("service", "status")).as(cli.err()).isZero();
            return cli.out();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void statusPrintsTheSelfTestOfTheAgent() throws IOException {
        assertThat(status("""
                {"status":200,"value":[{"check":"cluster","result":"OK","detail":"it answers","remedy":""},\
                {"check":"rights","result":"FAILED","detail":"no access","remedy":"Run as an administrator."}]}"""))
                .contains(
                        "The service CsvBackupAgent is RUNNING, process 42.",
                        "Account: LocalSystem",
                        "answers: ok",
                        "Self test:",
                        "OK       cluster: it answers",
                        "FAILED   rights: no access",
                        "         Run as an administrator.");
    }

    /** What Windows reports about a process that was killed, crashed or had no memory left. */
    @Test
    void statusSaysThatTheProcessEndedUnexpectedly() {
        installed(new ServiceState(ServiceState.STOPPED, 1067, 0, 0));

        assertThat(cli.execute("service", "status")).isEqualTo(3);

        assertThat(cli.out())
                .contains("The service CsvBackupAgent is STOPPED; its process ended unexpectedly (Win32 error 1067).");
    }

    @Test
    void anAgentWithoutASelfTestSaysSo() throws IOException {
        assertThat(status("{\"status\":404,\"error\":\"No operation selfTest\"}"))
                .contains("The agent has no self test: No operation selfTest");
    }

    @Test
    void anAgentThatDoesNotAnswerIsReported() throws IOException {
        int port = FreePort.next();
        installed(RUNNING, "--port=" + port);

        assertThat(cli.execute("service", "status")).isZero();

        assertThat(cli.out()).contains("The agent at http://127.0.0.1:" + port + "/ does not answer:");
    }

    @Test
    void statusIgnoresTheVariablesOfTheConsole() {
        installed(RUNNING, "--host=127.0.0.2");
        cli = new TestedCli(Map.of("CSV_BACKUP_PORT", "0"), system);

        assertThat(cli.execute("service", "status")).as(cli.err()).isZero();

        assertThat(cli.out()).contains("The agent at http://127.0.0.2:8778/ ");
    }

    @Test
    void statusNamesTheAddressForOtherMachines() {
        installed(RUNNING, "--host=off", "--remote-host=::", "--tls-keystore=a.pfx", "--users=users");

        assertThat(cli.execute("service", "status")).isZero();

        assertThat(cli.out())
                .contains("Address for other machines: https://[::]:8779/\n")
                .contains("The agent is not asked: it does not listen for this machine (host=off). Ask it from another"
                        + " machine: Get-CsvBackupAgent -Uri ADDRESS -Credential USER.");
    }

    @Test
    void anUnknownPortIsNotAsked() {
        installed(RUNNING, "--port=0");

        assertThat(cli.execute("service", "status")).isZero();

        assertThat(cli.out())
                .contains("The agent is not asked, because its port is not known. The file with the agent's address, "
                        + state().resolve("operator.url") + ", does not exist.");
    }

    @Test
    void anAgentThatChoseItsPortIsAskedWhereItSaysThatItListens() throws IOException {
        assertThat(status("{\"status\":200,\"value\":[]}", "--port=0")).contains("answers: ok", "Self test:");
    }
}
