package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.FreePort;
import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.security.PasswordHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The PowerShell of the documents. It runs unchanged, except for the agent's address, its times, the question before a clear, and what accepts a simulated cluster. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class DocumentedPowerShellIT {
    private static final String PASSWORD = "a password of the test";

    /** The short times with which a state becomes clearable while a test waits. */
    private static final String SHORT_TIMES = " --poll-interval=100ms --stale-after=2s --quiet-time=1s";

    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static PowerShell pwsh;

    @BeforeAll
    static void start() throws Exception {
        Path users = PrivateFile.write(
                folder.resolve("users"), "ann operator " + PasswordHash.of(PASSWORD.toCharArray()) + "\n");
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1");
        agent = PackagedAgent.withShortTimes(
                folder.resolve("agent"),
                "--remote-host=127.0.0.1",
                "--remote-port=0",
                "--users=" + users,
                "--tls-keystore=" + keystore,
                "--tls-password-file=" + PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD));
        pwsh = PowerShell.with(folder, agent);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    private static String commands(String name) throws IOException {
        return Documents.commands(name, DocumentedPowerShellIT.class);
    }

    private static String unasked(String commands) {
        String unasked = commands.replaceAll("(?m)^(Clear-CsvBackupState [^#\n]*[^#\\s])", "$1 -Confirm:\\$false");
        assertThat(unasked).isNotEqualTo(commands);
        return unasked;
    }

    private static String shown(String script) throws Exception {
        return pwsh.run("if ($PSStyle) { $PSStyle.OutputRendering = 'PlainText' }\n. {\n" + script
                + "\n} | Out-String -Width 200\n");
    }

    /** A folder with the files of the release that the commands need. */
    private static Path releaseFolder(String name) throws IOException {
        Path release = folder.resolve(name);
        try (var files = Files.walk(Path.of("scripts"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = release.resolve(file.toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        Files.copy(PackagedJar.path(), release.resolve("csv-backup-agent.jar"));
        return release;
    }

    /** Starts an agent in the folder, waits until it answers, runs the script, and stops the agent. */
    private static String shownWithStartedAgent(Path there, String start, String then) throws Exception {
        int port = FreePort.next();
        return shown("""
                Remove-Module -Name CsvBackupState
                Set-Location -LiteralPath 'THERE'
                function Start-Process { $script:started = Microsoft.PowerShell.Management\\Start-Process @args -PassThru -RedirectStandardError agent.log }
                try {
                    START
                    for ($look = 0; $look -lt 300; $look++) {
                        try { $null = Invoke-RestMethod -Uri http://127.0.0.1:8778/healthz; break } catch { Start-Sleep -Milliseconds 200 }
                    }
                    THEN
                } finally {
                    $script:started | Stop-Process
                }
                """.replace("START", start.replace("--backend=", "--port=8778 --backend="))
                .replace("THEN", then)
                .replace("THERE", there.toString())
                .replace("8778", Integer.toString(port)));
    }

    /** The five lines of the README, from nothing to cleared. */
    @Test
    void aVolumeIsStuckNow() throws Exception {
        String[] lines = commands("a volume is stuck now").split("\n", -1);
        assertThat(lines).as("five lines and the end").hasSize(6);

        String said = shownWithStartedAgent(
                releaseFolder("incident"),
                lines[0].replace("--backend=windows", "--backend=simulated --state-dir=state" + SHORT_TIMES),
                """
                $Url = 'http://127.0.0.1:8778/'
                $TokenPath = Convert-Path -LiteralPath 'state/operator.token'
                IMPORT
                $PSDefaultParameterValues['*-Csv*:Connection'] = New-CsvBackupConnection -Uri $Url -TokenPath $TokenPath
                New-AbandonedState $one
                LOOK
                Wait-Verdict $one CLEARABLE
                REST
                Get-CsvBackupState -VolumeName Volume1
                """.replace("IMPORT", lines[1])
                        .replace("LOOK", lines[2])
                        .replace("REST", unasked(lines[3] + "\n" + lines[4])));

        assertThat(said)
                .containsPattern("Verdict +: CLEARABLE")
                .containsPattern("Outcome +: CLEARED")
                .containsPattern("StateAfter +: NONE")
                .containsPattern("Volume1 +IDLE +NONE +False");
    }

    @Test
    void theModuleIsTriedOnASimulatedCluster() throws Exception {
        String said = shownWithStartedAgent(
                releaseFolder("trial"),
                commands("an agent to try the module"),
                unasked(commands("the module on a simulated cluster")));

        assertThat(said)
                .containsPattern("Volume1 +IDLE +NONE +False")
                .containsPattern("Outcome +: CLEARED")
                .containsPattern("Kind +: outcome");
    }

    @Test
    void theIncident() throws Exception {
        String said =
                shown("New-AbandonedState $one\nWait-Verdict $one CLEARABLE\n" + unasked(commands("the incident")));

        assertThat(said)
                .containsPattern("Volume1 +[A-Z]+ +IN_PROGRESS")
                .containsPattern("Verdict +: CLEARABLE")
                .containsPattern("Outcome +: CLEARED")
                .containsPattern("Kind +: outcome");
    }

    @Test
    void theCommandsOfTheRunbook() throws Exception {
        assertThat(shown(commands("what the agent says")))
                .containsPattern("Volume2 +IDLE +NONE +False")
                .containsPattern("Volume +: C:.ClusterStorage.Volume1");
    }

    @Test
    void theAgentIsThere() throws Exception {
        assertThat(shown(commands("is the agent there")))
                .containsPattern("Node +: NODE1")
                .containsPattern("Cluster +: SIMULATED")
                .containsPattern("LastPollError +:");
    }

    @Test
    void moreCommands() throws Exception {
        String said = shown(
                """
                function Get-ClusterNode { [pscustomobject] @{ Name = 'NODE1' }, [pscustomobject] @{ Name = 'NODE2' } }
                function Get-ClusterSharedVolume {
                    [pscustomobject] @{ Name = 'Cluster Disk 3'; SharedVolumeInfo = [pscustomobject] @{ FriendlyVolumeName = $three; BackupState = 0 } }
                }
                # Replaces remoting: runs the script block here.
                function Invoke-Command([string[]] $ComputerName, [scriptblock] $ScriptBlock, [object[]] $ArgumentList, $SessionOption) {
                    foreach ($computer in $ComputerName) {
                        & $ScriptBlock @ArgumentList | Add-Member -NotePropertyName PSComputerName -NotePropertyValue $computer -PassThru
                    }
                }
                """
                        + commands("more commands")
                                .replace(
                                        "-ComputerName (Get-ClusterNode).Name",
                                        "-Connection (New-CsvBackupConnection -ComputerName (Get-ClusterNode).Name -Port ([uri] $Url).Port)"));

        assertThat(said)
                .containsPattern("Volume1 +NODE1 +DIRECT")
                .containsPattern("AgentComputer +: NODE1")
                .containsPattern("AgentComputer +: NODE2");
    }

    @Test
    void agentsElsewhere() throws Exception {
        // No machine trusts the certificate of the test.
        String there = agent.remoteUrl() + " -SkipCertificateCheck";
        String said = shown("""
                function Get-Credential([string] $UserName, [string] $Message) {
                    New-Object -TypeName pscredential -ArgumentList $UserName, (ConvertTo-SecureString -String 'PASSWORD' -AsPlainText -Force)
                }
                """.replace("PASSWORD", PASSWORD)
                + commands("agents elsewhere").replace("https://node1.example.com:8779/", there)
                + "(New-CsvBackupConnection -Uri " + there + " -Credential $agent.Credential -Test).Role\n");

        assertThat(said)
                .containsPattern("Volume2 +IDLE +NONE")
                .containsPattern("Verdict +: ")
                .contains("operator");
    }

    @Test
    void theCheckForNagios() throws Exception {
        String said = shown(
                commands("the check for Nagios").replace("-StuckHours 4", "-StuckHours 4 -AllowSimulated -Uri $Url"));

        assertThat(said).startsWith("CSV OK - 3 volumes").contains(";;14400");
    }

    /** For all users, without signing, because there is no certificate here. */
    @Test
    void theInstallation() throws Exception {
        Path programs = folder.resolve("Program Files");
        assertThat(pwsh.run("""
                        $ErrorActionPreference = 'Stop'
                        Remove-Module -Name CsvBackupState
                        $env:ProgramFiles = 'PROGRAMS'
                        BLOCK
                        # A second time, over the existing installation.
                        BLOCK
                        $env:PSModulePath = Join-Path -Path $env:ProgramFiles -ChildPath 'WindowsPowerShell/Modules'
                        @(Get-CsvBackupState).Count
                        $loaded = Get-Module -Name CsvBackupState
                        $loaded.ModuleBase -like "*WindowsPowerShell?Modules?CsvBackupState?$($loaded.Version)"
                        """.replace("PROGRAMS", programs.toString())
                        .replace("BLOCK", commands("the installation of the module"))))
                .isEqualToIgnoringNewLines("3\nTrue");
        try (var there = Files.walk(programs.resolve(Path.of("WindowsPowerShell", "Modules", "CsvBackupState")), 2)) {
            assertThat(there.map(path -> path.getFileName().toString())).contains("Private", "Public", "en-US");
        }
    }

    @Test
    void whatAnAdministratorSees() throws Exception {
        Path views = Path.of("src", "test", "powershell", "views.ps1");
        String seen =
                pwsh.file(views, "", "-Module", PowerShell.MODULE.toString()).output();

        assertThat(Documents.output("what PowerShell shows", "src/test/powershell/views.ps1")
                        .strip())
                .isEqualTo(seen.lines().map(String::stripTrailing).collect(Collectors.joining("\n")));
    }

    /** These blocks cannot run here, so only their syntax is checked. */
    @Test
    void whatNeedsWindowsHasNoSyntaxError() throws Exception {
        int blocks = 0;
        for (String block : Documents.windowsOnly("powershell")) {
            blocks++;
            Path file = Files.writeString(folder.resolve("windows-only-" + blocks + ".ps1"), block);
            assertThat(pwsh.run("""
                            $errors = $null
                            $null = [Management.Automation.Language.Parser]::ParseFile('FILE', [ref] $null, [ref] $errors)
                            $errors
                            """.replace("FILE", file.toString()))).as(block).isEmpty();
        }
        assertThat(blocks).isPositive();
    }
}
