package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.WindowsVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The virtual machines of the cluster, each with its disks on one volume. Thread-safe. */
final class SimulatedMachines {
    /** "Temporarily disabled" of Msvm_DiskMergeSettingData. */
    private static final int MERGE_DISABLED = 0;

    private static final int OK = 2;

    private final ClusterModel model;
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Set<String> withoutHyperV = new HashSet<>();
    private int made;

    private static final class Machine {
        final String id;
        final String name;
        /** The name of the disk that its volume lies on: the volume's path may change. */
        final String disk;

        final List<RecoveryCheckpoint> checkpoints = new ArrayList<>();
        String node;
        /** The checkpoint of a running backup; null if none runs. */
        @Nullable
        String backup;

        boolean merges = true;
        int files;
        long bytes;

        Machine(String id, String name, String disk, String node) {
            this.id = id;
            this.name = name;
            this.disk = disk;
            this.node = node;
        }

        /** What merging leaves: a differencing disk for each checkpoint. */
        void merge() {
            if (merges) {
                files = checkpoints.size();
                bytes = files == 0 ? 0 : bytes;
            }
        }
    }

    SimulatedMachines(ClusterModel model) {
        this.model = model;
    }

    synchronized void add(String node, String name, String volume) {
        String host = known(node);
        if (name == null || name.isEmpty() || machines.containsKey(name)) {
            throw new IllegalArgumentException(
                    "The name \"" + name + "\" is empty or belongs to another machine; choose another name.");
        }
        String id = String.format(Locale.ROOT, "5F0C9A10-0000-4000-B000-%012X", ++made);
        machines.put(name, new Machine(id, name, model.volumeAt(volume).resourceName(), host));
    }

    synchronized void remove(String machine) {
        machines.remove(machine(machine).name);
    }

    synchronized void move(String machine, String node) {
        machine(machine).node = known(node);
    }

    synchronized void addCheckpoint(String machine, long ageSeconds) {
        Machine owner = machine(machine);
        owner.checkpoints.add(checkpoint(owner, model.now().minus(Duration.ofSeconds(ageSeconds))));
        owner.files++;
    }

    private RecoveryCheckpoint checkpoint(Machine machine, Instant created) {
        String id = String.format(Locale.ROOT, "Microsoft:5F0C9A10-0000-4000-C000-%012X", ++made);
        return new RecoveryCheckpoint(
                id, machine.name + " - Backup", created, List.of(folder(machine) + "\\Snapshots"));
    }

    /** The oldest. */
    synchronized void removeCheckpoint(String machine) {
        Machine owner = machine(machine);
        if (owner.checkpoints.isEmpty()) {
            throw new IllegalArgumentException("The machine " + owner.name + " has no recovery checkpoint.");
        }
        owner.checkpoints.remove(0);
        owner.merge();
    }

    synchronized void backUp(String machine) {
        Machine owner = machine(machine);
        if (owner.backup != null) {
            throw new IllegalArgumentException(
                    "The machine " + owner.name + " is already being backed up; end that backup first.");
        }
        RecoveryCheckpoint checkpoint = checkpoint(owner, model.now());
        owner.backup = checkpoint.id();
        owner.checkpoints.add(checkpoint);
        owner.files++;
    }

    synchronized void endBackup(String machine) {
        Machine owner = machine(machine);
        if (owner.backup == null) {
            throw new IllegalArgumentException("The machine " + owner.name + " is not being backed up.");
        }
        owner.checkpoints.removeIf(checkpoint -> checkpoint.id().equals(owner.backup));
        owner.backup = null;
        owner.merge();
    }

    synchronized void setMerging(String machine, boolean on) {
        Machine owner = machine(machine);
        owner.merges = on;
        owner.merge();
    }

    synchronized void grow(String machine, long bytes) {
        Machine owner = machine(machine);
        if (bytes < 0) {
            throw new IllegalArgumentException("growDisks(" + bytes + "): use 0 or more bytes.");
        }
        if (owner.files == 0) {
            throw new IllegalArgumentException(
                    "The machine " + owner.name + " has no differencing disk; add a checkpoint first.");
        }
        owner.bytes += bytes;
    }

    synchronized void setHyperV(String node, boolean installed) {
        if (installed) {
            withoutHyperV.remove(known(node));
        } else {
            withoutHyperV.add(known(node));
        }
    }

    /** Empty if the node has no Hyper-V with the WMI namespace, which came with Windows Server 2012. */
    synchronized Optional<List<VirtualMachine>> on(String node) {
        WindowsVersion version = model.version(node);
        if (withoutHyperV.contains(node) || version.isOlderThan2012()) {
            return Optional.empty();
        }
        return Optional.of(machines.values().stream()
                .filter(machine -> machine.node.equals(node))
                .map(machine -> machine(machine, version.isOlderThan2016()))
                .toList());
    }

    private VirtualMachine machine(Machine machine, boolean isOlderThan2016) {
        String folder = folder(machine);
        return new VirtualMachine(
                machine.id,
                machine.name,
                machine.backup == null ? List.of(OK) : List.of(OK, VirtualMachine.BACKING_UP),
                isOlderThan2016 ? null : machine.merges ? VirtualMachine.MERGE_ENABLED : MERGE_DISABLED,
                List.of(folder, folder + "\\Virtual Hard Disks\\" + machine.name + ".vhdx"),
                machine.checkpoints);
    }

    private String folder(Machine machine) {
        return Objects.requireNonNull(model.volumeOn(machine.disk)).friendlyPath() + "\\" + machine.name;
    }

    /** Of the machines whose folder is one of these or lies below one, each once. */
    synchronized DifferencingDisks differencingDisks(List<String> folders) {
        long files = 0;
        long bytes = 0;
        for (Machine machine : machines.values()) {
            String path = folder(machine) + "\\Virtual Hard Disks\\";
            if (folders.stream().anyMatch(folder -> isBelow(path, folder))) {
                files += machine.files;
                bytes += machine.bytes;
            }
        }
        return new DifferencingDisks(files, bytes, true);
    }

    private static boolean isBelow(String path, String folder) {
        String parent = folder.endsWith("\\") ? folder : folder + "\\";
        return path.regionMatches(true, 0, parent, 0, parent.length());
    }

    synchronized List<String> lines() {
        return machines.values().stream().map(SimulatedMachines::line).toList();
    }

    private static String line(Machine machine) {
        return machine.name + " runs on " + machine.node + ", " + machine.checkpoints.size()
                + " recovery checkpoints, merging " + (machine.merges ? "on" : "off")
                + (machine.backup == null ? "" : ", is being backed up");
    }

    private String known(String node) {
        String name = model.nameOf(node);
        if (name == null) {
            throw new IllegalArgumentException(
                    "Unknown node \"" + node + "\"; allowed: " + String.join(", ", model.nodeNames()) + ".");
        }
        return name;
    }

    private Machine machine(String name) {
        Machine machine = machines.get(name);
        if (machine == null) {
            throw new IllegalArgumentException("Unknown machine \"" + name + "\"; "
                    + (machines.isEmpty()
                            ? "none was added."
                            : "allowed: " + String.join(", ", machines.keySet()) + "."));
        }
        return machine;
    }
}
