package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.agent.TestCertificates;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the module says of the shadow copies of nodes whose agents only a clear asks. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The certificates are made by a POSIX shell.")
@Tag("jdk-independent")
class PowerShellPeerListsIT {
    @TempDir
    Path folder;

    /** The agents of NODE2 and NODE3 are down, so a clear asks these nodes itself. */
    @Test
    void nodesThatWereNotAskedNowAreNotToldAsAsked() throws Exception {
        Path certificate = new TestCertificates(folder.resolve("certificates")).of("NODE1");
        List<String> options = List.of(
                "--simulated-nodes=3",
                "--poll-interval=100ms",
                "--stale-after=1s",
                "--quiet-time=1s",
                "--remote-host=127.0.0.1",
                "--remote-port=0",
                "--tls-keystore=" + certificate.resolve("agent.p12"),
                "--tls-password-file=" + certificate.resolve("agent.p12.password"),
                "--tls-trust=" + certificate.resolve("ca.pem"),
                "--peers=NODE2=https://127.0.0.1:1/,NODE3=https://127.0.0.1:1/");
        try (PackagedAgent agent = PackagedAgent.start(folder.resolve("agent"), List.of(), options)) {
            String said = PowerShell.with(folder, agent).run("""
                    Get-CsvShadowCopy Volume1
                    $asked = Get-ShadowCopyQuery
                    ($asked.Keys | ForEach-Object { "$($_): $($asked[$_])" }) -join ', '
                    New-AbandonedState $one
                    Wait-Verdict $one CLEARABLE
                    (Clear-CsvBackupState Volume1 -Confirm:$false).Outcome
                    Get-CsvShadowCopy Volume1 -Confirm:$false
                    """);
            assertThat(said.replaceAll("[0-9]+ (s|min) ago", "TIME ago")).isEqualToIgnoringNewLines("""
                            C:\\ClusterStorage\\Volume1: asked 1 node, none. 2 nodes were not asked, and the agent here has no earlier lists: ask the agents there.
                            NODE1: 1, NODE2: 0, NODE3: 0
                            CLEARED
                            C:\\ClusterStorage\\Volume1: asked 1 node, none. 2 nodes were not asked: none in their last lists, the oldest TIME ago.""");
        }
    }
}
