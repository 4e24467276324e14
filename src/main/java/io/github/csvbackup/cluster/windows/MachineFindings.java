package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What Hyper-V answered, with its own numbers, for a bug report. Pure. */
final class MachineFindings {
    private static final int MOST_MACHINES = 20;

    private MachineFindings() {}

    static List<Finding> of(Optional<List<VirtualMachine>> answer) {
        if (answer.isEmpty()) {
            return List.of(Finding.ok("hyper-v", "this node does not have the namespace root\\virtualization\\v2"));
        }
        List<VirtualMachine> machines = answer.get();
        List<VirtualMachine> unusual =
                machines.stream().filter(MachineFindings::isUnusual).toList();
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "hyper-v",
                machines.size() + " virtual machines; operational status " + counts(machines, MachineFindings::status)
                        + "; merging " + counts(machines, MachineFindings::merging)
                        + (unusual.size() > MOST_MACHINES
                                ? "; the first " + MOST_MACHINES + " unusual ones are:"
                                : "")));
        unusual.stream()
                .limit(MOST_MACHINES)
                .forEach(machine -> findings.add(Finding.ok("machine " + machine.name(), text(machine))));
        return findings;
    }

    private static boolean isUnusual(VirtualMachine machine) {
        return !machine.checkpoints().isEmpty()
                || machine.isBackingUp()
                || merging(machine).equals("0");
    }

    private static String counts(List<VirtualMachine> machines, Function<VirtualMachine, String> value) {
        return machines.stream()
                .collect(Collectors.groupingBy(value, TreeMap::new, Collectors.counting()))
                .toString();
    }

    private static String status(VirtualMachine machine) {
        return machine.operationalStatus().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static String merging(VirtualMachine machine) {
        Integer state = machine.mergeState();
        return state == null ? "absent" : state.toString();
    }

    private static String text(VirtualMachine machine) {
        return machine.id() + ", operational status " + status(machine) + ", merging " + merging(machine) + ", paths "
                + machine.paths()
                + machine.checkpoints().stream().map(MachineFindings::text).collect(Collectors.joining());
    }

    private static String text(RecoveryCheckpoint checkpoint) {
        return ", recovery checkpoint " + checkpoint.id() + ", created " + checkpoint.created() + ", paths "
                + checkpoint.paths();
    }
}
