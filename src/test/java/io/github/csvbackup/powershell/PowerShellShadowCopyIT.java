package io.github.csvbackup.powershell;

import static io.github.csvbackup.powershell.StubAgent.busy;
import static io.github.csvbackup.powershell.StubAgent.volume;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Get-CsvShadowCopy: the question that delays a clear, and the answer that asks no node. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellShadowCopyIT extends WithStubAgent {
    private static final String QUESTION = "a clear is refused until that service has stopped again";

    @BeforeEach
    void answer() {
        stub.does("shadowCopies", StubAgent::noShadowCopies);
    }

    private static Map<String, Object> copy(String volume) {
        Map<String, Object> copy = new HashMap<>();
        copy.put("node", "NODE2");
        copy.put("source", "AGENT_OF_NODE");
        copy.put("volume", volume);
        copy.put("id", "{1}");
        copy.put("setId", "{2}");
        copy.put("createdEpochMillis", Instant.now().minus(Duration.ofHours(5)).toEpochMilli());
        copy.put("ageSeconds", 18_000);
        copy.put("persistent", true);
        copy.put("machine", "NODE2");
        copy.put("providerId", "{3}");
        copy.put("deleteCommand", "vssadmin delete shadows");
        return copy;
    }

    private static Map<String, Object> list(String node, int minutesAgo, String problem, Object... copies) {
        Map<String, Object> list = new HashMap<>();
        list.put("node", node);
        list.put(
                "atEpochMillis",
                Instant.now().minus(Duration.ofMinutes(minutesAgo)).toEpochMilli());
        list.put("problem", problem);
        list.put("copies", List.of(copies));
        return list;
    }

    @Test
    void asksWhileAStateIsSetAndSaysWhatItCosts() throws Exception {
        stub.knows(List.of(busy(ONE, "CLEARABLE"), volume(TWO)));

        PowerShell.Ended no = pwsh.start("Get-CsvShadowCopy Volume2", "n\n");
        assertThat(no.output())
                .contains(
                        "It starts the VSS service on every node that the agent asks itself (if it has peers, only its own node",
                        QUESTION,
                        "The backup state of " + ONE + " is set");
        assertThat(pwsh.start("Get-CsvShadowCopy Volume2", "").output())
                .as("a prompt that fails")
                .contains(QUESTION);
        assertThat(pwsh.start("Get-CsvShadowCopy Volume2 -WhatIf", "").output()).startsWith("What if: ");
        assertThat(stub.calls()).isEmpty();

        // One answer for all volumes of an agent.
        String yes = pwsh.start("Get-CsvShadowCopy Volume1, Volume2", "y\n").output();
        assertThat(yes).containsOnlyOnce(QUESTION);
        assertThat(stub.calls()).containsExactly("shadowCopies " + ONE, "shadowCopies " + TWO);

        PowerShell.Ended unasked = pwsh.start("Get-CsvShadowCopy Volume2 -Confirm:$false", "");
        assertThat(unasked.errors()).isEmpty();
        assertThat(unasked.output()).doesNotContain(QUESTION);
        assertThat(stub.calls()).hasSize(3);
    }

    @Test
    void asksNothingWhileNoStateIsSetUnlessItIsTold() throws Exception {
        stub.knows(List.of(volume(ONE)));
        assertThat(pwsh.start("Get-CsvShadowCopy Volume1", "").errors()).isEmpty();
        assertThat(stub.calls()).hasSize(1);

        assertThat(pwsh.start("Get-CsvShadowCopy Volume1 -WhatIf", "").output()).startsWith("What if: ");
        assertThat(pwsh.start("Get-CsvShadowCopy Volume1 -Confirm", "n\n").output())
                .contains("List the shadow copies of the nodes");
        assertThat(stub.calls()).hasSize(1);
    }

    /** A state that cannot be read may be set. */
    @Test
    void asksIfAStateCannotBeRead() throws Exception {
        Map<String, Object> unread = volume(ONE);
        unread.put("problem", "Access is denied.");
        stub.knows(List.of(unread));
        assertThat(pwsh.start("Get-CsvShadowCopy Volume1", "n\n").output()).contains(QUESTION);
        assertThat(stub.calls()).isEmpty();
    }

    @Test
    void whereThereIsNoneItSaysHowManyNodesWereAsked() throws Exception {
        stub.knows(List.of(volume(ONE)));
        // Of earlier questions, also to nodes that are down now: they do not count.
        stub.has("LastShadowCopies", List.of(list("NODE1", 0, null), list("NODE4", 70, "It is down.")));
        assertThat(pwsh.run("""
                        Get-CsvShadowCopy Volume1
                        @(Get-CsvShadowCopy Volume1 6>$null).Count
                        @(Get-CsvShadowCopy Volume1 -InformationAction SilentlyContinue).Count
                        """)).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume1: asked 3 nodes, none.
                        0
                        0
                        """);
    }

    @Test
    void anEarlierAnswerHasItsAge() throws Exception {
        stub.knows(List.of(volume(ONE), volume(TWO)));
        Map<String, Object> partly = StubAgent.shadowCopies(
                THREE,
                List.of(
                        StubAgent.list("NODE1", true, 65, null),
                        StubAgent.list("NODE2", true, 0, "NODE2 is down. Start it."),
                        StubAgent.list("NODE3", true, 65, null)));
        stub.does("shadowCopies", path -> switch (path) {
            case ONE -> StubAgent.shadowCopies(path, 720);
            case TWO -> StubAgent.shadowCopies(path, 720, copy(TWO));
            default -> partly;
        });
        assertThat(pwsh.run("""
                        Get-CsvShadowCopy Volume1
                        [Math]::Round(((Get-Date) - (Get-CsvShadowCopy Volume2).Listed).TotalMinutes)
                        Get-CsvShadowCopy 'C:\\ClusterStorage\\Volume2\\vm'
                        """)).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume1: asked 3 nodes, none, 12 min ago.
                        12
                        C:\\ClusterStorage\\Volume3: asked 3 nodes, 1 of them did not answer; none on the others, 1 min ago.
                        """);
    }

    /** With peers the agent asks only its own node: it must not seem that the others have said something now. */
    @Test
    void nodesThatWereNotAskedAreToldWithTheAgeOfTheirLists() throws Exception {
        stub.knows(List.of(volume(ONE), volume(TWO), volume(THREE)));
        Map<String, Object> own = StubAgent.list("NODE1", true, 0, null);
        Map<String, Object> old = StubAgent.list("NODE2", false, 3 * 3600, null);
        String why = "it was not asked. Ask its agent.";
        stub.does("shadowCopies", path -> switch (path) {
            case ONE -> StubAgent.shadowCopies(path, List.of(own, StubAgent.list("NODE2", false, 0, why)));
            case TWO ->
                StubAgent.shadowCopies(path, List.of(own, old, StubAgent.list("NODE3", false, 0, why)), copy(TWO));
            default ->
                StubAgent.shadowCopies(
                        path,
                        List.of(
                                own,
                                old,
                                StubAgent.list("NODE3", false, 60, null),
                                StubAgent.list("NODE4", false, 0, why),
                                StubAgent.list("NODE5", false, 0, why)));
        });
        assertThat(pwsh.run("""
                        Get-CsvShadowCopy Volume1
                        [Math]::Round(((Get-Date) - (Get-CsvShadowCopy Volume2).Listed).TotalHours)
                        Get-CsvShadowCopy Volume3
                        """)).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume1: asked 1 node, none. NODE2 was not asked, and the agent here has no earlier list: ask the agent there.
                        C:\\ClusterStorage\\Volume2: NODE2 was not asked: its last list is 3 h 0 min old. NODE3 was not asked, and the agent here has no earlier list: ask the agent there.
                        3
                        C:\\ClusterStorage\\Volume3: asked 1 node, none. 2 nodes were not asked: none in their last lists, the oldest 3 h 0 min ago. 2 nodes were not asked, and the agent here has no earlier lists: ask the agents there.
                        """);
    }

    @Test
    void theLastKnownListHasItsAgeAndAsksNobody() throws Exception {
        Map<String, Object> one = busy(ONE, "CLEARABLE");
        stub.knows(List.of(one, volume(TWO)));
        stub.has(
                "LastShadowCopies",
                List.of(
                        list("NODE1", 7, null),
                        list("NODE2", 65, null, copy(ONE), copy(String.valueOf(one.get("guid"))), copy("X:\\")),
                        list("NODE3", 3, "The RPC server is unavailable.")));
        assertThat(pwsh.run("""
                        foreach ($name in 'Volume1', 'C:\\ClusterStorage\\volume1\\vm\\disk.vhdx') {
                            $copies = Get-CsvShadowCopy $name -LastKnown -WarningAction SilentlyContinue -WarningVariable told
                            $copies.Count, $copies[0].Node, $copies[0].Source, $copies[0].Volume, $copies[0].Id, $copies[0].Listed.Kind, [Math]::Round(((Get-Date) - $copies[0].Listed).TotalMinutes) -join ' '
                            "$told"
                        }
                        ($copies | Out-String -Width 150) -match "Created +Age +Persistent +Listed +Machine"
                        ($copies | Format-Table | Out-String -Width 150) -match "True +1 h 5 min ago +NODE2"
                        ($copies | Format-List | Out-String) -match "Listed +: $($copies[0].Listed.ToString('yyyy-MM-dd HH:mm:ss'))"
                        Get-CsvBackupState Volume2 | Get-CsvShadowCopy -LastKnown
                        Get-CsvShadowCopy nope -LastKnown -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                        """)).isEqualToIgnoringNewLines("""
                        2 NODE2 AGENT_OF_NODE C:\\ClusterStorage\\Volume1 {1} Local 65
                        NODE3 gave no list when it was last asked, 3 min ago: The RPC server is unavailable.
                        2 NODE2 AGENT_OF_NODE C:\\ClusterStorage\\Volume1 {1} Local 65
                        NODE3 gave no list when it was last asked, 3 min ago: The RPC server is unavailable.
                        True
                        True
                        True
                        C:\\ClusterStorage\\Volume2: asked 3 nodes, 1 of them did not answer; none on the others, 1 h 5 min ago.
                        CsvBackupState.VolumeNotFound,Get-CsvShadowCopy
                        """);
        assertThat(stub.calls()).isEmpty();
    }

    @Test
    void ifNoNodeWasAskedNothingIsKnown() throws Exception {
        stub.knows(List.of(busy(ONE, "CLEARABLE")));
        assertThat(pwsh.run("Get-CsvShadowCopy Volume1 -LastKnown"))
                .isEqualTo(ONE + ": the agent has asked no node for shadow copies since it started.");
        stub.has("LastShadowCopies", List.of(list("NODE1", 2, "It is down.")));
        assertThat(pwsh.run("Get-CsvShadowCopy Volume1 -LastKnown -WarningAction SilentlyContinue"))
                .isEqualTo(ONE + ": asked 1 node, none of them answered.");
    }
}
