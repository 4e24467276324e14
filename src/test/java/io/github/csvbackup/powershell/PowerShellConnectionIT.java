package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.security.PasswordHash;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The module's connections to agents, and its errors for unexpected answers. Remoting runs with a stand-in for Invoke-Command. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellConnectionIT {
    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static PowerShell pwsh;

    @BeforeAll
    static void start() throws Exception {
        agent = PackagedAgent.withShortTimes(folder.resolve("agent"));
        pwsh = PowerShell.with(folder, agent);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    /** Prints the id, the category and the text of the error of a command. */
    private static String failure(String command) {
        return "try { " + command
                + " -ErrorAction Stop } catch { $_.FullyQualifiedErrorId, $_.CategoryInfo.Category -join ' '; \"$($_.Exception.Message)\" }\n";
    }

    @Test
    void anAgentThatIsNotThereOrIsNoneSaysSo() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/page/", exchange -> {
            byte[] page = "<html>hello</html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.createContext("/jolokia/", exchange -> {
            byte[] answer = "{\"status\":404,\"error\":\"javax.management.InstanceNotFoundException : gone\"}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        other.start();
        String base = "http://127.0.0.1:" + other.getAddress().getPort() + "/";
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String said = pwsh.run("$PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous\n"
                    + failure("Get-CsvBackupState -Uri http://127.0.0.1:1/")
                    + failure("Get-CsvBackupState -Uri " + base + "page/")
                    + failure("Get-CsvBackupState -Uri " + base)
                    + failure("Get-CsvBackupState -Uri " + base + "nothing/")
                    + failure(
                            "Get-CsvBackupState -Connection (New-CsvBackupConnection -RequestTimeoutSeconds 1 -Uri http://127.0.0.1:"
                                    + silent.getLocalPort() + "/)")
                    + failure("Get-CsvBackupState -Uri ftp://node1/"));

            assertThat(said.lines().filter(line -> line.startsWith("CsvBackupState.")))
                    .containsExactly(
                            "CsvBackupState.Unreachable,Get-CsvBackupState ConnectionError",
                            "CsvBackupState.NotAnAgent,Get-CsvBackupState InvalidData",
                            "CsvBackupState.NotAnAgent,Get-CsvBackupState ObjectNotFound",
                            "CsvBackupState.NotAnAgent,Get-CsvBackupState ObjectNotFound",
                            "CsvBackupState.TimedOut,Get-CsvBackupState OperationTimeout",
                            "CsvBackupState.Connection.Address,Get-CsvBackupState InvalidArgument");
            assertThat(said)
                    .containsPattern(
                            "cannot be reached: [^.]+\\. Check that the agent is running there and listens on that port\\.")
                    .contains(
                            "is not a CSV backup agent. Check the address and the port (the default ports of an agent are 8778 for its own machine, and 8779 for others).")
                    .contains("is a Jolokia server without a CSV backup agent.")
                    .contains("did not answer within 1 s. It may still be working")
                    .contains("'ftp://node1/' is not a valid address of an agent; expected for example https://");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void whatTheServerRefusesIsToldWithItsOwnWords() throws Exception {
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (int status : new int[] {403, 503}) {
            refusing.createContext("/" + status + "/", exchange -> {
                byte[] why = "The reason is given here.".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
                exchange.sendResponseHeaders(status, why.length);
                exchange.getResponseBody().write(why);
                exchange.close();
            });
        }
        refusing.start();
        String base = "http://127.0.0.1:" + refusing.getAddress().getPort() + "/";
        try {
            assertThat(pwsh.run(failure("Get-CsvBackupState -Uri " + base + "403/")
                            + failure("Get-CsvBackupState -Uri " + base + "503/")))
                    .contains("CsvBackupState.Forbidden,Get-CsvBackupState PermissionDenied")
                    .contains("does not allow this: The reason is given here.")
                    .contains("CsvBackupState.Unavailable,Get-CsvBackupState ResourceUnavailable")
                    .contains("is not ready: The reason is given here.");
        } finally {
            refusing.stop(0);
        }
    }

    @Test
    void withoutTheTokenReadingWorksAndClearingSaysHowToGetTheRight() throws Exception {
        assertThat(pwsh.run("$PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous\n"
                        + "$env:ProgramData = '" + folder.resolve("nothing") + "'\n"
                        + "@(Get-CsvBackupState).Count\n"
                        + failure("Clear-CsvBackupState Volume1 -Confirm:$false")
                        + "(Test-CsvBackupState Volume1).Verdict\n"
                        + failure("Get-CsvShadowCopy Volume1")
                        + failure("Get-CsvBackupAudit")))
                .startsWith("3\nCsvBackupState.Unauthorized,Clear-CsvBackupState AuthenticationError")
                .contains("requires credentials: clearAll needs the operator's token")
                .contains("\nIDLE\nCsvBackupState.Unauthorized,Get-CsvShadowCopy AuthenticationError")
                .contains("requires credentials: shadowCopies needs the operator's token.")
                .contains("Run this as administrator of the node, where the token is found automatically")
                .contains("CsvBackupState.Unauthorized,Get-CsvBackupAudit AuthenticationError");
    }

    @Test
    void theTokenInTheDefaultPlaceIsReadByItself() throws Exception {
        Path data = folder.resolve("ProgramData");
        Files.createDirectories(data.resolve("csv-backup-agent"));
        Files.copy(agent.token(), data.resolve("csv-backup-agent").resolve("operator.token"));

        assertThat(pwsh.run("$PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous\n"
                        + "$env:ProgramData = '" + data + "'\n"
                        + "(Clear-CsvBackupState Volume1 -Confirm:$false).Outcome\n"
                        + "@(Get-CsvShadowCopy Volume1 6>$null).Count"))
                .isEqualTo("NOTHING_TO_CLEAR\n0");
    }

    /** For example if one agent uses the default state directory and another agent does not. */
    @Test
    void theTokenOfAnotherAgentIsInNobodysWayWhoNeedsNone() throws Exception {
        Path data = folder.resolve("OtherData");
        Files.createDirectories(data.resolve("csv-backup-agent"));
        Files.writeString(data.resolve("csv-backup-agent").resolve("operator.token"), "another agent's");

        assertThat(pwsh.run("$PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous\n"
                        + "$env:ProgramData = '" + data + "'\n"
                        + "@(Get-CsvBackupState).Count\n"
                        + "(Test-CsvBackupState Volume1).Verdict\n"
                        + failure("Get-CsvShadowCopy Volume1")))
                .startsWith("3\nIDLE\nCsvBackupState.Unauthorized,Get-CsvShadowCopy AuthenticationError\n")
                .contains(
                        "requires credentials: The token is wrong. The operator's token is in the file operator.token");
    }

    @Test
    void whereNothingIsReadWithoutCredentialsTheTokenGoesAlong() throws Exception {
        try (PackagedAgent closed = PackagedAgent.withShortTimes(folder.resolve("closed"), "--anonymous=health")) {
            Path data = folder.resolve("ClosedData");
            Files.createDirectories(data.resolve("csv-backup-agent"));
            Files.copy(closed.token(), data.resolve("csv-backup-agent").resolve("operator.token"));

            assertThat(pwsh.run("$PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous\n"
                            + "$PSDefaultParameterValues['*-Csv*:Connection'] = New-CsvBackupConnection -Uri '"
                            + closed.url() + "'\n"
                            + "$env:ProgramData = '" + data + "'\n"
                            + "@(Get-CsvBackupState).Count\n"
                            + "(Test-CsvBackupState Volume1).Verdict\n"
                            + "$env:ProgramData = '" + folder.resolve("nothing") + "'\n"
                            + failure("Get-CsvBackupState")))
                    .startsWith("3\nIDLE\nCsvBackupState.Unauthorized,Get-CsvBackupState AuthenticationError\n")
                    .contains(
                            "requires credentials: Without credentials this agent answers /healthz only (anonymous=health).")
                    .contains("or specify its file with New-CsvBackupConnection -TokenPath.");
        }
    }

    @Test
    void secretsAreNotSentInTheClear() throws Exception {
        String said = pwsh.run("""
                $ann = [pscredential]::new('ann', (ConvertTo-SecureString -String 'a long password' -AsPlainText -Force))
                $PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous
                """
                + failure("Get-CsvBackupState -Uri http://node1.example.com:8778/ -Credential $ann")
                + failure("Get-CsvBackupState -Uri $Url -Credential $ann")
                + failure("New-CsvBackupConnection -Uri http://node1.example.com:8778/ -TokenPath " + agent.token())
                + failure("New-CsvBackupConnection -Uri https://127.0.0.1:8779/ -TokenPath " + agent.token())
                + failure("Get-CsvBackupState -Uri http://127.0.0.1:1/ -ComputerName NODE1"));

        assertThat(said)
                .contains("CsvBackupState.Connection.NotEncrypted,Get-CsvBackupState SecurityError")
                .contains("CsvBackupState.Connection.NotLocal,New-CsvBackupConnection SecurityError")
                .contains("The password was not sent because '" + agent.url() + "' is not encrypted.")
                .contains("The password was not sent because 'http://node1.example.com:8778/' is not encrypted.")
                .contains(
                        "The token was not sent to 'http://node1.example.com:8778/': it is valid only on the node itself")
                .contains("The token was not sent to 'https://127.0.0.1:8779/': ")
                .contains("CsvBackupState.Connection.Ambiguous,Get-CsvBackupState InvalidArgument")
                .contains("Use only one of -ComputerName (PowerShell remoting), -Uri (direct) and -Connection.");
    }

    /**
     * A plain throw is skipped where errors are silenced, and even then nothing may be sent. The address is not a loopback address, and a
     * listening proxy would receive every request to it.
     */
    @Test
    void secretsAreNotSentInTheClearHoweverErrorsAreSilenced() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().get("Authorization"));
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        proxy.start();
        try {
            String said = pwsh.run(
                    """
                    $PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous
                    [Net.WebRequest]::DefaultWebProxy = [Net.WebProxy]::new('http://127.0.0.1:PORT/')
                    if ($PSVersionTable.PSVersion.Major -ge 6) { [Net.Http.HttpClient]::DefaultProxy = [Net.WebRequest]::DefaultWebProxy }
                    $ann = [pscredential]::new('ann', (ConvertTo-SecureString -String 'a long password' -AsPlainText -Force))
                    Get-CsvBackupState -Uri http://node1.example.com:8778/seen/ -ErrorAction SilentlyContinue
                    $ask = {
                        param($silence)
                        $there = @{ Uri = 'http://node1.example.com:8778/'; Credential = $ann } + $silence
                        Get-CsvBackupState @there
                        Test-CsvBackupState Volume1 @there
                        Get-CsvBackupAudit @there
                        Clear-CsvBackupState Volume1 @there -Confirm:$false
                        Get-CsvShadowCopy Volume1 @there
                        Wait-CsvBackupState @there
                        New-CsvBackupConnection @there -Test
                        $null = $there.Remove('Credential')
                        New-CsvBackupConnection @there -TokenPath $TokenPath -Test
                    }
                    & $ask @{ ErrorAction = 'SilentlyContinue' } 2>&1 | ForEach-Object FullyQualifiedErrorId
                    & $ask @{ ErrorAction = 'Ignore' } 2>&1 | ForEach-Object FullyQualifiedErrorId
                    $ErrorActionPreference = 'SilentlyContinue'
                    & $ask @{}
                    $global:ErrorActionPreference = 'SilentlyContinue'
                    & $ask @{}
                    # A connection that was changed afterwards sends no secret either.
                    foreach ($secret in @{ Uri = 'https://node1.example.com:8779/'; Credential = $ann }, @{ TokenPath = $TokenPath }) {
                        $changed = New-CsvBackupConnection @secret
                        $changed.Uri = 'http://node1.example.com:8778/'
                        Get-CsvBackupState -Connection $changed -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                    }
                    """.replace("PORT", Integer.toString(proxy.getAddress().getPort())));

            assertThat(seen).containsExactly("http://node1.example.com:8778/seen/ null");
            assertThat(said.lines()
                            .filter(line -> line.matches("CsvBackupState\\.Connection\\.Not(Encrypted|Local),.*")))
                    .hasSize(18);
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void aTokenFileMayBeNamedFromTheCurrentFolder() throws Exception {
        assertThat(pwsh.run("""
                        Clear-CsvBackupState Volume1 -Confirm:$false | ForEach-Object Outcome
                        Set-Location -LiteralPath (Split-Path -Path $TokenPath)
                        (Get-CsvBackupAudit -Connection (New-CsvBackupConnection -Uri $Url -TokenPath ./operator.token) -Last 1).Volume
                        """)).isEqualToIgnoringNewLines("""
                        NOTHING_TO_CLEAR
                        C:\\ClusterStorage\\Volume1
                        """);
    }

    @Test
    void aTokenFileThatIsNotThereIsToldAtOnceAndOneOfANodeWhenItIsRead() throws Exception {
        String said = pwsh.run(failure("New-CsvBackupConnection -TokenPath nowhere:/operator.token")
                + failure("New-CsvBackupConnection -TokenPath (Join-Path (Split-Path $TokenPath) 'other.token')")
                // On Linux and on Windows a folder cannot be read as a file, and access is denied.
                + failure("New-CsvBackupConnection -TokenPath (Split-Path $TokenPath)")
                + "(New-CsvBackupConnection -ComputerName NODE1 -TokenPath C:\\nowhere\\operator.token).TokenPath\n");
        assertThat(said.lines().filter(line -> line.startsWith("CsvBackupState.")))
                .containsExactly(
                        "CsvBackupState.TokenFile,New-CsvBackupConnection ObjectNotFound",
                        "CsvBackupState.TokenFile,New-CsvBackupConnection ObjectNotFound",
                        "CsvBackupState.TokenFile,New-CsvBackupConnection PermissionDenied");
        assertThat(said)
                .containsPattern("The token file cannot be found: .*other\\.token'\\. Check -TokenPath\\.")
                .containsOnlyOnce("Only administrators of the node can read it.")
                .endsWith("C:\\nowhere\\operator.token");
    }

    @Test
    void aFileThatIsNoTokenIsNotSentAndNotShown() throws Exception {
        Path file = Files.writeString(folder.resolve("no.token"), "a private\nfile");
        String said = pwsh.run(failure(
                "Get-CsvBackupState -Connection (New-CsvBackupConnection -Uri $Url -TokenPath '" + file + "')"));
        assertThat(said)
                .startsWith("CsvBackupState.TokenFile,Get-CsvBackupState PermissionDenied")
                .contains("The token file cannot be read: It contains no token.")
                .doesNotContain("private");
    }

    @Test
    void anAddressWithAUserAQueryOrAFragmentIsRefusedAndNotRepeated() throws Exception {
        for (String address : List.of(
                "https://bob:secret@node1:8778/",
                "ftp://bob:secret@node1/",
                "bob:secret@node1",
                "https://node1:8779/?secret=1",
                "https://node1:8779/#secret")) {
            String said = pwsh.run(failure("Get-CsvBackupState -Uri '" + address + "'") + "$Error[0].TargetObject\n");
            assertThat(said)
                    .startsWith("CsvBackupState.Connection.Address,Get-CsvBackupState InvalidArgument")
                    .contains("The address of an agent must not contain a user, a query or a fragment (@, ? or #).")
                    .doesNotContain("secret");
        }
    }

    @Test
    void oddAnswersOfOneServerLoseNoOtherAgent() throws Exception {
        HttpServer odd = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> bodies = List.of(
                "500 {oops",
                "500 {\"error\":\"It broke.\"}",
                "500 {}",
                "200 {\"status\":200}",
                "200 {\"status\":200,\"value\":null}",
                "200 {\"status\":403}",
                "200 {\"status\":[]}",
                "200 {\"status\":200,\"value\":{\"Volumes\":[{}]}}",
                "200 [{\"status\":200},2]",
                "200 {oops",
                "200 ");
        for (int number = 0; number < bodies.size(); number++) {
            String[] parts = bodies.get(number).split(" ", 2);
            odd.createContext("/" + number + "/", exchange -> {
                byte[] body = parts[1].getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(Integer.parseInt(parts[0]), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
        }
        odd.start();
        try {
            String said = pwsh.run("""
                    $PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous
                    foreach ($number in 0..LAST) {
                        $volumes = @(Get-CsvBackupState -Uri "ODD$number/", $Url -ErrorAction SilentlyContinue -ErrorVariable failed)
                        "$($volumes.Count) $($failed.Count) $($failed.FullyQualifiedErrorId)"
                        if ($number -in 0, 1, 2, 5) { $failed.Exception.Message -replace '.*(failed|allow)', '$1' }
                    }
                    """.replace("LAST", Integer.toString(bodies.size() - 1))
                    .replace("ODD", "http://127.0.0.1:" + odd.getAddress().getPort() + "/"));
            String log = " See its log, and the log of the proxy if there is one.\n";
            assertThat(said + "\n")
                    .isEqualTo("3 1 CsvBackupState.Agent.500,Get-CsvBackupState\nfailed (HTTP 500): {oops." + log
                            + "3 1 CsvBackupState.Agent.500,Get-CsvBackupState\nfailed (HTTP 500): It broke." + log
                            + "3 1 CsvBackupState.Agent.500,Get-CsvBackupState\nfailed (HTTP 500)." + log
                            + "3 1 CsvBackupState.NotAnAgent,Get-CsvBackupState\n".repeat(2)
                            + "3 1 CsvBackupState.Forbidden,Get-CsvBackupState\nallow this: It gave no reason.\n"
                            + "3 1 CsvBackupState.Agent.,Get-CsvBackupState\n"
                            + "3 1 CsvBackupState.NotAnAgent,Get-CsvBackupState\n".repeat(4));
        } finally {
            odd.stop(0);
        }
    }

    @Test
    void anAnswerThatStallsIsGivenUpInTime() throws Exception {
        Assumptions.assumeFalse(
                pwsh.isWindowsPowerShell(), "there .NET gives up after 5 minutes, which about_CsvBackupState says");
        CountDownLatch asked = new CountDownLatch(1);
        HttpServer stalling = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stalling.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                asked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stalling.start();
        try {
            String said = pwsh.run("$PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous\n"
                    + failure(
                            "Get-CsvBackupState -Connection (New-CsvBackupConnection -RequestTimeoutSeconds 1 -Uri http://127.0.0.1:"
                                    + stalling.getAddress().getPort() + "/)"));

            assertThat(said)
                    .contains("CsvBackupState.TimedOut,Get-CsvBackupState OperationTimeout")
                    .contains("did not answer within 1 s.");
        } finally {
            asked.countDown();
            stalling.stop(0);
        }
    }

    /** The part for Windows PowerShell also runs in PowerShell 7: its settings are those of .NET, and a stand-in sends no requests. */
    @Test
    void onWindowsPowerShellTheSettingsOfTheProcessAreRestored() throws Exception {
        assertThat(pwsh.run("""
                        $global:during = @()
                        function global:Invoke-RestMethod {
                            param($Uri, $Method, $Body, $ContentType, $Headers, $TimeoutSec, [switch] $UseBasicParsing)
                            $global:during += "$([int] [Net.ServicePointManager]::SecurityProtocol) $($null -eq [Net.WebRequest]::DefaultWebProxy)"
                            if ($Uri -like '*fails*') { throw [Net.Sockets.SocketException]::new(10061) }
                            @{ status = 200 }
                        }
                        $transport = & (Get-Module -Name CsvBackupState) { $script:AgentTransport.ToString() }
                        $desktop = [scriptblock]::Create($transport.Replace('$PSVersionTable.PSVersion.Major -lt 6', '$true'))
                        $mine = [Net.WebProxy]::new('http://127.0.0.1:1/')
                        foreach ($protocols in 0, 192, 12288) {
                            [Net.ServicePointManager]::SecurityProtocol = $protocols
                            foreach ($address in 'http://127.0.0.1/', 'http://127.0.0.1/fails/', 'https://node1.example.com/') {
                                [Net.WebRequest]::DefaultWebProxy = $mine
                                $kind = (& $desktop $address '' 'Never' '' '' 1 $false $false).Kind
                                $isSame = [object]::ReferenceEquals([Net.WebRequest]::DefaultWebProxy, $mine)
                                $kind, $during[-1], [int] [Net.ServicePointManager]::SecurityProtocol, $isSame -join ' '
                            }
                        }
                        """)).isEqualToIgnoringNewLines("""
                        Answer 0 True 0 True
                        Unreachable 0 True 0 True
                        Answer 0 False 0 True
                        Answer 3264 True 192 True
                        Unreachable 3264 True 192 True
                        Answer 3264 False 192 True
                        Answer 15360 True 12288 True
                        Unreachable 15360 True 12288 True
                        Answer 15360 False 12288 True
                        """);
    }

    /** The exceptions of .NET Framework and of old and new .NET, which a stand-in throws. What proves nothing is Broken. */
    @Test
    void howFarARequestGotIsToldFromItsException() throws Exception {
        assertThat(pwsh.run("""
                        $null = [Net.Http.HttpClient]
                        $web = { param($status, $inner) [Net.WebException]::new('it failed', $inner, $status, $null) }
                        $wrap = { param($inner) [Net.Http.HttpRequestException]::new('it failed', $inner) }
                        $socket = [Net.Sockets.SocketException]::new(10054)
                        $io = [IO.IOException]::new('it failed', $socket)
                        $untrusted = [Security.Authentication.AuthenticationException]::new('The remote certificate is invalid.')
                        $tls = [Security.Authentication.AuthenticationException]::new('No protocol in common.')
                        $thrown = @(
                            foreach ($status in 'ConnectFailure', 'NameResolutionFailure', 'ProxyNameResolutionFailure', 'TrustFailure', 'SecureChannelFailure', 'Timeout',
                                'SendFailure', 'ReceiveFailure', 'ConnectionClosed', 'KeepAliveFailure', 'ServerProtocolViolation', 'UnknownError') { , @($status, (& $web $status $null)) }
                            , @('SendFailure with IOException', (& $web 'SendFailure' $io))
                            , @('ReceiveFailure with a time-out', (& $web 'ReceiveFailure' ([IO.IOException]::new('it failed', (& $web 'Timeout' $null)))))
                            , @('socket', (& $wrap $socket))
                            , @('IOException', (& $wrap $io))
                            , @('no certificate', (& $wrap $untrusted))
                            , @('no TLS', (& $wrap $tls))
                            , @('TLS after the connection', (& $wrap ([IO.IOException]::new('it failed', $tls))))
                            , @('cancelled', [Threading.Tasks.TaskCanceledException]::new('it failed', $io))
                            , @('anything', [FormatException]::new('it failed'))
                        )
                        function global:Invoke-RestMethod { throw $global:next }
                        $transport = [scriptblock]::Create((& (Get-Module -Name CsvBackupState) { $script:AgentTransport.ToString() }))
                        foreach ($pair in $thrown) {
                            $global:next = $pair[1]
                            "$($pair[0]): $((& $transport 'https://node1.example.com/' '' 'Never' '' '' 1 $false $false).Kind)"
                        }
                        """)).isEqualToIgnoringNewLines("""
                        ConnectFailure: Unreachable
                        NameResolutionFailure: Unreachable
                        ProxyNameResolutionFailure: Unreachable
                        TrustFailure: Tls
                        SecureChannelFailure: Handshake
                        Timeout: TimedOut
                        SendFailure: Broken
                        ReceiveFailure: Broken
                        ConnectionClosed: Broken
                        KeepAliveFailure: Broken
                        ServerProtocolViolation: Broken
                        UnknownError: Broken
                        SendFailure with IOException: Broken
                        ReceiveFailure with a time-out: TimedOut
                        socket: Unreachable
                        IOException: Broken
                        no certificate: Tls
                        no TLS: Handshake
                        TLS after the connection: Broken
                        cancelled: TimedOut
                        anything: Broken
                        """);
    }

    /** Windows PowerShell has no response for a redirection, and may fail to read the text of an error. Stand-ins behave so. */
    @Test
    void onWindowsPowerShellRedirectionsAndUnreadableErrorsAreTold() throws Exception {
        assertThat(pwsh.run("""
                        function global:Invoke-RestMethod {
                            [CmdletBinding()]
                            param($Uri, $Method, $Body, $ContentType, $Headers, $TimeoutSec, [switch] $UseBasicParsing, $MaximumRedirection, [switch] $DisableKeepAlive)
                            $global:sent = "$MaximumRedirection $DisableKeepAlive"
                            if ($Uri -like '*/text/') {
                                $response = [pscustomobject] @{ StatusCode = 502 } | Add-Member -MemberType ScriptMethod -Name GetResponseStream -Value { throw 'The text is lost.' } -PassThru
                                throw ([InvalidOperationException]::new('') | Add-Member -NotePropertyName Response -NotePropertyValue $response -PassThru)
                            }
                            $id = if ($Uri -like '*/insecure/') { 'InsecureRedirection' } else { 'MaximumRedirectExceeded' }
                            $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([InvalidOperationException]::new(), $id, 'InvalidOperation', $null))
                            @{ status = 200; value = 'followed' }
                        }
                        $transport = & (Get-Module -Name CsvBackupState) { $script:AgentTransport.ToString() }
                        $desktop = [scriptblock]::Create($transport.Replace('$PSVersionTable.PSVersion.Major -lt 6', '$true'))
                        foreach ($place in 'moved', 'insecure', 'text') {
                            $reply = & $desktop "http://127.0.0.1/$place/" '' 'Never' '' '' 1 $false $false
                            "$($reply.Kind) $($reply.Status) <$($reply.Answer)>"
                        }
                        $reply.Message
                        $sent
                        """)).isEqualToIgnoringNewLines("""
                        Http 302 <>
                        Http 302 <>
                        Http 502 <>
                        The text is lost.
                        0 True
                        """);
    }

    @Test
    void onWindowsPowerShellACallLeavesTheProcessAsItWas() throws Exception {
        Assumptions.assumeTrue(pwsh.isWindowsPowerShell(), "PowerShell 7 changes no settings of the process");
        assertThat(pwsh.run("""
                        [Net.WebRequest]::DefaultWebProxy = [Net.WebProxy]::new('http://127.0.0.1:1/')
                        $settings = { [int] [Net.ServicePointManager]::SecurityProtocol; [Net.WebRequest]::DefaultWebProxy.Address.AbsoluteUri }
                        $before = (& $settings) -join ' '
                        @(Get-CsvBackupState).Count
                        Get-CsvBackupState -Uri http://127.0.0.1:1/ -ErrorAction SilentlyContinue
                        ((& $settings) -join ' ') -eq $before
                        try { New-CsvBackupConnection -SkipCertificateCheck } catch { "$($_.FullyQualifiedErrorId)" }
                        """)).isEqualToIgnoringNewLines("""
                        3
                        True
                        CsvBackupState.Connection.SkipCertificateCheck,New-CsvBackupConnection
                        """);
    }

    @Test
    void whereHttpAndTlsAreMistakenForEachOtherTheErrorSaysSo() throws Exception {
        // The server drops such a client after 10 s, which is also the default time-out of the module.
        assertThat(pwsh.run(failure(
                        "Get-CsvBackupState -Connection (New-CsvBackupConnection -RequestTimeoutSeconds 30 -Uri "
                                + agent.url().toString().replace("http:", "https:") + ")")))
                // .NET Framework does not tell whether the handshake had ended.
                .contains(
                        pwsh.isWindowsPowerShell()
                                ? "CsvBackupState."
                                : "CsvBackupState.Tls,Get-CsvBackupState SecurityError")
                .contains(pwsh.isWindowsPowerShell() ? " TLS" : "was reached, but TLS failed: ")
                .contains("If this is an agent's port for its own machine, it accepts only http://127.0.0.1:"
                        + agent.url().getPort() + "/ there.")
                .doesNotContain("not trusted");
    }

    @Test
    void overTlsAUserIsKnownByNameAndPassword() throws Exception {
        Assumptions.assumeFalse(pwsh.isWindowsPowerShell(), "-SkipCertificateCheck exists in PowerShell 7 only");
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        PasswordHash hash = PasswordHash.of("a long password".toCharArray());
        Path users = PrivateFile.write(folder.resolve("users"), "ann operator " + hash + "\nbob reader " + hash + "\n");
        try (PackagedAgent secure = PackagedAgent.withShortTimes(
                folder.resolve("secure"),
                "--remote-host=127.0.0.1",
                "--remote-port=0",
                "--tls-keystore=" + keystore,
                "--tls-password-file=" + password,
                "--users=" + users)) {
            String uri = secure.remoteUrl().toString();
            String said = pwsh.run("""
                    $PSDefaultParameterValues.Remove('*-Csv*:Connection')
                    $there = @{ Uri = 'SECURE'; SkipCertificateCheck = $true }
                    $ann = [pscredential]::new('ann', (ConvertTo-SecureString -String 'a long password' -AsPlainText -Force))
                    $bob = [pscredential]::new('bob', (ConvertTo-SecureString -String 'a long password' -AsPlainText -Force))
                    $eve = [pscredential]::new('ann', (ConvertTo-SecureString -String 'a wrong password' -AsPlainText -Force))
                    $connection = New-CsvBackupConnection @there -Credential $ann
                    (Clear-CsvBackupState Volume1 -Connection $connection -Confirm:$false).Outcome
                    (Get-CsvBackupAudit -Last 1 -Connection $connection).Principal
                    (Get-CsvBackupState Volume1 -Connection $connection | Clear-CsvBackupState -Connection $connection -Confirm:$false).Outcome
                    foreach ($user in $ann, $bob) { (New-CsvBackupConnection @there -Credential $user -Test).Role }
                    """.replace("SECURE", uri)
                    + failure("New-CsvBackupConnection @there -Credential $eve -Test")
                    + failure("Get-CsvBackupState -Uri " + uri + " -Credential $ann")
                    + failure("New-CsvBackupConnection -Test -Port "
                            + secure.remoteUrl().getPort())
                    + failure("New-CsvBackupConnection @there -Test")
                    + "(New-CsvBackupConnection -Port " + secure.url().getPort() + " -Test).Role\n"
                    + """
                    & (Join-Path -Path (Split-Path -Path $Module) -ChildPath 'Test-CsvBackupHealth.ps1') @there -Credential $ann -AllowSimulated
                    # The tab key uses the connection that was typed, or the default one.
                    $complete = { param($line) (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText -join ' ' }
                    & $complete 'Get-CsvBackupState -Connection $connection -VolumeName Volume2'
                    $PSDefaultParameterValues['*-CsvBackup*:Connection'] = { $connection }
                    & $complete 'Get-CsvBackupState -VolumeName Volume3'
                    """);

            assertThat(said)
                    .contains("\nCSV OK - 3 volumes")
                    .contains("CsvBackupState.Broken,New-CsvBackupConnection ConnectionError")
                    .contains(
                            "If this is an agent's port for other machines, it accepts only TLS: use -Uri https://NODE:"
                                    + secure.remoteUrl().getPort() + "/")
                    .contains(
                            "This address needs a name and a password from the users file. No credentials were"
                                    + " sent. Specify a user with -Credential, or run this on the node itself without -Uri.\nanonymous\n")
                    .endsWith("'C:\\ClusterStorage\\Volume2'\n'C:\\ClusterStorage\\Volume3'")
                    .startsWith(
                            "NOTHING_TO_CLEAR\nann\nNOTHING_TO_CLEAR\noperator\nreader\nCsvBackupState.Unauthorized,New-CsvBackupConnection AuthenticationError")
                    .contains("The name or the password is wrong.")
                    .contains("CsvBackupState.Tls,Get-CsvBackupState SecurityError")
                    .contains("is not trusted");
        }
    }

    @Test
    void severalAgentsAreAskedAndOneThatIsDownLosesNoOther() throws Exception {
        try (PackagedAgent second = PackagedAgent.withShortTimes(folder.resolve("second"))) {
            assertThat(pwsh.run("""
                            $PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous
                            $volumes = Get-CsvBackupState -Uri $Url, 'http://127.0.0.1:1/', 'SECOND' -ErrorAction SilentlyContinue -ErrorVariable failed
                            $volumes.Count, $failed.Count, $failed[0].FullyQualifiedErrorId -join ' '
                            $failed[0].TargetObject
                            ($volumes.AgentUri | Select-Object -Unique).Count
                            # They go back to the agent that reported them, and one volume is cleared once.
                            $PSDefaultParameterValues.Remove('*-Csv*:Connection')
                            $asked = $volumes | Where-Object Volume -eq $two | Test-CsvBackupState
                            $asked.AgentUri -join ' '
                            $before = $volumes | Where-Object Volume -eq $one | Clear-CsvBackupState -Connection $operator, (New-CsvBackupConnection -Uri SECOND) -Confirm:$false
                            @($before).Count, @($before)[0].Outcome -join ' '
                            """.replace("SECOND", second.url().toString())))
                    .isEqualToIgnoringNewLines(
                            """
                            6 1 CsvBackupState.Unreachable,Get-CsvBackupState
                            http://127.0.0.1:1/jolokia/
                            2
                            ONE OTHER
                            1 NOTHING_TO_CLEAR
                            """.replace("ONE", agent.url() + "jolokia/").replace("OTHER", second.url() + "jolokia/"));
        }
    }

    @Test
    void pipedObjectsGoBackWhateverTheDefaultConnectionIs() throws Exception {
        try (PackagedAgent second = PackagedAgent.withShortTimes(folder.resolve("default"))) {
            assertThat(pwsh.run("""
                            $PSDefaultParameterValues['*-Csv*:Connection'] = $operator, (New-CsvBackupConnection -Uri 'SECOND')
                            (Get-CsvBackupState Volume2 | Test-CsvBackupState).AgentUri -join ' '
                            $cleared = @(Get-CsvBackupState Volume2 | Clear-CsvBackupState -Confirm:$false)
                            $cleared.Count, $cleared[0].Outcome, $cleared[0].AgentUri -join ' '
                            (Get-Health $Url, 'http://127.0.0.1:1/').Substring(0, 15)
                            # An agent that is down does not hide what another one sees.
                            New-AbandonedState $one
                            while (-not (Get-CsvBackupState Volume1 -Uri $Url).Stale) { }
                            (Get-Health $Url, 'http://127.0.0.1:1/') -like '1 CSV WARNING - stale: C:\\ClusterStorage\\Volume1; incomplete: *cannot be reached*'
                            Invoke-Simulation moveVolume $one NODE2
                            """.replace("SECOND", second.url().toString())))
                    .isEqualToIgnoringNewLines(
                            """
                            ONE OTHER
                            1 NOTHING_TO_CLEAR ONE
                            3 CSV UNKNOWN -
                            True
                            """.replace("ONE", agent.url() + "jolokia/").replace("OTHER", second.url() + "jolokia/"));
        }
    }

    @Test
    void objectsThatRemotingBroughtGoBackToTheirNodeAndPort() throws Exception {
        assertThat(pwsh.run(REMOTING + """
                        $own = Get-CsvBackupState Volume2 -Connection (& $to NODE2)
                        ($own | Test-CsvBackupState).AgentComputer
                        $PSDefaultParameterValues['*-Csv*:Connection'] = New-CsvBackupConnection -Uri http://127.0.0.1:1/
                        $sent = Get-CsvBackupState Volume2 -Uri $Url | Add-Member -NotePropertyName PSComputerName -NotePropertyValue NODE3 -PassThru
                        ($sent | Test-CsvBackupState).AgentComputer
                        """)).isEqualToIgnoringNewLines("NODE2NODE3");
    }

    /** A stand-in for remoting: it runs the script block here, keeps only one level of the result as remoting does, and fails for NODE9. */
    static final String REMOTING = """
            $script:asked = @()
            function global:Invoke-Command {
                [CmdletBinding()]
                param([string[]] $ComputerName, [scriptblock] $ScriptBlock, [object[]] $ArgumentList, [pscredential] $Credential, [Management.Automation.Remoting.PSSessionOption] $SessionOption)
                $global:asked += , $ComputerName
                $global:option = $SessionOption
                foreach ($computer in $ComputerName) {
                    if ($computer -eq 'NODE9') {
                        Write-Error -Message 'WinRM cannot complete the operation.' -TargetObject $computer
                        continue
                    }
                    # As on another machine: only the text of the script block, and nothing of this session.
                    $shell = [powershell]::Create()
                    $result = $shell.AddScript($ScriptBlock.ToString()).AddParameters($ArgumentList).Invoke()[0]
                    $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($result, 1))
                    $back | Add-Member -NotePropertyName PSComputerName -NotePropertyValue $computer -PassThru
                }
            }
            $global:asked = @()
            $PSDefaultParameterValues.Remove('*-Csv*:Connection')
            $to = { param($computers, $more = @{}) New-CsvBackupConnection -ComputerName $computers -Port ([uri] $Url).Port -TokenPath $TokenPath @more }
            """;

    @Test
    void nodesAreAskedAtOnceByRemotingAndThoseThatDoNotAnswerAreNamed() throws Exception {
        assertThat(pwsh.run(REMOTING + """
                        $volumes = Get-CsvBackupState -Connection (& $to NODE1, NODE9, NODE2) -ErrorAction SilentlyContinue -ErrorVariable failed
                        $volumes.Count, $failed.Count, $failed[0].FullyQualifiedErrorId, $failed[0].TargetObject -join ' '
                        "$($failed[0])"
                        $asked.Count, ($asked[0] -join '+') -join ' '
                        ($volumes.AgentComputer | Select-Object -Unique) -join ' '
                        $assessment = $volumes | Where-Object { $_.AgentComputer -eq 'NODE2' -and $_.Volume -eq $one } | Test-CsvBackupState
                        $assessment.AgentComputer, $assessment.Verdict, $assessment.Checks[0].Name -join ' '
                        (Clear-CsvBackupState Volume1 -Connection (& $to NODE1) -Confirm:$false).Outcome
                        (Get-CsvBackupAgent -Connection (& $to NODE2)).LastPoll.GetType().Name
                        $option.OpenTimeout, $option.OperationTimeout -join ' '
                        $null = Get-CsvBackupAgent -Connection (& $to NODE2 @{ RequestTimeoutSeconds = 7 })
                        $option.OpenTimeout, $option.OperationTimeout -join ' '
                        (& $to NODE1 @{ Test = $true }) | ForEach-Object { $_.Address -replace '\\d+', 'PORT' -replace 'NODEPORT', 'NODE1'; $_.Node, $_.Role -join ' ' }
                        # A parameter that is typed takes precedence over a default.
                        $PSDefaultParameterValues['*-Csv*:Connection'] = $operator
                        $global:asked = @()
                        $null = Get-CsvBackupState -ComputerName NODE1 -ErrorAction SilentlyContinue
                        $asked.Count, ($asked[0] -join '+') -join ' '
                        $PSDefaultParameterValues['*-Csv*:Connection'] = & $to NODE1, NODE2
                        @(Get-CsvBackupState -Uri $Url).AgentComputer -join ''
                        (Get-CsvBackupAgent).AgentComputer -join ' '
                        $PSDefaultParameterValues['*-Csv*:ComputerName'] = 'NODE3'
                        try { Get-CsvBackupAgent } catch { $_.FullyQualifiedErrorId }
                        @(Get-CsvBackupAgent -Connection $operator).AgentUri -eq $operator.Uri
                        """)).isEqualToIgnoringNewLines("""
                        6 1 CsvBackupState.Remoting,Get-CsvBackupState NODE9
                        NODE9 cannot be reached by PowerShell remoting: WinRM cannot complete the operation.
                        1 NODE1+NODE9+NODE2
                        NODE1 NODE2
                        NODE2 IDLE poll-fresh
                        NOTHING_TO_CLEAR
                        DateTime
                        00:00:30 00:00:40
                        00:00:07 00:00:14
                        NODE1 (PowerShell remoting, port PORT)
                        NODE1 operator
                        1 NODE1

                        NODE1 NODE2
                        CsvBackupState.Connection.Ambiguous,Get-CsvBackupAgent
                        True
                        """);
    }

    @Test
    void theAccountForRemotingGoesWithIt() throws Exception {
        assertThat(pwsh.run(
                        REMOTING.replace("$global:asked += , $ComputerName", "$global:account = $Credential.UserName")
                                + """
                        $ann = [pscredential]::new('DOMAIN\\ann', (ConvertTo-SecureString -String 'a long password' -AsPlainText -Force))
                        @(Get-CsvBackupState -Connection (& $to NODE1 @{ Credential = $ann })).Count, $account -join ' '
                        $null = Get-CsvBackupState -ComputerName NODE1 -Credential $ann -ErrorAction SilentlyContinue
                        $account
                        """))
                .isEqualToIgnoringNewLines("3 DOMAIN\\annDOMAIN\\ann");
    }

    @Test
    void aPasswordReachesOnlyTheNodesOfItsConnection() throws Exception {
        assertThat(pwsh.run(REMOTING.replace(
                                "$global:asked += , $ComputerName",
                                "$global:asked += \"$ComputerName $($Credential.GetNetworkCredential().Password)\"")
                        + """
                        $first, $second = 'first', 'second' | ForEach-Object { [pscredential]::new('ann', (ConvertTo-SecureString -String $_ -AsPlainText -Force)) }
                        $connections = (& $to NODE1, NODE2 @{ Credential = $first }), (& $to NODE3 @{ Credential = $second }) | ForEach-Object { $_ }
                        @(Get-CsvBackupState Volume1 -Connection $connections).AgentComputer -join ' '
                        $asked
                        """))
                .isEqualToIgnoringNewLines("NODE1 NODE2 NODE3NODE1 NODE2 firstNODE3 second");
    }

    @Test
    void parametersThatContradictEachOtherAreRefused() throws Exception {
        assertThat(pwsh.run("""
                        $PSDefaultParameterValues.Clear()
                        $ann = [pscredential]::new('ann', (ConvertTo-SecureString -String 'a long password' -AsPlainText -Force))
                        """
                        + failure("Get-CsvBackupState -Connection $anonymous -Uri $Url")
                        + failure("Get-CsvBackupState -Connection $anonymous -Credential $ann")
                        + failure("New-CsvBackupConnection -Uri $Url -Port 8779")
                        + failure("Get-CsvBackupState -Connection $Url")
                        + failure("Get-CsvBackupState -Uri $Url | Clear-CsvBackupState -Connection $Url")
                        + failure("Get-CsvBackupState -Connection $null")))
                .contains("Use only one of -ComputerName (PowerShell remoting), -Uri (direct) and -Connection.")
                .contains("-Credential cannot be used with -Connection. Use New-CsvBackupConnection -Credential.")
                .contains("-Port cannot be used with -Uri. Write the port in the address, such as https://")
                .contains(
                        "CsvBackupState.Connection.Type,Get-CsvBackupState InvalidArgument",
                        "-Connection requires the result of New-CsvBackupConnection, not an object of type String. For an address use -Uri.")
                .contains("CsvBackupState.Connection.Type,Clear-CsvBackupState InvalidArgument")
                .contains("The argument is null or empty");
    }

    @Test
    void thisMachineIsNeverReachedThroughAProxy() throws Exception {
        assertThat(pwsh.run("""
                        $env:http_proxy = 'http://127.0.0.1:1/'
                        $env:HTTP_PROXY = 'http://127.0.0.1:1/'
                        [Net.WebRequest]::DefaultWebProxy = [Net.WebProxy]::new('http://127.0.0.1:1/')
                        if ($PSVersionTable.PSVersion.Major -ge 6) { [Net.Http.HttpClient]::DefaultProxy = [Net.WebRequest]::DefaultWebProxy }
                        @(Get-CsvBackupState).Count
                        """)).isEqualTo("3");
    }

    @Test
    void aMonitoringSystemGetsItsLineAndItsExitCode() throws Exception {
        String url = agent.url().toString();

        PowerShell.Ended well = health("-Uri", url);
        assertThat(well.output())
                .isEqualTo("CSV OK - 3 volumes, none stale | volumes=3 in_progress=0 stale=0;0 oldest_age=0s;;7200");
        assertThat(well.exitCode()).isZero();

        pwsh.run("""
                New-AbandonedState $one
                while (-not (Get-CsvBackupState Volume1).Stale) { }
                """);
        PowerShell.Ended stale = health("-Uri", url);
        assertThat(stale.output())
                .matches(
                        "CSV WARNING - stale: C:.ClusterStorage.Volume1 \\| volumes=3 in_progress=1 stale=1;0 oldest_age=\\d+s;;7200");
        assertThat(stale.exitCode()).isEqualTo(1);
        assertThat(health("-Uri", url, "-StaleMinutes", "600").output()).startsWith("CSV OK - 3 volumes, none stale");
        assertThat(health("-Uri", url, "-StaleMinutes", "0.01").exitCode()).isEqualTo(1);
        PowerShell.Ended stuck = health("-Uri", url, "-StuckHours", "0.0001");
        assertThat(stuck.output()).startsWith("CSV CRITICAL - stale: ");
        assertThat(stuck.exitCode()).isEqualTo(2);
        PowerShell.Ended prtg = health("-Uri", url, "-Format", "Prtg");
        assertThat(prtg.output()).startsWith("{\"prtg\":{").contains("\"channel\":\"Stale volumes\"", "\"value\":1");
        pwsh.run("Invoke-Simulation moveVolume $one NODE2");

        PowerShell.Ended negative = health("-Uri", url, "-StaleMinutes", "-1");
        assertThat(negative.output()).isEqualTo("CSV UNKNOWN - -StaleMinutes and -StuckHours must not be negative.");
        assertThat(negative.exitCode()).isEqualTo(3);

        PowerShell.Ended gone = health("-Uri", "http://127.0.0.1:1/");
        assertThat(gone.output())
                .startsWith("CSV UNKNOWN - The agent at http://127.0.0.1:1/jolokia/ cannot be reached");
        assertThat(gone.exitCode()).isEqualTo(3);
        PowerShell.Ended wrong = health("-Uri", url, "-VolumeName", "Volume9");
        assertThat(wrong.output()).startsWith("CSV UNKNOWN - There is no volume 'Volume9'. Existing volumes: ");
        assertThat(wrong.exitCode()).isEqualTo(3);
        PowerShell.Ended lists = health(
                "-VolumeName",
                "Volume1, Volume2,Volume9",
                "-Uri",
                url + "," + url,
                "-RequestTimeoutSeconds",
                "20",
                "-TokenPath",
                agent.token().toString());
        assertThat(lists.output())
                .startsWith("CSV UNKNOWN - There is no volume 'Volume9'.")
                .contains(" | volumes=2 ");
        assertThat(lists.exitCode()).isEqualTo(3);
        assertThat(health("-Uri", "http://127.0.0.1:1/", "-Format", "Prtg").output())
                .startsWith("{\"prtg\":{")
                .contains("\"error\":1");
    }

    /** The check of a simulated cluster. */
    private static PowerShell.Ended health(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-AllowSimulated");
        return pwsh.file(Path.of("scripts", "Test-CsvBackupHealth.ps1"), "", all.toArray(String[]::new));
    }

    @Test
    void aMonitoringSystemIsNotToldOfASimulatedClusterAsIfItWereReal() throws Exception {
        for (String format : List.of("Nagios", "Prtg")) {
            PowerShell.Ended ended = pwsh.file(
                    Path.of("scripts", "Test-CsvBackupHealth.ps1"),
                    "",
                    "-Uri",
                    agent.url().toString(),
                    "-Format",
                    format);
            assertThat(ended.exitCode()).isEqualTo(3);
            assertThat(ended.output())
                    .startsWith(format.equals("Nagios") ? "CSV UNKNOWN - " : "{\"prtg\":{")
                    .contains("The agent on NODE1 watches a SIMULATED cluster: its volumes are not real.");
        }
    }

    @Test
    void theTabKeyCompletesVolumesAndIsSilentWhenItCannot() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(pwsh.run("""
                        $complete = { param($line) (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText }
                        (& $complete "Get-CsvBackupState -Uri $Url -VolumeName Vol") -join ' '
                        (& $complete "Clear-CsvBackupState -Uri $Url -VolumeName 'C:\\ClusterStorage\\Volume2") -join ' '
                        # The default connection, a -Uri that is typed instead, and several of them.
                        (& $complete 'Get-CsvBackupState -VolumeName Volume3') -join ' '
                        (& $complete "Get-CsvBackupState -Uri http://127.0.0.1:1/, $Url -VolumeName Volume1") -join ' '
                        $Error.Clear()
                        $watch = [Diagnostics.Stopwatch]::StartNew()
                        foreach ($none in 'http://127.0.0.1:1/', 'http://127.0.0.1:SILENT/', 'http://127.0.0.1:SILENT/,http://127.0.0.1:SILENT/', 'nonsense') {
                            @(& $complete "Get-CsvBackupState -Uri $none -VolumeName Vol" | Where-Object { $_ -like "*ClusterStorage*" }).Count
                        }
                        # Two of them wait for the silent one, about a second each; the rest is for a slow machine.
                        $watch.Elapsed.TotalSeconds -lt 15
                        $Error.Count
                        """.replace("SILENT", Integer.toString(silent.getLocalPort()))))
                    .isEqualToIgnoringNewLines("""
                        'C:\\ClusterStorage\\Volume1' 'C:\\ClusterStorage\\Volume2' 'C:\\ClusterStorage\\Volume3'
                        'C:\\ClusterStorage\\Volume2'
                        'C:\\ClusterStorage\\Volume3'
                        'C:\\ClusterStorage\\Volume1'
                        0
                        0
                        0
                        0
                        True
                        0
                        """);
        }
    }
}
