package io.github.csvbackup.cluster.windows;

import static io.github.csvbackup.cluster.windows.MachineAnswer.guid;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineFindingsTest {
    private static VirtualMachine machine(int number, List<Integer> status, RecoveryCheckpoint... checkpoints) {
        return new VirtualMachine(
                guid(number), "vm" + number, status, number == 2 ? 0 : null, List.of("C:\\vm"), List.of(checkpoints));
    }

    @Test
    void aNodeWithoutHyperVIsFine() {
        assertThat(MachineFindings.of(Optional.empty()))
                .containsExactly(
                        Finding.ok("hyper-v", "this node does not have the namespace root\\virtualization\\v2"));
    }

    @Test
    void theNumbersOfWindowsAndTheUnusualMachinesAreThere() {
        RecoveryCheckpoint checkpoint = new RecoveryCheckpoint(
                "Microsoft:x", "vm3", Instant.parse("2026-11-26T02:30:00Z"), List.of("C:\\vm\\d.vhdx"));

        assertThat(MachineFindings.of(Optional.of(List.of(
                        machine(1, List.of(2)),
                        machine(2, List.of(2)),
                        machine(3, List.of(11, 32775), checkpoint),
                        machine(4, List.of(11, 32776))))))
                .containsExactly(
                        Finding.ok(
                                "hyper-v",
                                "4 virtual machines; operational status {[11, 32775]=1, [11, 32776]=1, [2]=2}; merging {0=1, absent=3}"),
                        Finding.ok("machine vm2", guid(2) + ", operational status [2], merging 0, paths [C:\\vm]"),
                        Finding.ok(
                                "machine vm3",
                                guid(3) + ", operational status [11, 32775], merging absent, paths [C:\\vm], recovery"
                                        + " checkpoint Microsoft:x, created 2026-11-26T02:30:00Z, paths [C:\\vm\\d.vhdx]"),
                        Finding.ok(
                                "machine vm4",
                                guid(4) + ", operational status [11, 32776], merging absent, paths [C:\\vm]"));
    }

    @Test
    void ofManyMachinesOnlySomeAreShown() {
        List<VirtualMachine> machines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            machines.add(machine(i, List.of(11, 32776)));
        }

        List<Finding> findings = MachineFindings.of(Optional.of(machines));

        assertThat(findings).hasSize(21);
        assertThat(findings.get(0).detail())
                .startsWith("1000 virtual machines")
                .endsWith("980 more unusual ones than are shown");
    }
}
