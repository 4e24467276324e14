package io.github.csvbackup.powershell;

import static io.github.csvbackup.powershell.StubAgent.busy;
import static io.github.csvbackup.powershell.StubAgent.result;
import static io.github.csvbackup.powershell.StubAgent.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.http.Certificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the module handles answers that the simulated cluster cannot produce. A stub returns them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellAnswersIT extends WithStubAgent {
    @Test
    void namesBeyondAsciiWithBracketsAndQuotesAreOnesLikeAllOthers() throws Exception {
        List<String> names = List.of("D\u00e4ten \u4e16\ud83d\udcbe", "SQL [1]", "SQL 1", "Ann's");
        stub.knows(names.stream()
                .map(name -> volume("C:\\ClusterStorage\\" + name))
                .toList());
        stub.does("assess", path -> result(path, null, null, "CLEARABLE"))
                .does("clear", path -> result(path, "CLEARED", 0, "CLEARABLE"))
                .does("shadowCopies", StubAgent::noShadowCopies);

        assertThat(pwsh.run("""
                        $names = ('D' + [char] 0xe4 + 'ten ' + [char] 0x4e16 + [char]::ConvertFromUtf32(0x1f4be)), 'SQL [1]', 'SQL 1', "Ann's"
                        foreach ($name in $names) {
                            $path = "C:\\ClusterStorage\\$name"
                            $listed = @(Get-CsvBackupState -VolumeName $name)
                            $listed.Count, ($listed[0].Volume -ceq $path), ((Get-CsvBackupState $path).Volume -ceq $path), ((Get-CsvBackupState $listed[0].VolumeGuid).Volume -ceq $path) -join ' '
                            ((Test-CsvBackupState $name).Volume -ceq $path), (Test-CsvBackupState $path -Quiet), (($listed | Test-CsvBackupState).Volume -ceq $path) -join ' '
                            $cleared = Clear-CsvBackupState $name -Confirm:$false
                            ($cleared.Volume -ceq $path), $cleared.Outcome, (($listed | Clear-CsvBackupState -Confirm:$false).Volume -ceq $path) -join ' '
                            $null = Get-CsvShadowCopy $name 6>$null
                            # The tab key inserts a name that works.
                            $line = 'Get-CsvBackupState -VolumeName ' + "'" + $path.Substring(0, 19).Replace("'", "''")
                            $texts = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText
                            @($texts | Where-Object { (& ([scriptblock]::Create("(Get-CsvBackupState -VolumeName $_).Volume"))) -ceq $path }).Count
                        }
                        (Get-CsvBackupState 'SQL*').Count
                        """)).isEqualToIgnoringNewLines("""
                        1 True True True
                        True True True
                        True CLEARED True
                        1
                        """.repeat(4) + "2");
        for (String name : names) {
            String path = "C:\\ClusterStorage\\" + name;
            assertThat(stub.calls().stream().filter(call -> call.endsWith(path)))
                    .containsExactly(
                            "assess " + path,
                            "assess " + path,
                            "assess " + path,
                            "assess " + path,
                            "clearAll " + path,
                            "assess " + path,
                            "clearAll " + path,
                            "shadowCopies " + path);
        }
    }

    /** Several volumes have the same friendly path: the agent shows their GUID names and accepts only these. */
    @Test
    void aVolumeThatIsCalledByItsGuidNameIsPassedOnByIt() throws Exception {
        String guid = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000007}\\";
        Map<String, Object> state = new HashMap<>(Map.of("volume", guid, "node", "NODE1", "state", "DIRECT"));
        state.putAll(Map.of("reasons", List.of(), "message", ""));
        Map<String, Object> named = volume(guid);
        named.put("guid", guid);
        Map<String, Object> line = new HashMap<>(Map.of("volume", guid, "kind", "outcome", "number", 1, "at", 0));
        for (String field :
                "principal role surface remoteAddress outcome verdict reason message id batch".split(" ", -1)) {
            line.put(field, "");
        }
        stub.knows(List.of(named)).has("IoStates", List.of(state));
        stub.does("assess", path -> result(path, null, null, "CLEARABLE"))
                .does("clear", path -> result(path, "CLEARED", 0, "CLEARABLE"))
                .does("recentAudit", count -> List.of(line))
                .does("shadowCopies", StubAgent::noShadowCopies);

        assertThat(pwsh.run("""
                        $guid = '\\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000007}\\'
                        foreach ($name in $guid, $guid.TrimEnd('\\')) {
                            (Get-CsvBackupState $name).Volume
                            (Get-CsvIoState $name).State
                            (Get-CsvBackupAudit -VolumeName $name).Volume
                        }
                        $listed = Get-CsvBackupState
                        ($listed | Get-CsvBackupState).Volume
                        ($listed | Get-CsvIoState).State
                        ($listed | Test-CsvBackupState).Volume
                        ($listed | Clear-CsvBackupState -Confirm:$false).Volume
                        $null = $listed | Get-CsvShadowCopy 6>$null
                        Get-CsvBackupState Volume7 -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$failed"
                        """)).isEqualToIgnoringNewLines("""
                        GUID
                        DIRECT
                        GUID
                        GUID
                        DIRECT
                        GUID
                        GUID
                        DIRECT
                        GUID
                        GUID
                        There is no volume 'Volume7'. Existing volumes: GUID.
                        """.replace("GUID", guid));
        assertThat(stub.calls().stream().filter(call -> !call.startsWith("recentAudit")))
                .containsExactly("assess " + guid, "assess " + guid, "clearAll " + guid, "shadowCopies " + guid);
    }

    @Test
    void eachOutcomeHasItsErrorAndItsCategory() throws Exception {
        stub.knows(List.of(volume(ONE))).does("assess", path -> result(path, null, null, "CLEARABLE"));
        stub.does("clear", path -> switch (path) {
            case "C:\\1" -> result(path, "UNKNOWN", null, "CLEARABLE");
            case "C:\\2" -> result(path, "NOT_CLEARED", 0, "CLEARABLE");
            case "C:\\3" -> result(path, "FAILED", 5, "CLEARABLE");
            case "C:\\4" -> result(path, "FAILED", null, "CLEARABLE");
            case "C:\\5" -> result(path, "REFUSED", null, "RECENT");
            case "C:\\6" -> result(path, "REFUSED", null, null);
            case "C:\\7" -> new StubAgent.Refusal(403, "java.lang.SecurityException : not you.");
            default -> result(path, "CLEARED", 0, "CLEARABLE");
        });

        assertThat(pwsh.run("""
                        foreach ($number in 1..8) {
                            $result = Clear-CsvBackupState "C:\\$number" -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                            "$(if ($result) { $result.Outcome }) $($failed.Count) $($failed.FullyQualifiedErrorId) $($failed.CategoryInfo.Category)"
                            if ($number -eq 7) { "$failed" }
                        }
                        """)).isEqualToIgnoringNewLines("""
                        UNKNOWN 1 CsvBackupState.Unknown,Clear-CsvBackupState OperationTimeout
                        NOT_CLEARED 1 CsvBackupState.NotCleared,Clear-CsvBackupState InvalidResult
                        FAILED 1 CsvBackupState.Failed.5,Clear-CsvBackupState InvalidOperation
                        FAILED 1 CsvBackupState.Failed,Clear-CsvBackupState InvalidOperation
                        REFUSED 1 CsvBackupState.Refused.Recent,Clear-CsvBackupState ResourceBusy
                        REFUSED 1 CsvBackupState.Refused,Clear-CsvBackupState ResourceBusy
                         1 CsvBackupState.Forbidden,Clear-CsvBackupState PermissionDenied
                        The agent at URL does not allow this: not you.
                        CLEARED 0
                        """.replace("URL", stub.url() + "jolokia/"));
    }

    @Test
    void anAgentThatStaysBusyIsGivenUpAtLast() throws Exception {
        stub.does("assess", path -> new StubAgent.Http(429, "Too many assessments."));

        assertThat(pwsh.run("""
                        # Without the pauses between the tries.
                        function global:Start-Sleep { }
                        Test-CsvBackupState 'C:\\1' -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed.Count) $($failed.FullyQualifiedErrorId) $($failed.CategoryInfo.Category)", "$failed"
                        """))
                .startsWith("1 CsvBackupState.TooManyRequests,Test-CsvBackupState LimitsExceeded")
                .endsWith("is too busy: Too many assessments.");
        assertThat(stub.calls()).hasSize(20);
    }

    @Test
    void aClearWhoseEndIsNotSeenHasAResultThatSaysWhereToLook() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        stub.knows(List.of(volume(ONE))).does("assess", path -> result(path, null, null, "CLEARABLE"));
        stub.does("clear", path -> {
            try {
                asked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return result(path, "CLEARED", 0, "CLEARABLE");
        });

        String said = pwsh.run("""
                $result = Clear-CsvBackupState Volume1 -Connection (New-CsvBackupConnection -Uri $Url -RequestTimeoutSeconds 3) -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                $result.PSObject.TypeNames[0], $result.Volume, $result.Outcome, $result.Verdict, $result.StateBefore, "<$($result.StateAfter)>" -join ' '
                $result.Message
                "$($failed.Count) $($failed.FullyQualifiedErrorId) $($failed.CategoryInfo.Category)"
                """);
        asked.countDown();
        assertThat(said)
                .startsWith("CsvBackupState.ClearResult C:\\ClusterStorage\\Volume1 UNKNOWN CLEARABLE IN_PROGRESS <>\n")
                .contains("did not answer within 3 s.")
                .containsPattern(
                        "It is unknown whether the state was cleared, and the agent may still be working. Before you try"
                                + " again, check Get-CsvBackupState and Get-CsvBackupAudit -VolumeName 'C:\\\\ClusterStorage\\\\Volume1':"
                                + " the newest line since \\d\\d:\\d\\d:\\d\\d with your Principal has the Batch of this request, and all lines"
                                + " with that Batch are its results\\.")
                .endsWith("1 CsvBackupState.TimedOut,Clear-CsvBackupState OperationTimeout");
    }

    /** Wrong would be an error alone: it reads as if nothing had been cleared. */
    @Test
    void aClearIsUnknownUnlessItsErrorProvesThatNothingWasExecuted() throws Exception {
        Map<String, Object> lacking = result(ONE, "CLEARED", 0, "CLEARABLE");
        lacking.remove("stateAfter");
        try (StubAgent elsewhere = StubAgent.start()) {
            stub.does("assess", path -> result(path, null, null, "CLEARABLE"));
            stub.does("clear", path -> switch (path.substring(3)) {
                case "closed" -> new StubAgent.Nothing();
                case "500" -> new StubAgent.Http(500, "The agent failed to answer; see its log for the reason.");
                case "502" -> new StubAgent.Http(502, "");
                case "504" -> new StubAgent.Http(504, "<html>gateway time-out</html>");
                case "body500" -> new StubAgent.Refusal(500, "java.lang.IllegalStateException : something broke.");
                case "body503" -> new StubAgent.Refusal(503, "something else broke.");
                case "307" -> new StubAgent.Redirect(307, elsewhere.url() + "jolokia/");
                case "lacking" -> lacking;
                case "novalue" -> new StubAgent.Text("{\"status\":200}");
                case "nojson" -> new StubAgent.Text("{oops");
                case "400" -> new StubAgent.Http(400, "Bad request.");
                case "401" -> new StubAgent.Http(401, "Who is it?");
                case "403" -> new StubAgent.Http(403, "Not you.");
                case "404" -> new StubAgent.Http(404, "No such page.");
                case "429" -> new StubAgent.Http(429, "Too many.");
                case "503" -> new StubAgent.Http(503, "It is starting.");
                case "body400" -> new StubAgent.Refusal(400, "No such volume.");
                case "body403" -> new StubAgent.Refusal(403, "Not you either.");
                default -> new StubAgent.Refusal(404, "No such MBean.");
            });

            String said = pwsh.run("""
                    # Without the pauses between the tries.
                    function global:Start-Sleep { }
                    $each = {
                        param($name, $with)
                        $result = Clear-CsvBackupState "C:\\$name" @with -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$name <$(if ($result) { $result.Outcome })> $($failed.Count) $($failed.FullyQualifiedErrorId -replace ',.*')"
                        if ($name -like '5*') { "  $failed" }
                    }
                    foreach ($name in -split 'closed 500 502 504 body500 body503 307 lacking novalue nojson 400 401 403 404 429 503 body400 body403 body404') { & $each $name @{} }
                    """);
            assertThat(said).isEqualToIgnoringNewLines("""
                    closed <UNKNOWN> 1 CsvBackupState.Broken
                    500 <UNKNOWN> 1 CsvBackupState.Agent.500
                      The agent at URL failed (HTTP 500): The agent failed to answer; see its log for the reason. LOG
                    502 <UNKNOWN> 1 CsvBackupState.Agent.502
                      The agent at URL failed (HTTP 502). LOG
                    504 <UNKNOWN> 1 CsvBackupState.Agent.504
                      The agent at URL failed (HTTP 504): gateway time-out. LOG
                    body500 <UNKNOWN> 1 CsvBackupState.Agent.500
                    body503 <UNKNOWN> 1 CsvBackupState.Agent.503
                    307 <UNKNOWN> 1 CsvBackupState.NotAnAgent
                    lacking <UNKNOWN> 1 CsvBackupState.NotAnAgent
                    novalue <UNKNOWN> 1 CsvBackupState.NotAnAgent
                    nojson <UNKNOWN> 1 CsvBackupState.NotAnAgent
                    400 <UNKNOWN> 1 CsvBackupState.NotAnAgent
                    401 <> 1 CsvBackupState.Unauthorized
                    403 <> 1 CsvBackupState.Forbidden
                    404 <> 1 CsvBackupState.NotAnAgent
                    429 <> 1 CsvBackupState.TooManyRequests
                    503 <UNKNOWN> 1 CsvBackupState.Unavailable
                      The agent at URL is not ready: It is starting.
                    body400 <> 1 CsvBackupState.Rejected
                    body403 <> 1 CsvBackupState.Forbidden
                    body404 <> 1 CsvBackupState.NotAnAgent
                    """.replace("URL", stub.url() + "jolokia/")
                    .replace("LOG", "See its log, and the log of the proxy if there is one."));
            assertThat(elsewhere.calls()).isEmpty();
        }
    }

    /** The connection is as it was for the assessment only until then. */
    @Test
    void aClearThatWasNotSentIsNotUnknown() throws Exception {
        Path token = Files.writeString(folder.resolve("vanishing.token"), "token");
        stub.does("assess", path -> {
            token.toFile().delete();
            return result(path, null, null, "CLEARABLE");
        });
        assertThat(pwsh.run("""
                        $result = @(Clear-CsvBackupState 'C:\\1' -Connection (New-CsvBackupConnection -Uri $Url -TokenPath 'TOKEN') -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed)
                        "$($result.Count) $($failed.FullyQualifiedErrorId)"
                        $assessment = Test-CsvBackupState 'C:\\1'
                        function Clear-Assessed {
                            [CmdletBinding()]
                            param($Connection)
                            & (Get-Module -Name CsvBackupState) {
                                param($assessment, $connection, $cmdlet)
                                $entry = [pscustomobject] @{ Connection = $connection; Assessment = $assessment; Twin = $null; Result = $null; Failure = $null; IsDone = $false }
                                Send-Clear -Entry $entry
                                Write-ClearResult -Entry $entry -Cmdlet $cmdlet
                            } $assessment $Connection $PSCmdlet
                        }
                        foreach ($uri in 'http://127.0.0.1:1/', 'http://node1.example.com:8778/') {
                            $connection = New-CsvBackupConnection -Uri $Url -TokenPath $TokenPath
                            $connection.Uri = $uri
                            $result = @(Clear-Assessed $connection -ErrorAction SilentlyContinue -ErrorVariable failed)
                            "$($result.Count) $($failed.FullyQualifiedErrorId)"
                        }
                        """.replace("TOKEN", token.toString()))).isEqualToIgnoringNewLines("""
                        0 CsvBackupState.TokenFile,Clear-CsvBackupState
                        0 CsvBackupState.Unreachable,Clear-Assessed
                        0 CsvBackupState.Connection.NotEncrypted,Clear-Assessed
                        """);
        assertThat(clears(stub)).isEmpty();
    }

    @Test
    void aConnectionOverTlsThatBreaksAfterTheRequestIsNoFailedHandshake() throws Exception {
        Assumptions.assumeFalse(pwsh.isWindowsPowerShell(), "-SkipCertificateCheck exists in PowerShell 7 only");
        Path keystore = Certificate.make(folder.resolve("stub.pfx"), "agent", "127.0.0.1");
        try (StubAgent secure = StubAgent.start(Certificate.serve(keystore))) {
            secure.does("assess", path -> result(path, null, null, "CLEARABLE"))
                    .does("clear", path -> new StubAgent.Nothing());
            String said = pwsh.run("""
                    $ann = [pscredential]::new('ann', (ConvertTo-SecureString -String 'a long password' -AsPlainText -Force))
                    $secure = New-CsvBackupConnection -Uri 'SECURE' -Credential $ann -SkipCertificateCheck
                    $result = Clear-CsvBackupState 'C:\1' -Connection $secure -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                    "$($result.Outcome) $($failed.FullyQualifiedErrorId)"
                    "$failed"
                    # A certificate that is not trusted ends it before anything is sent.
                    $secure.SkipCertificateCheck = $false
                    Get-CsvBackupState -Connection $secure -ErrorAction SilentlyContinue -ErrorVariable failed
                    "$($failed.FullyQualifiedErrorId)"
                    """.replace("SECURE", secure.url()));
            assertThat(said)
                    .startsWith("UNKNOWN CsvBackupState.Broken,Clear-CsvBackupState\nThe agent at " + secure.url()
                            + "jolokia/ gave no answer over TLS: ")
                    .endsWith("CsvBackupState.Tls,Get-CsvBackupState");
            assertThat(clears(secure)).hasSize(1);
        }
    }

    /** The agent of a later or earlier version, or another server. */
    @Test
    void anAnswerThatLacksFieldsIsOneErrorAndTheOtherAgentsAreStillAsked() throws Exception {
        stub.knows(List.of(volume(ONE)))
                .does("assess", path -> result(path, null, null, "CLEARABLE"))
                .does("recentAudit", count -> List.of());
        try (StubAgent odd = StubAgent.start()) {
            Map<String, Object> check = Map.of("name", "vss", "result", "PASSED", "seen", "it has stopped");
            Map<String, Object> assessed = result(ONE, null, null, "CLEARABLE");
            assessed.put("checks", List.of(check));
            odd.has("Volumes", List.of(volume(ONE), Map.of("volume", TWO)))
                    .has("VolumeNames", () -> null)
                    .has("IoStates", List.of(Map.of("volume", ONE)))
                    .has("Version", () -> new StubAgent.Text("{\"status\":200,\"value\":{}}"))
                    .does("assess", path -> assessed)
                    .does("recentAudit", count -> List.of(Map.of("number", 1)))
                    .does(
                            "shadowCopies",
                            path -> Map.of("volume", ONE, "message", "", "lists", List.of(), "copies", List.of("?")));
            stub.has("IoStates", List.of());
            assertThat(pwsh.run("""
                            $both = @{ Uri = 'ODD', $Url; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'failed' }
                            $show = { param($given) "$(@($given | Where-Object { $_ }).Count) $($failed.Count) $($failed.FullyQualifiedErrorId) $("$failed" -replace ".*: ('.*) is missing.*", '$1')" }
                            & $show (Get-CsvBackupState @both)
                            & $show (Get-CsvBackupAgent @both)
                            & $show (Get-CsvBackupAudit @both)
                            & $show (Get-CsvIoState @both)
                            & $show (Test-CsvBackupState 'C:\1' @both)
                            & $show (Test-CsvBackupState Volume1 @both)
                            $both.Uri = 'ODD'
                            & $show (Get-CsvShadowCopy 'C:\1' @both)
                            """.replace("ODD", odd.url()))).isEqualToIgnoringNewLines("""
                            1 1 CsvBackupState.NotAnAgent,Get-CsvBackupState 'Volumes.backupState'
                            1 1 CsvBackupState.NotAnAgent,Get-CsvBackupAgent 'Node'
                            0 1 CsvBackupState.NotAnAgent,Get-CsvBackupAudit 'at'
                            0 1 CsvBackupState.NotAnAgent,Get-CsvIoState 'node'
                            1 1 CsvBackupState.NotAnAgent,Test-CsvBackupState 'checks.remedy'
                            1 1 CsvBackupState.NotAnAgent,Test-CsvBackupState 'value'
                            0 1 CsvBackupState.NotAnAgent,Get-CsvShadowCopy 'Volumes.backupState'
                            """);
        }
    }

    @Test
    void anAgentThatRedirectsIsNotFollowed() throws Exception {
        try (StubAgent elsewhere = StubAgent.start().knows(List.of(volume(ONE)))) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                stub.has("Volumes", () -> new StubAgent.Redirect(status, elsewhere.url() + "jolokia/"));
                String said = pwsh.run("""
                        Get-CsvBackupState -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed.Count) $($failed.FullyQualifiedErrorId) $failed"
                        """);
                assertThat(said).startsWith("1 CsvBackupState.NotAnAgent,Get-CsvBackupState");
                if (!pwsh.isWindowsPowerShell() || status < 303) {
                    assertThat(said).contains("redirects to another address. An agent never redirects");
                }
            }
        }
    }

    @Test
    void volumesOfTwoClustersWithTheSameNameAreBothCleared() throws Exception {
        try (StubAgent second = StubAgent.start();
                StubAgent third = StubAgent.start()) {
            AtomicInteger assessments = new AtomicInteger();
            for (StubAgent each : List.of(stub, second, third)) {
                each.knows(List.of(volume(ONE)))
                        .does("assess", path -> result(path, null, null, "CLEARABLE"))
                        .does("clear", path -> result(path, "CLEARED", 0, "CLEARABLE"));
            }
            // The second agent fails first, so the third one of the same cluster is used.
            Map<String, Object> other = volume(ONE);
            other.put("guid", "\\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000099}\\");
            second.knows(List.of(other)).does("assess", path -> {
                assessments.incrementAndGet();
                return new StubAgent.Refusal(500, "it broke.");
            });
            third.knows(List.of(other));

            String said = pwsh.run("""
                    $volumes = Get-CsvBackupState -Uri $Url, 'SECOND', 'THIRD', $Url
                    $volumes | Clear-CsvBackupState -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed -Verbose 4>&1 | ForEach-Object {
                        if ($_ -is [Management.Automation.VerboseRecord]) { "$_" | Where-Object { $_ -like 'Skipped*' } } else { $_.Outcome }
                    }
                    $failed.FullyQualifiedErrorId
                    """.replace("SECOND", second.url()).replace("THIRD", third.url()));
            // Without what Invoke-RestMethod adds.
            assertThat(said.replaceAll("(?m)^VERBOSE: .*\n", ""))
                    .isEqualToIgnoringNewLines("""
                    Skipped C:\\ClusterStorage\\Volume1 of cluster STUB, reported by URLjolokia/: another agent has already assessed it for this command.
                    CLEARED
                    CLEARED
                    CsvBackupState.Agent.500,Clear-CsvBackupState
                    """.replace("URL", stub.url()));
            assertThat(assessments).hasValue(1);
            assertThat(clears(stub)).hasSize(1);
            assertThat(clears(third)).hasSize(1);
        }
    }

    @Test
    void assessmentsCanBePipedAndAVolumeThatTwoAgentsAssessedIsClearedOnce() throws Exception {
        try (StubAgent second = StubAgent.start();
                StubAgent elsewhere = StubAgent.start().has("ClusterName", "OTHER")) {
            for (StubAgent each : List.of(stub, second, elsewhere)) {
                each.knows(List.of(volume(ONE), volume(TWO)))
                        .does("assess", path -> result(path, null, null, "CLEARABLE"))
                        .does("clear", path -> result(path, "CLEARED", 0, "CLEARABLE"));
            }
            assertThat(pwsh.run("""
                            $assessed = Test-CsvBackupState -Uri $Url, 'SECOND', 'ELSEWHERE'
                            $assessed.Count
                            ($assessed | Where-Object Verdict -EQ CLEARABLE | Clear-CsvBackupState -Confirm:$false).Outcome -join ' '
                            @(Get-CsvBackupState -Uri $Url, 'SECOND' | Clear-CsvBackupState -Confirm:$false).Count
                            """.replace("SECOND", second.url()).replace("ELSEWHERE", elsewhere.url())))
                    .isEqualToIgnoringNewLines("""
                            6
                            CLEARED CLEARED CLEARED CLEARED
                            2
                            """);
            assertThat(clears(stub)).containsExactly("clearAll " + ONE + "," + TWO, "clearAll " + ONE + "," + TWO);
            assertThat(clears(second)).isEmpty();
            assertThat(clears(elsewhere)).containsExactly("clearAll " + ONE + "," + TWO);
        }
    }

    /** Windows may know the path only on the owner. All go to one agent: a second one would be refused while VSS runs. */
    @Test
    void ofSeveralAgentsThatReportedTheVolumesTheOneThatOwnsMostOfThemClears() throws Exception {
        try (StubAgent second = StubAgent.start().has("Node", "NODE2")) {
            Map<String, Object> one = volume(ONE);
            Map<String, Object> two = volume(TWO);
            two.put("ownerNode", "node2");
            Map<String, Object> three = volume(THREE);
            three.put("ownerNode", "NODE2");
            for (StubAgent each : List.of(stub, second)) {
                each.knows(List.of(one, two, three))
                        .does("assess", path -> result(path, null, null, "CLEARABLE"))
                        .does("clear", path -> result(path, "CLEARED", 0, "CLEARABLE"));
            }
            assertThat(pwsh.run("""
                            $both = Get-CsvBackupState -Uri $Url, 'SECOND'
                            foreach ($pattern in '*Volume2', '*Volume1', '*') {
                                $results = $both | Where-Object Volume -Like $pattern | Clear-CsvBackupState -Confirm:$false
                                @($results).Count
                            }
                            ($results.Volume -replace '.*Volume') -join ' '
                            """.replace("SECOND", second.url()))).isEqualToIgnoringNewLines("""
                            1
                            1
                            3
                            1 2 3
                            """);
            assertThat(clears(stub)).containsExactly("clearAll " + ONE);
            assertThat(clears(second)).containsExactly("clearAll " + TWO, "clearAll " + ONE + "," + TWO + "," + THREE);
        }
    }

    private static List<String> clears(StubAgent agent) {
        return agent.calls().stream().filter(call -> call.startsWith("clear")).toList();
    }

    @Test
    void anAgentThatIsDownIsOneErrorWhateverIsAsked() throws Exception {
        StringBuilder expected = new StringBuilder();
        for (String name : List.of("", "Volume1", "Vol*")) {
            expected.append("<")
                    .append(name)
                    .append(">\n")
                    .append("Get 0 1 CsvBackupState.Unreachable,Get-CsvBackupState\n")
                    .append("Test 0 1 CsvBackupState.Unreachable,Test-CsvBackupState\n")
                    .append("Quiet 1 False 1 CsvBackupState.Unreachable,Test-CsvBackupState\n")
                    .append("Wait 0 1 CsvBackupState.WaitTimedOut,Wait-CsvBackupState\n")
                    .append("IoState 0 1 CsvBackupState.Unreachable,Get-CsvIoState\n")
                    .append("3 CSV UNKNOWN - The agent at http://127.0.0.1:1/jolokia/ cannot be reached\n");
        }
        assertThat(pwsh.run("""
                        function global:Start-Sleep { }
                        $down = @{ Uri = 'http://127.0.0.1:1/'; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'failed' }
                        foreach ($name in '', 'Volume1', 'Vol*') {
                            "<$name>"
                            $named = if ($name) { @{ VolumeName = $name } } else { @{} }
                            $Error.Clear()
                            $given = @(Get-CsvBackupState @named @down)
                            "Get $($given.Count) $($failed.Count) $($failed.FullyQualifiedErrorId)"
                            if ($Error.Count -ne 1) { "What was caught on the way is left behind: $Error" }
                            $given = @(Test-CsvBackupState @named @down)
                            "Test $($given.Count) $($failed.Count) $($failed.FullyQualifiedErrorId)"
                            $given = @(Test-CsvBackupState @named @down -Quiet)
                            "Quiet $($given.Count) $($given[0]) $($failed.Count) $($failed.FullyQualifiedErrorId)"
                            $given = @(Wait-CsvBackupState @named @down -TimeoutSeconds 1)
                            "Wait $($given.Count) $($failed.Count) $($failed.FullyQualifiedErrorId)"
                            $given = @(Get-CsvIoState @named @down)
                            "IoState $($given.Count) $($failed.Count) $($failed.FullyQualifiedErrorId)"
                            (Get-Health $down.Uri $named) -replace 'reached: .*', 'reached'
                        }
                        """)).isEqualToIgnoringNewLines(expected.toString());
    }

    @Test
    void aWaitOutlastsAnAgentThatIsRestarted() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        Map<String, Object> set = busy(ONE, Instant.now().toEpochMilli(), false);
        stub.has("Backend", "SIMULATED");
        stub.has("Volumes", () -> switch (looks.incrementAndGet()) {
            case 1 -> List.of(set);
            case 2, 3, 4 -> new StubAgent.Http(503, "It is starting.");
            case 5 -> List.of();
            case 6 -> List.of(set);
            default -> List.of(volume(ONE));
        });
        String said = pwsh.run("""
                function global:Start-Sleep { }
                $done = Wait-CsvBackupState Volume1 -TimeoutSeconds 100 -WarningAction SilentlyContinue -WarningVariable told -ErrorVariable failed
                "$($done.Volume) $($done.State) $($failed.Count)"
                $told | ForEach-Object { "$_" }
                """);
        assertThat(said).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume1 NONE 0
                        The agent at URL watches a SIMULATED cluster. Its volumes are not real.
                        Still waiting. The agent at URL is not ready: It is starting.
                        """.replace("URL", stub.url() + "jolokia/"));
        assertThat(looks).hasValue(7);
    }

    @Test
    void aWaitForWhatIsNotThereEndsAtOnceAndOneThatTimesOutStopsAScriptThatSaysSo() throws Exception {
        stub.knows(List.of(busy(ONE, Instant.now().toEpochMilli(), false), volume(TWO)));
        assertThat(pwsh.run("""
                        function global:Start-Sleep { }
                        Wait-CsvBackupState nope, Volume1 -TimeoutSeconds 100 -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed.Count) $($failed.FullyQualifiedErrorId)"
                        Wait-CsvBackupState -Uri "${Url}jolokia/nothing" -TimeoutSeconds 100 -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed.Count) $($failed.FullyQualifiedErrorId)"
                        # The example of the help.
                        $example = (Get-Help -Name Wait-CsvBackupState -Examples).examples.example.code | Where-Object { $_ -like '*Start-Maintenance*' }
                        $Error.Clear()
                        function global:Start-Maintenance { 'It went on.' }
                        $PSDefaultParameterValues['Wait-CsvBackupState:TimeoutSeconds'] = 1
                        try { & ([scriptblock]::Create(($example -replace '^PS> ', ''))) } catch { $_.FullyQualifiedErrorId }
                        """)).isEqualToIgnoringNewLines("""
                        1 CsvBackupState.VolumeNotFound,Wait-CsvBackupState
                        1 CsvBackupState.NotAnAgent,Wait-CsvBackupState
                        CsvBackupState.WaitTimedOut,Wait-CsvBackupState
                        """);
    }

    @Test
    void whatAnAgentCannotReadIsNeverTakenForWell() throws Exception {
        Map<String, Object> unread = volume(TWO);
        unread.put("problem", "Access is denied.");
        stub.knows(List.of(volume(ONE), unread, volume(THREE)))
                .has("UnreadableDisks", List.of("Cluster Disk 9: offline, bring it online"));
        String said = pwsh.run("""
                $line = { param($named) (Get-Health $Url $named) -replace ' \\|.*' }
                & $line @{}
                & $line @{ VolumeName = 'Volume1' }
                & $line @{ VolumeName = 'Volume2' }
                & $line @{ VolumeName = 'Volume1', 'nope', 'none*', 'neither' }
                & $line @{ VolumeName = '*3' }
                $prtg = ConvertFrom-Json -InputObject (Get-Health $Url @{ Format = 'Prtg' }).Substring(2)
                $prtg.prtg.error, ($prtg.prtg.text -like '*Volume2 could not be read*') -join ' '
                (Get-CsvBackupAgent).UnreadableDisks
                ''
                $volumes = Get-CsvBackupState -WarningAction SilentlyContinue -WarningVariable told
                "$told"
                ($volumes | Format-Table | Out-String -Width 150).Trim()
                Wait-CsvBackupState -TimeoutSeconds 1 -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable failed
                $failed.FullyQualifiedErrorId
                (Wait-CsvBackupState Volume1 -TimeoutSeconds 1).State
                """);
        assertThat(said.replaceAll("(?m) +$", "")).isEqualToIgnoringNewLines("""
                3 CSV UNKNOWN - NODE1 could not read a disk: Cluster Disk 9: offline, bring it online. C:\\ClusterStorage\\Volume2 could not be read: Access is denied.
                0 CSV OK - 1 volumes, none stale
                3 CSV UNKNOWN - C:\\ClusterStorage\\Volume2 could not be read: Access is denied.
                3 CSV UNKNOWN - There is no volume 'nope'. EXISTING There is no volume 'neither'. EXISTING NODE1 could not read a disk: Cluster Disk 9: offline, bring it online.
                3 CSV UNKNOWN - NODE1 could not read a disk: Cluster Disk 9: offline, bring it online.
                1 True
                Cluster Disk 9: offline, bring it online

                NODE1: a disk could not be read, so its volumes may be missing or their data older: Cluster Disk 9: offline, bring it online
                Volume                    Verdict State               Age Stale Since OwnerNode Node
                ------                    ------- -----               --- ----- ----- --------- ----
                C:\\ClusterStorage\\Volume1 IDLE    NONE                    False       NODE1     NODE1
                C:\\ClusterStorage\\Volume2 IDLE    NONE (not read now)     False       NODE1     NODE1
                C:\\ClusterStorage\\Volume3 IDLE    NONE                    False       NODE1     NODE1
                CsvBackupState.WaitTimedOut,Wait-CsvBackupState
                NONE
                """.replace(
                        "EXISTING", "Existing volumes: " + String.join(", ", ONE, TWO, THREE) + "."));
    }

    @Test
    void aVolumeThatLacksItsGuidHidesNoOther() throws Exception {
        Map<String, Object> first = volume(ONE);
        first.put("guid", "");
        Map<String, Object> second = busy(TWO, Instant.now().toEpochMilli() - 60_000, true);
        second.put("guid", "");
        stub.knows(List.of(first, second));
        assertThat(pwsh.run("Get-Health")).startsWith("1 CSV WARNING - stale: " + TWO + " | volumes=2 ");
    }

    @Test
    void ofSeveralAgentsTheOneThatHasWatchedLongestIsBelieved() throws Exception {
        long now = Instant.now().toEpochMilli();
        try (StubAgent second = StubAgent.start()) {
            // One agent was restarted; the other has seen the state for three hours.
            stub.knows(List.of(busy(ONE, now - Duration.ofMinutes(5).toMillis(), true)));
            second.knows(List.of(busy(ONE, now - Duration.ofHours(3).toMillis(), false)));
            assertThat(pwsh.run("""
                            foreach ($uris in ($Url, 'SECOND'), ('SECOND', $Url)) {
                                $line = Get-Health $uris
                                $line.Substring(0, 1), ($line -match 'volumes=1 in_progress=1 stale=1;0 oldest_age=108\\d\\ds'), (Get-Health $uris @{ StaleMinutes = 60; StuckHours = 10 }).Substring(0, 1) -join ' '
                            }
                            """.replace("SECOND", second.url()))).isEqualToIgnoringNewLines("""
                            2 True 1
                            2 True 1
                            """);
        }
    }

    /** The other agent has no evidence of its own, or is older. */
    @Test
    void aLongBackupThatAnyAgentSeesRunningIsNoWarning() throws Exception {
        long since = Instant.now().minus(Duration.ofMinutes(341)).toEpochMilli();
        Map<String, Object> active = busy(ONE, since, true);
        active.put("verdict", "ACTIVE");
        Map<String, Object> unproven = busy(ONE, since, true);
        unproven.put("verdict", "UNPROVEN");
        try (StubAgent second = StubAgent.start()) {
            stub.knows(List.of(active, volume(TWO)));
            second.knows(List.of(unproven, volume(TWO)));
            assertThat(pwsh.run("""
                            foreach ($uris in $Url, ($Url, 'SECOND'), ('SECOND', $Url)) { Get-Health $uris }
                            Get-Health $Url @{ StaleMinutes = 5 }
                            (ConvertFrom-Json -InputObject (Get-Health $Url @{ Format = 'Prtg' }).Substring(2)).prtg.result.value -join ' '
                            (Get-Health 'SECOND').Substring(0, 16)
                            """.replace("SECOND", second.url())))
                    .isEqualToIgnoringNewLines(("0 CSV OK - 2 volumes, none stale; backup of " + ONE
                                            + " running for 341 min | volumes=2 in_progress=1 stale=0;0 oldest_age=0s;;7200\n")
                                    .repeat(4)
                            + "0 1 0 2\n2 CSV CRITICAL -");
        }
    }

    /** Its volumes neither raise an alarm nor count. */
    @Test
    void aSimulatedAgentIsUnknownAndHidesNoRealOne() throws Exception {
        try (StubAgent simulated = StubAgent.start().has("Backend", "SIMULATED")) {
            simulated.knows(List.of(busy(TWO, "UNPROVEN")));
            stub.knows(List.of(volume(ONE)));
            String said = "The agent on NODE1 watches a SIMULATED cluster: its volumes are not real.";
            String both = "Get-Health $Url, 'SIM' @{ AllowSimulated = $false }".replace("SIM", simulated.url());
            assertThat(pwsh.run(both)).startsWith("3 CSV UNKNOWN - " + said).contains("volumes=1 in_progress=0");
            stub.knows(List.of(busy(ONE, "UNPROVEN")));
            assertThat(pwsh.run(both)).startsWith("1 CSV WARNING - stale: " + ONE + "; incomplete: " + said);
            assertThat(pwsh.run("Get-Health 'SIM'".replace("SIM", simulated.url())))
                    .startsWith("1 CSV WARNING - stale: " + TWO + " |");
        }
    }

    /** Daylight saving time started or ended in between, so a difference of local times would be wrong. */
    @Test
    void anAgeIsRightAcrossTheEndOfSummerTime() throws Exception {
        Instant now = Instant.now();
        int days = IntStream.range(1, 366)
                .filter(day -> !PowerShell.ZONE
                        .getRules()
                        .getOffset(now)
                        .equals(PowerShell.ZONE.getRules().getOffset(now.minus(Duration.ofDays(day)))))
                .findFirst()
                .orElseThrow();
        stub.knows(List.of(busy(ONE, now.minus(Duration.ofDays(days)).toEpochMilli(), true)));

        assertThat(pwsh.run("""
                        $volume = Get-CsvBackupState
                        [Math]::Round($volume.Age.TotalHours)
                        (Get-Health) -match 'oldest_age=(\\d+)s' | ForEach-Object { [Math]::Round($Matches[1] / 3600) }
                        if ([IO.Path]::DirectorySeparatorChar -eq '/') { [TimeZoneInfo]::Local.Id }
                        """))
                .startsWith(days * 24 + "\n" + days * 24)
                .endsWith(System.getProperty("os.name").startsWith("Windows") ? "" : PowerShell.ZONE.getId());
    }
}
