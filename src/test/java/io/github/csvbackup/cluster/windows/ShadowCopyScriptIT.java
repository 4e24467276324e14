package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script itself in a real PowerShell, with a function in place of Get-WmiObject, which only Windows PowerShell has. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class ShadowCopyScriptIT {
    /** Get-WmiObject, which reports the one service that the script must ask for, and these copies. */
    private static String wmi(String service, String copies, String volumes) {
        return "function Get-WmiObject { param($Namespace, $Class, $Filter, $ComputerName)"
                + " if ($Class -eq 'Win32_Service' -and $Filter -eq 'Name=''VSS''') {" + service + "}"
                + " elseif ($Class -eq 'Win32_ShadowCopy') {" + copies + "}"
                + " elseif ($Class -eq 'Win32_Volume') {" + volumes + "} }; ";
    }

    private static final String SERVICE = "New-Object PSObject -Property @{ State='Start Pending' }";
    private static final String ROWS = wmi(
            SERVICE,
            "foreach ($n in 1,2) { New-Object PSObject"
                    + " -Property @{ ID='{3D0E9B26-3B9D-4AE1-8E33-8C9C3C6C6A0' + $n + '}';"
                    + " SetID='{51C3A2F4-12D1-45C1-9E14-5A2F1B0B7E02}'; ProviderID='{b5946137-7b9f-4925-af80-51abd60b20d5}';"
                    + " VolumeName='\\\\?\\Volume{5f0c9a10-0000-4000-8000-00000000c5f1}\\'; OriginatingMachine=$ComputerName;"
                    + " Persistent=$false; State=12; InstallDate='20261125213000.250000-300' } }",
            "New-Object PSObject -Property @{ DeviceID='\\\\?\\Volume{5f0c9a10-0000-4000-a000-000000000001}\\';"
                    + " DriveLetter='C:'; FileSystem='NTFS' };"
                    + " New-Object PSObject -Property @{ DeviceID='\\\\?\\Volume{5f0c9a10-0000-4000-a000-000000000002}\\';"
                    + " DriveLetter=$null; FileSystem='NTFS' }");
    private static final String NONE = wmi(SERVICE, "", "");
    private static final String NO_SERVICE = wmi("", "", "");
    private static final String FAILS =
            "function Get-WmiObject { Write-Error 'The RPC server is unavailable. (0x800706BA)' }; ";
    static final String CONSTRAINED = "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; ";

    @TempDir
    Path folder;

    private String run(String script) throws Exception {
        return run(folder, script);
    }

    /** The output, and a last line with the exit code if it is not 0. */
    static String run(Path folder, String script) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        RealPart.powerShell(), "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output) + (process.exitValue() == 0 ? "" : "exit " + process.exitValue());
    }

    @Test
    void printsWhatTheAgentReads() throws Exception {
        ShadowCopies list = ShadowCopyList.parse(run(ROWS + ShadowCopyQuery.script("NODE2")));
        assertThat(list.copies()).hasSize(2).allSatisfy(copy -> {
            assertThat(copy.originatingMachine()).isEqualTo("NODE2");
            assertThat(copy.volumeName()).isEqualTo("\\\\?\\Volume{5f0c9a10-0000-4000-8000-00000000c5f1}\\");
        });
        assertThat(list.volumes())
                .containsExactly(
                        new NodeVolume("\\\\?\\Volume{5f0c9a10-0000-4000-a000-000000000001}\\", "C:", "NTFS"),
                        new NodeVolume("\\\\?\\Volume{5f0c9a10-0000-4000-a000-000000000002}\\", "", "NTFS"));
        assertThat(ShadowCopyList.parse(run(NONE + ShadowCopyQuery.script(null))))
                .isEqualTo(new ShadowCopies(
                        List.of(), new ServiceStatus(ServiceStatus.START_PENDING, null, null), List.of()));
    }

    @Test
    void worksInConstrainedLanguage() throws Exception {
        assertThat(ShadowCopyList.parse(run(ROWS + CONSTRAINED + ShadowCopyQuery.script("NODE2")))
                        .copies())
                .hasSize(2);
    }

    @Test
    void whatIsNotAsciiComesAsEscapes() throws Exception {
        String said =
                run("function Get-WmiObject { throw ('Zugriff verweigert: ' + [char]252 + [char]0xd83d + ' C:\\x') }; "
                        + CONSTRAINED + ShadowCopyQuery.script(null));

        assertThat(said).contains("error=Zugriff verweigert: \\u00fc\\ud83d C:\\\\x");
    }

    @Test
    void aNodeThatDoesNotTellOfTheServiceHasNotAnswered() throws Exception {
        String said = run(NO_SERVICE + ShadowCopyQuery.script(null));

        assertThat(said).isEqualToIgnoringNewLines("vss=end=0 0");
        assertThatThrownBy(() -> ShadowCopyList.parse(said)).isInstanceOf(MalformedListException.class);
    }

    @Test
    void aFailureIsALineAndAnExitCode() throws Exception {
        String said = run(FAILS + ShadowCopyQuery.script(null));

        assertThat(said)
                .contains("error=", "The RPC server is unavailable. (0x800706BA)")
                .endsWith("exit 3");
        assertThatThrownBy(() -> ShadowCopyList.parse(said)).isInstanceOf(MalformedListException.class);
    }

    @Test
    void aDeniedAccessShowsItsCode() throws Exception {
        String said = run("function Get-WmiObject { throw [UnauthorizedAccessException]::new('no') }; "
                + ShadowCopyQuery.script("NODE2"));

        assertThat(said.lines()).contains("error=no", "hresult=-2147024891");
    }
}
