package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What Hyper-V answered, with its own numbers, for a bug report. Pure. */
final class MachineFindings {
    private static final int MOST_MACHINES = 20;

    private MachineFindings() {}

    static List<Finding> of(Optional<List<VirtualMachine>> answer) {
        if (answer.isEmpty()) {
            return List.of(Finding.ok("hyper-v", "this node does not have the namespace root\\virtualization\\v2"));
        }
        Map<String, Integer> statuses = new TreeMap<>();
        Map<String, Integer> mergings = new TreeMap<>();
        List<Finding> unusual = new ArrayList<>();
        int left = 0;
        for (VirtualMachine machine : answer.get()) {
            count(statuses, machine.operationalStatus().toString());
            count(mergings, merging(machine));
            if (isUnusual(machine) && unusual.size() < MOST_MACHINES) {
                unusual.add(Finding.ok("machine " + machine.name(), text(machine)));
            } else if (isUnusual(machine)) {
                left++;
            }
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "hyper-v",
                answer.get().size() + " virtual machines; operational status " + statuses + "; merging " + mergings
                        + (left == 0 ? "" : "; " + left + " more unusual ones than are shown")));
        findings.addAll(unusual);
        return findings;
    }

    private static void count(Map<String, Integer> counts, String value) {
        counts.put(value, counts.getOrDefault(value, 0) + 1);
    }

    private static boolean isUnusual(VirtualMachine machine) {
        Integer state = machine.mergeState();
        return !machine.checkpoints().isEmpty()
                || machine.isBackingUp()
                || (state != null && state != VirtualMachine.MERGE_ENABLED);
    }

    private static String merging(VirtualMachine machine) {
        Integer state = machine.mergeState();
        return state == null ? "absent" : state.toString();
    }

    private static String text(VirtualMachine machine) {
        StringBuilder text = new StringBuilder(machine.id() + ", operational status " + machine.operationalStatus()
                + ", merging " + merging(machine) + ", paths " + machine.paths());
        for (RecoveryCheckpoint checkpoint : machine.checkpoints()) {
            text.append(", recovery checkpoint " + checkpoint.id() + ", created " + checkpoint.created() + ", paths "
                    + checkpoint.paths());
        }
        return text.toString();
    }
}
