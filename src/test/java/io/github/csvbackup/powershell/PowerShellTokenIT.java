package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.csvbackup.agent.PackagedAgent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** To whom the module sends the operator's token, while another program listens on the port that the module asks. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellTokenIT {
    /** Each command of the module, and the id of its error. */
    private static final String EVERY_COMMAND = """
            foreach ($command in { Get-CsvBackupState @there }, { Test-CsvBackupState Volume1 @there }, { Get-CsvBackupAudit @there },
                { Clear-CsvBackupState Volume1 @there -Confirm:$false }, { Get-CsvShadowCopy Volume1 @there }, { Get-CsvBackupAgent @there }) {
                try { & $command } catch { $_.FullyQualifiedErrorId -replace ',.*' }
            }
            """;

    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static PowerShell pwsh;
    private static Path data;
    private static HttpServer squatter;

    /** The header Authorization of each request to the squatter. */
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        agent = PackagedAgent.withShortTimes(folder.resolve("agent"));
        pwsh = PowerShell.with(folder, agent);
        data = Files.createDirectories(folder.resolve("data"));
        // As if it used the default state directory.
        Path state = Files.createDirectories(data.resolve("csv-backup-agent"));
        for (String file : List.of("operator.token", "operator.url")) {
            Files.copy(agent.state().resolve(file), state.resolve(file));
        }
        squatter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        squatter.createContext("/", exchange -> {
            SEEN.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] lure = "Send the token.".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"csv-backup-agent\"");
            exchange.sendResponseHeaders(401, lure.length);
            exchange.getResponseBody().write(lure);
            exchange.close();
        });
        squatter.start();
    }

    @AfterAll
    static void stop() {
        squatter.stop(0);
        agent.close();
    }

    /** The commands of a person who has the right to read the token in the default state directory. */
    private static String asOperator(String script) throws Exception {
        return pwsh.run("$PSDefaultParameterValues.Clear()\n$env:ProgramData = '" + data + "'\n" + script);
    }

    private static String port(String script) {
        return script.replace("PORT", Integer.toString(squatter.getAddress().getPort()));
    }

    @Test
    void anotherProgramGetsNoTokenThatTheModuleFindsByItself() throws Exception {
        SEEN.clear();

        String said =
                asOperator(port("$there = @{ Connection = New-CsvBackupConnection -Port PORT; ErrorAction = 'Stop' }\n"
                        + EVERY_COMMAND + "try { Get-CsvBackupState @there } catch { $_.Exception.Message }"));

        assertThat(SEEN).hasSizeGreaterThanOrEqualTo(6).containsOnly("null");
        assertThat(said)
                .startsWith("CsvBackupState.OtherAddress\n".repeat(6))
                .contains(port(
                                "The operator's token was not sent to http://127.0.0.1:PORT/jolokia/: its agent listens at ")
                        + agent.url() + ". Use that address");
    }

    @Test
    void anotherProgramGetsNoTokenThatTheUserNames() throws Exception {
        SEEN.clear();

        assertThat(asOperator(port(
                        "$there = @{ Connection = New-CsvBackupConnection -Port PORT -TokenPath $TokenPath; ErrorAction = 'Stop' }\n"
                                + EVERY_COMMAND)))
                .isEqualToIgnoringNewLines("CsvBackupState.OtherAddress\n".repeat(6));
        assertThat(SEEN).isEmpty();
    }

    @Test
    void theAgentItselfGetsIt() throws Exception {
        assertThat(asOperator("""
                        $agent = @{ Connection = New-CsvBackupConnection -Uri $Url }
                        (Clear-CsvBackupState Volume1 @agent -Confirm:$false).Outcome
                        $agent = @{ Connection = New-CsvBackupConnection -Uri $Url.Replace('127.0.0.1', 'localhost') }
                        (Clear-CsvBackupState Volume1 @agent -Confirm:$false).Outcome
                        (New-CsvBackupConnection -Uri $Url -Test).Role
                        """)).isEqualToIgnoringNewLines("NOTHING_TO_CLEAR\nNOTHING_TO_CLEAR\noperator");
    }

    /** Who needs no token reads from any agent. */
    @Test
    void anotherAgentIsReadWithoutIt() throws Exception {
        try (PackagedAgent other = PackagedAgent.withShortTimes(folder.resolve("other"))) {
            assertThat(asOperator("$there = @{ Connection = New-CsvBackupConnection -Uri '" + other.url()
                            + "' -Test; ErrorAction = 'Stop' }\n"
                            + "$there.Connection.Role\n@(Get-CsvBackupState @there).Count\n"
                            + "(Test-CsvBackupState Volume1 @there).Verdict\n"
                            + "try { Get-CsvBackupAudit @there } catch { $_.FullyQualifiedErrorId }"))
                    .isEqualToIgnoringNewLines("anonymous\n3\nIDLE\nCsvBackupState.OtherAddress,Get-CsvBackupAudit");
        }
    }
}
