package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The module as a thing: its help, its manifest, its syntax, what it leaves behind, and what the README shows of it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
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

    /** The walk above must be able to find something. */
    @Test
    void plantedFaultsAreFound() throws Exception {
        Path copy = folder.resolve("scripts").resolve("CsvBackupState");
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
        Files.writeString(copy.resolve("Private").resolve("Extra.ps1"), """
                function Get-Extra {
                    $x = $true ? 1 : 2
                    Write-Host 'x'
                    ls | ConvertTo-Json -AsArray
                }
                # \u00e4
                """);
        Path agentHelp = copy.resolve("Public").resolve("Get-CsvBackupAgent.ps1");
        Files.writeString(agentHelp, Files.readString(agentHelp).replace(".PARAMETER Port", ".PARAMETER Portal"));

        assertThat(pwsh.file(script("quality.ps1"), "", "-Module", copy.toString())
                        .output())
                .contains("Extra.ps1 is not plain ASCII")
                .contains("Extra.ps1 line 2: syntax that is not for here")
                .contains("Extra.ps1 line 3: Write-Host is an alias, or no command")
                .contains("Extra.ps1 line 4: ls is an alias, or no command")
                .contains("Extra.ps1 line 4: ConvertTo-Json -AsArray may not exist in 5.1")
                .contains("Get-CsvBackupAgent does not describe -Port")
                .contains("FileList and folder differ: Extra.ps1");
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
                        8
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
                        """))
                .startsWith(
                        "The module CsvBackupState cannot run under Constrained Language Mode unless its files are signed by a"
                                + " publisher that this machine trusts");
    }

    @Test
    void theReadmeShowsWhatAnAdministratorSees() throws Exception {
        String seen = pwsh.file(script("views.ps1"), "", "-Module", PowerShell.MODULE.toString())
                .output();
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        int from = readme.indexOf("<!-- what PowerShell shows: made by src/test/powershell/views.ps1 -->");
        int to = readme.indexOf("<!-- end of what PowerShell shows -->");

        assertThat(from).isPositive().isLessThan(to);
        assertThat(String.join("\n", readme.subList(from + 2, to - 1)))
                .isEqualTo(seen.lines().map(String::stripTrailing).collect(java.util.stream.Collectors.joining("\n")));
    }
}
