package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The help, the manifest and the syntax of the module, and what it leaves behind in a session. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellModuleIT {
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

    private static Path script(String name) {
        return Path.of("src", "test", "powershell", name);
    }

    @Test
    void helpManifestAndSyntaxAreWhole() throws Exception {
        PowerShell.Ended ended = pwsh.file(script("quality.ps1"), "", "-Module", PowerShell.MODULE.toString());

        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output()).isEmpty();
    }

    private static void copyModule(Path copy) throws IOException {
        try (var files = Files.walk(PowerShell.MODULE)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = copy.resolve(PowerShell.MODULE.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** For example an installed copy and a folder, or two versions after an upgrade. */
    @Test
    void loadsTwiceInOneSession() throws Exception {
        Path copy = folder.resolve("second").resolve("CsvBackupState");
        copyModule(copy);
        Path manifest = copy.resolve("CsvBackupState.psd1");
        String first = Files.readString(manifest);
        Files.writeString(manifest, first.replaceFirst("(ModuleVersion +=) '[^']+'", "$1 '99.0.0'"));

        assertThat(pwsh.run("""
                        Import-Module -Name 'COPY'
                        @(Get-Module -Name CsvBackupState).Count
                        $volume = Get-CsvBackupState -VolumeName Volume1
                        "$volume"
                        Remove-Module -FullyQualifiedName @{ ModuleName = 'CsvBackupState'; RequiredVersion = '99.0.0' }
                        "$volume"
                        """.replace("COPY", copy.toString()))).isEqualToIgnoringNewLines("""
                        2
                        C:\\ClusterStorage\\Volume1
                        C:\\ClusterStorage\\Volume1
                        """);
    }

    @Test
    void theHealthCheckUsesTheModuleThatIsLoadedIfItIsOfItsVersion() throws Exception {
        Path copy = folder.resolve("installed").resolve("CsvBackupState");
        copyModule(copy);
        String health = """
                        Remove-Module -Name CsvBackupState
                        Import-Module -Name 'COPY'
                        $line = & (Join-Path -Path (Split-Path -Path $Module) -ChildPath 'Test-CsvBackupHealth.ps1') -Uri $Url -TokenPath $TokenPath -AllowSimulated
                        $line.Substring(0, 6)
                        @(Get-Module -Name CsvBackupState).ModuleBase
                        """.replace("COPY", copy.toString());
        assertThat(pwsh.run(health)).isEqualToIgnoringNewLines("CSV OK\n" + copy);

        Path manifest = copy.resolve("CsvBackupState.psd1");
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst("(ModuleVersion +=) '[^']+'", "$1 '99.0.0'"));
        assertThat(pwsh.run(health).lines())
                .as("another version")
                .startsWith("CSV OK")
                .contains(PowerShell.MODULE.toString());
    }

    /** The check above must be able to find faults. */
    @Test
    void plantedFaultsAreFound() throws Exception {
        Path copy = folder.resolve("scripts").resolve("CsvBackupState");
        copyModule(copy);
        // Outside the folders that the module loads, because 5.1 cannot parse it and must still import the rest.
        Files.writeString(copy.resolve("Ternary.ps1"), """
                function Get-Ternary {
                    $x = $true ? 1 : 2
                }
                """);
        Files.writeString(copy.resolve("Private").resolve("Extra.ps1"), """
                function Get-Extra {
                    Write-Host 'x'
                    ls | ConvertTo-Json -AsArray
                    $call = @{ Uri = 'http://127.0.0.1/'; SslProtocol = 'Tls12' }
                    $call['NoProxy'] = $true
                    if ($isDesktop) { $call['HttpVersion'] = '2' }
                    if (-not $isDesktop) { $call['Token'] = 'asked' } else { $call['Form'] = 'not asked' }
                    if ((Get-Command -Name 'Invoke-RestMethod').Parameters.ContainsKey('Resume')) { $call['Resume'] = $true }
                    Invoke-RestMethod @call
                    $other = @{ ComputerName = 'NODE1'; HostName = 'NODE1' }
                    [powershell]::Create().AddCommand('Invoke-Command').AddParameters($other)
                }
                # \u00e4
                """);
        Path agentHelp = copy.resolve("Public").resolve("Get-CsvBackupAgent.ps1");
        Files.writeString(agentHelp, Files.readString(agentHelp).replace(".PARAMETER Uri", ".PARAMETER Url"));
        Path views = copy.resolve("CsvBackupState.Format.ps1xml");
        Files.writeString(views, Files.readString(views).replaceFirst(" +<AutoSize />\n", ""));

        String found =
                pwsh.file(script("quality.ps1"), "", "-Module", copy.toString()).output();
        assertThat(found)
                .contains(
                        pwsh.isWindowsPowerShell()
                                ? "Ternary.ps1: "
                                : "Ternary.ps1 line 2: syntax that the module does not use")
                .contains("Extra.ps1 is not plain ASCII")
                .contains("Extra.ps1 line 2: Write-Host is an alias, or a command that is not in the list")
                .contains("Extra.ps1 line 3: ls is an alias, or a command that is not in the list")
                .contains("Extra.ps1 line 3: ConvertTo-Json -AsArray may not exist in 5.1")
                .contains("Get-CsvBackupAgent does not describe -Uri")
                .contains("FileList and folder differ: Extra.ps1")
                .contains("The table of CsvBackupState.Volume lacks AutoSize");
        assertThat(found.lines()
                        .filter(line -> line.startsWith("Extra.ps1 line")
                                && !line.startsWith("Extra.ps1 line 2:")
                                && !line.startsWith("Extra.ps1 line 3:")))
                .containsExactly(
                        "Extra.ps1 line 4: Invoke-RestMethod -SslProtocol may not exist in 5.1",
                        "Extra.ps1 line 5: Invoke-RestMethod -NoProxy may not exist in 5.1",
                        "Extra.ps1 line 6: Invoke-RestMethod -HttpVersion may not exist in 5.1",
                        "Extra.ps1 line 7: Invoke-RestMethod -Form may not exist in 5.1",
                        "Extra.ps1 line 10: Invoke-Command -HostName may not exist in 5.1");
    }

    @Test
    void leavesNothingBehindInTheSession() throws Exception {
        assertThat(pwsh.run("""
                        Remove-Module -Name CsvBackupState
                        $variables = @(Get-Variable -Scope Global).Name
                        $aliases = @(Get-Alias).Name
                        Import-Module -Name $Module
                        $null = Get-CsvBackupState
                        $null = Test-CsvBackupState Volume1
                        @(Get-Variable -Scope Global | Where-Object { $_.Name -notin $variables -and $_.Name -notin 'variables', 'aliases' }).Name -join ' '
                        @(Get-Alias | Where-Object Name -notin $aliases).Count
                        @(Get-Command -Module CsvBackupState).Count
                        """)).isEqualToIgnoringNewLines("""

                        0
                        10
                        """);
    }

    @Test
    void underConstrainedLanguageModeItSaysWhatIsMissingAndStops() throws Exception {
        assertThat(pwsh.run("""
                        $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
                        $runspace.Open()
                        $runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
                        $shell = [powershell]::Create()
                        $shell.Runspace = $runspace
                        $null = $shell.AddScript("try { Import-Module -Name '$Module' -ErrorAction Stop } catch { ""`$(`$_.Exception.Message)"" }")
                        $shell.Invoke()
                        $shell.Commands.Clear()
                        @($shell.AddScript('Get-Command -Module CsvBackupState').Invoke()).Count
                        """)).isEqualToIgnoringNewLines("""
                        The module CsvBackupState does not run in Constrained Language Mode. Sign its files with a \
                        certificate of a publisher that this machine trusts.
                        0
                        """);
    }

    /** A narrow window cuts off the last columns. */
    @Test
    void eightyColumnsShowVolumeAndVerdictInFull() throws Exception {
        String table = pwsh.run("""
                        Import-Module -Name $Module
                        $volume = [pscustomobject] @{
                            PSTypeName = 'CsvBackupState.Volume'; Volume = 'C:\\ClusterStorage\\Volume1'; State = 'IN_PROGRESS'
                            Since = Get-Date; Age = [timespan] '1.02:00'; Stale = $true; Verdict = 'CLEARABLE'; Problem = 'not read'
                            OwnerNode = 'NODE1'; Node = 'NODE1'; Support = 'DOCUMENTED'
                        }
                        $assessment = [pscustomobject] @{
                            PSTypeName = 'CsvBackupState.Assessment'; Volume = 'C:\\ClusterStorage\\Volume1'; Verdict = 'UNPROVEN'
                            NextStep = 'Some evidence is missing: ' + 'x ' * 150; EarliestClear = Get-Date; Checks = @(); State = 'IN_PROGRESS'
                        }
                        ($volume | Format-Table | Out-String -Width 80).Trim()
                        ($assessment | Format-Table | Out-String -Width 80).Trim()
                        """);

        assertThat(table)
                .contains("C:\\ClusterStorage\\Volume1 CLEARABLE ")
                .containsPattern("(?m)^Volume +Verdict +State +EarliestClear")
                .contains("C:\\ClusterStorage\\Volume1 UNPROVEN ");
        assertThat(table.lines()).allMatch(line -> line.stripTrailing().length() <= 80);
    }
}
