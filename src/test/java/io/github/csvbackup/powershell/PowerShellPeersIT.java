package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the module shows of the agents of other nodes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellPeersIT extends WithStubAgent {
    @Test
    void whatTheOthersAnsweredIsAPropertyOfTheAgent() throws Exception {
        Map<String, Object> notAsked = new HashMap<>(
                Map.of("node", "NODE3", "url", "", "timeEpochMillis", 0, "said", "is not asked", "remedy", ""));
        notAsked.put("outcome", null);
        stub.has(
                "Peers",
                List.of(
                        Map.of(
                                "node", "NODE2",
                                "url", "https://node2:8779/",
                                "outcome", "timeout",
                                "timeEpochMillis", 1_700_000_000_000L,
                                "said", "it did not answer",
                                "remedy", "Look at it."),
                        notAsked));

        assertThat(pwsh.run("""
                $peers = (Get-CsvBackupAgent).Peers
                $peers | ForEach-Object { $_.Node, $_.Outcome, $_.Said, $_.Remedy, $_.Uri, ($null -ne $_.Time) -join '|' }
                @(Get-CsvBackupAgent | Format-List | Out-String -Width 150 -Stream) -match '^Peers' -replace ' +', ' '
                """)).isEqualToIgnoringNewLines("""
                NODE2|timeout|it did not answer|Look at it.|https://node2:8779/|True
                NODE3||is not asked|||False
                Peers : NODE2: timeout, NODE3: not asked
                """);
    }

    @Test
    void anAgentThatAsksNoOthersHasNone() throws Exception {
        assertThat(pwsh.run("@((Get-CsvBackupAgent).Peers).Count")).isEqualToIgnoringNewLines("0");
        stub.has("Peers", List.of());
        assertThat(pwsh.run("@((Get-CsvBackupAgent).Peers).Count")).isEqualToIgnoringNewLines("0");
    }
}
