package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.AgentOperator;
import io.github.csvbackup.agent.PackagedAgent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One crashed job left forty states on eight nodes: the packaged agent clears them with one request of the module. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellManyVolumesIT {
    private static final List<String> OPTIONS = List.of(
            "--simulated-nodes=8",
            "--simulated-volumes=40",
            "--poll-interval=100ms",
            "--stale-after=2s",
            // The agent asks the nodes again this long after a clear, and the test reads the counts before that.
            "--quiet-time=30s");

    @TempDir
    Path folder;

    @Test
    void fortyVolumesOnEightNodesAreOneRequestAndEachNodeIsAskedOnce() throws Exception {
        try (PackagedAgent agent = PackagedAgent.start(folder.resolve("agent"), List.of(), OPTIONS)) {
            PowerShell pwsh = PowerShell.with(folder, agent);
            assertThat(pwsh.run("""
                            foreach ($number in 1..40) {
                                Invoke-Simulation startBackup "C:\\ClusterStorage\\Volume$number" "NODE$(($number - 1) % 8 + 1)"
                                Invoke-Simulation killBackup "C:\\ClusterStorage\\Volume$number"
                            }
                            # VSS stops on all nodes.
                            Invoke-Simulation advance 600
                            do { Start-Sleep -Milliseconds 300; $volumes = @(Get-CsvBackupState | Where-Object Verdict -EQ CLEARABLE) } until ($volumes.Count -eq 40)
                            @($volumes | Where-Object Stale).Count
                            """)).isEqualTo("40");

            // No poll asks meanwhile: before the clear VSS is stopped everywhere, and after it each node was asked less
            // than 15 minutes ago.
            String said = pwsh.run("""
                    $before = Get-ShadowCopyQuery
                    $watch = [Diagnostics.Stopwatch]::StartNew()
                    $results = Get-CsvBackupState | Clear-CsvBackupState -Confirm:$false
                    $watch.Stop()
                    $after = Get-ShadowCopyQuery
                    $lines = @(Get-CsvBackupAudit -Last 500 | Where-Object Kind -In intent, outcome, refused)
                    "$(@($results.Volume | Select-Object -Unique).Count) $($results.Outcome | Select-Object -Unique), $(Get-ClearCall) calls"
                    "$(@(Get-CsvBackupState | Where-Object State -EQ NONE).Count) without a state"
                    "$(@($results.Batch + $lines.Batch | Select-Object -Unique).Count) batch, $($lines.Count) lines, first: $($lines[0].Kind)"
                    ($before.Keys | ForEach-Object { "$($_): $($after[$_] - $before[$_])" }) -join ', '
                    $watch.Elapsed.TotalSeconds.ToString('0.0')
                    """);
            int end = said.lastIndexOf('\n');
            System.out.println(
                    "Clear-CsvBackupState: 40 volumes on 8 simulated nodes took " + said.substring(end + 1) + " s");
            assertThat(said.substring(0, end)).isEqualTo("""
                            40 CLEARED, 40 calls
                            40 without a state
                            1 batch, 80 lines, first: intent
                            NODE1: 1, NODE2: 1, NODE3: 1, NODE4: 1, NODE5: 1, NODE6: 1, NODE7: 1, NODE8: 1""");
        }
    }

    private static List<Integer> queries(AgentOperator cluster) throws Exception {
        return ((List<?>) Objects.requireNonNull(cluster.read("SimulatedCluster", "ShadowCopyQueries")))
                .stream()
                        .map(line -> Integer.valueOf(String.valueOf(line).replaceAll(".*: ", "")))
                        .toList();
    }

    /** A request takes 64. The agent's look after these clears starts VSS again, and only then may VSS stop. */
    @Test
    void withWaitTheSecondRoundClearsWhatTheFirstCouldNotTake() throws Exception {
        List<String> options = List.of(
                "--simulated-nodes=2",
                "--simulated-volumes=66",
                "--poll-interval=100ms",
                "--stale-after=1s",
                "--quiet-time=2s");
        try (PackagedAgent agent = PackagedAgent.start(folder.resolve("agent"), List.of(), options)) {
            AgentOperator cluster = AgentOperator.of(agent);
            for (int number = 1; number <= 66; number++) {
                cluster.simulate("startBackup", "C:\\ClusterStorage\\Volume" + number, "NODE1");
                cluster.simulate("killBackup", "C:\\ClusterStorage\\Volume" + number);
            }
            cluster.simulate("advance", 600);
            PowerShell pwsh = PowerShell.with(folder, agent);
            assertThat(pwsh.run("""
                            do { Start-Sleep -Milliseconds 300; $volumes = @(Get-CsvBackupState | Where-Object Verdict -EQ CLEARABLE) } until ($volumes.Count -eq 66)
                            'ready'
                            """)).isEqualTo("ready");
            List<Integer> before = queries(cluster);

            CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> {
                try {
                    return pwsh.run("""
                            $results = Get-CsvBackupState | Clear-CsvBackupState -Wait -TimeoutSeconds 100 -Confirm:$false
                            "$($results.Count) $($results.Outcome | Select-Object -Unique), $(Get-ClearCall) calls"
                            "$(@($results[0..63].Batch | Select-Object -Unique).Count) batch, then $(@($results[64..65].Batch | Select-Object -Unique).Count)"
                            $results[64].Batch -ne $results[0].Batch
                            """);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            // The round and the look.
            while (!said.isDone() && queries(cluster).get(1) < before.get(1) + 2) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            cluster.simulate("advance", 600);

            assertThat(said.get(2, TimeUnit.MINUTES)).isEqualToIgnoringNewLines("""
                            66 CLEARED, 66 calls
                            1 batch, then 1
                            True""");
        }
    }
}
