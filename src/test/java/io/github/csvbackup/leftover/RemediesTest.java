package io.github.csvbackup.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.OddNames;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.leftover.Remedies.Remedy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemediesTest {
    private static final String MACHINE = "1F6D2A90-0000-0000-0000-000000000001";
    private static final String CHECKPOINT = "2E7D2A90-0000-0000-0000-000000000002";

    private static VirtualMachine machine(String id, String name) {
        return new VirtualMachine(id, name, List.of(2), null, List.of(), List.of());
    }

    private static String command(String name) {
        return Remedies.checkpoint(
                        "NODE1",
                        machine(MACHINE, name),
                        new RecoveryCheckpoint("Microsoft:" + CHECKPOINT, "x", null, List.of()))
                .command();
    }

    @Test
    void onlyTheOneCheckpointIsRemoved() {
        assertThat(command("SQL 1"))
                .isEqualTo(
                        "Get-VMSnapshot -VMName 'SQL 1' -SnapshotType Recovery | Where-Object -Property Id -EQ -Value '"
                                + CHECKPOINT + "' | Remove-VMSnapshot");
    }

    @Test
    void aQuoteInTheNameIsDoubled() {
        assertThat(command("Ann's")).startsWith("Get-VMSnapshot -VMName 'Ann''s' -SnapshotType");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SQL*",
                "SQL [1]",
                "a?",
                "`a",
                "\u2019; Stop-Computer; \u2018",
                "two  spaces",
                " a",
                "a ",
                "a\nb",
                "a|b"
            })
    void aMachineWithAnotherNameIsNamedByItsId(String name) {
        assertThat(command(name))
                .isEqualTo("Get-VM -Id '" + MACHINE
                        + "' | Get-VMSnapshot -SnapshotType Recovery | Where-Object -Property Id -EQ -Value '"
                        + CHECKPOINT
                        + "' | Remove-VMSnapshot");
    }

    /** Everything outside the quotes is the same whatever the names are. */
    @Test
    void noNameAndNoIdEndsTheQuotes() {
        for (String name : OddNames.all()) {
            Remedy checkpoint = Remedies.checkpoint(
                    "NODE1", machine(name, name), new RecoveryCheckpoint(name, name, null, List.of()));
            Remedy merge = Remedies.notMerging("NODE1", machine(name, name));

            assertThat(unquoted(checkpoint.command()))
                    .isIn(
                            "Get-VMSnapshot -VMName  -SnapshotType Recovery | Where-Object -Property Id -EQ -Value  | Remove-VMSnapshot",
                            "Get-VM -Id  | Get-VMSnapshot -SnapshotType Recovery | Where-Object -Property Id -EQ -Value  | Remove-VMSnapshot");
            assertThat(unquoted(merge.command()))
                    .isEqualTo(unquoted(Remedies.notMerging("NODE1", machine(MACHINE, "SQL1"))
                            .command()));
        }
    }

    /** A doubled quote leaves nothing behind, too. */
    private static String unquoted(String command) {
        assertThat(command).doesNotContain("\n", "\r");
        return command.replaceAll("'[^']*'", "");
    }

    @Test
    void mergingIsSwitchedOnForThisMachine() {
        assertThat(Remedies.notMerging("NODE1", machine(MACHINE, "SQL1")).command())
                .isEqualTo("Get-WmiObject -Namespace root\\virtualization\\v2 -Class Msvm_DiskMergeSettingData"
                        + " | Where-Object {$_.InstanceID.StartsWith('Microsoft:" + MACHINE
                        + "', 'OrdinalIgnoreCase')} | ForEach-Object {$_.EnabledState = 1;"
                        + " (Get-WmiObject -Namespace root\\virtualization\\v2 -Class Msvm_VirtualSystemManagementService)"
                        + ".ModifyDiskMergeSettings($_.GetText(1))}");
    }

    @Test
    void aShadowCopyIsDeletedByVssadminOrDiskshadow() {
        Remedy remedy = Remedies.shadowCopy(
                "NODE2", new ShadowCopy("{" + CHECKPOINT + "}", "s", "p", "v", "m", true, ShadowCopy.CREATED, null));

        assertThat(remedy.command()).isEqualTo("vssadmin delete shadows \"/shadow={" + CHECKPOINT + "}\"");
        assertThat(remedy.advice()).endsWith("diskshadow instead: delete shadows id {" + CHECKPOINT + "}.");
    }

    @Test
    void eachAdviceSaysFirstToLookForABackupAndThenWhere() {
        VirtualMachine machine = machine(MACHINE, "SQL1");
        List<Remedy> all = List.of(
                Remedies.checkpoint("NODE2", machine, new RecoveryCheckpoint(CHECKPOINT, "x", null, List.of())),
                Remedies.notMerging("NODE2", machine),
                Remedies.stuckMachine("NODE2"),
                Remedies.shadowCopy(
                        "NODE2", new ShadowCopy("{i}", "s", "p", "v", "m", true, ShadowCopy.CREATED, null)));

        assertThat(all)
                .hasSize(LeftoverKind.values().length)
                .extracting(Remedy::advice)
                .allSatisfy(advice -> assertThat(advice)
                        .startsWith("First check that no backup ")
                        .contains("backup product")
                        .contains("Then run the command on NODE2, as administrator"));
    }
}
