package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.agent.PackagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The zip of the release in PowerShell: how an administrator checks and unzips it, and the module in it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellReleaseIT {
    @TempDir
    Path folder;

    private Path downloads;
    private PowerShell pwsh;

    @BeforeEach
    void download() throws IOException {
        downloads = Files.createDirectory(folder.resolve("downloads"));
        for (String suffix : new String[] {"", ".sha256"}) {
            Path file =
                    PackagedJar.release().resolveSibling(PackagedJar.release().getFileName() + suffix);
            Files.copy(file, downloads.resolve(file.getFileName()));
        }
        pwsh = PowerShell.with(folder, "http://127.0.0.1:1/", folder.resolve("no-token"));
    }

    private PowerShell.Ended inDownloads(String script) throws Exception {
        Path file = Files.createTempFile(folder, "script", ".ps1");
        Files.writeString(file, """
                $ErrorActionPreference = 'Stop'
                $ProgressPreference = 'SilentlyContinue'
                Set-Location -LiteralPath 'DOWNLOADS'
                # Some installations of PowerShell come without its module for archives.
                if (-not (Get-Command -Name Expand-Archive -ErrorAction SilentlyContinue)) {
                    function Expand-Archive {
                        param([Parameter(Mandatory)] [string] $LiteralPath, [Parameter(Mandatory)] [string] $DestinationPath)
                        [IO.Compression.ZipFile]::ExtractToDirectory($LiteralPath, (Resolve-Path -LiteralPath $DestinationPath).Path)
                    }
                }
                """.replace("DOWNLOADS", downloads.toString()) + script);
        return pwsh.file(file, "");
    }

    private static String check() throws IOException {
        return Documents.commands("the check of the zip", PowerShellReleaseIT.class);
    }

    private static String checkOfFiles() throws IOException {
        return Documents.commands("the check of the files", PowerShellReleaseIT.class);
    }

    private static String fails(PowerShell.Ended ended) {
        assertThat(ended.exitCode()).isEqualTo(1);
        return ended.errors();
    }

    @Test
    void theModuleOfTheCheckedZipLoads() throws Exception {
        PowerShell.Ended ended = inDownloads(check() + checkOfFiles() + """
                Import-Module -Name ./scripts/CsvBackupState
                $module = Get-Module -Name CsvBackupState
                $module.ModuleBase
                @(Get-Command -Module CsvBackupState -CommandType Function).Name -join ' '
                (Get-Help -Name Clear-CsvBackupState).Synopsis -ne ''
                """);

        assertThat(ended.errors()).isEmpty();
        String unzipped = PackagedJar.release().getFileName().toString().replaceFirst("\\.zip$", "");
        assertThat(ended.output().lines().toList())
                .hasSize(3)
                .first()
                .asString()
                .endsWith(Path.of(unzipped, "scripts", "CsvBackupState").toString());
        assertThat(ended.output()).contains("Clear-CsvBackupState", "Get-CsvBackupState", "True");
    }

    @Test
    void aChangedZipIsRefused() throws Exception {
        Path zip = downloads.resolve(PackagedJar.release().getFileName());
        byte[] content = Files.readAllBytes(zip);
        content[content.length / 2]++;
        Files.write(zip, content);

        assertThat(fails(inDownloads(check()))).contains("was changed");
        assertThat(downloads.toFile().list()).hasSize(2);
    }

    @Test
    void aChangedFileIsFound() throws Exception {
        String change = "Add-Content -Path scripts/CsvBackupState/CsvBackupState.psm1 -Value '# more'\n";

        assertThat(fails(inDownloads(check() + change + checkOfFiles()))).contains("CsvBackupState.psm1");
    }
}
