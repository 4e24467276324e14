package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.WindowsVersion;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Controls the model for JMX. */
record SimulatedControls(ClusterModel model, Faults faults) implements SimulatedClusterMBean {
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})");

    private static final Map<String, Integer> SERVICE_STATES = Map.of(
            "STOPPED", ServiceStatus.STOPPED,
            "RUNNING", ServiceStatus.RUNNING,
            "START_PENDING", ServiceStatus.START_PENDING,
            "STOP_PENDING", ServiceStatus.STOP_PENDING);

    private static final List<FaultState> FAULT_STATES = List.of(
            FaultState.NO_FAULTS,
            FaultState.NO_DIRECT_IO,
            FaultState.NO_ACCESS,
            FaultState.IN_MAINTENANCE,
            FaultState.DISMOUNTED);

    @Override
    public String getSimulation() {
        return "This is a simulated cluster in memory, not a real one.";
    }

    @Override
    public String[] getVolumes() {
        return model.volumes().stream().map(SimulatedControls::line).toArray(String[]::new);
    }

    private static String line(Volume volume) {
        return volume.friendlyPath() + " is owned by " + volume.ownerNode() + ", backup state " + volume.backupState();
    }

    @Override
    public String[] getNodes() {
        return model.nodes().stream().map(this::line).toArray(String[]::new);
    }

    private String line(Node node) {
        return node.name() + " is " + node.state() + ", VSS service " + stateOf(node, Cluster.VSS) + ", swprv service "
                + stateOf(node, Cluster.SOFTWARE_PROVIDER);
    }

    private String stateOf(Node node, String service) {
        ServiceStatus status = model.service(node.name(), service);
        return status == null ? "missing" : status.stateName();
    }

    @Override
    public String getTime() {
        return model.now().toString();
    }

    @Override
    public long getClearCalls() {
        return model.clearCalls();
    }

    @Override
    public String[] getShadowCopyQueries() {
        return model.shadowCopyQueries().entrySet().stream()
                .map(node -> node.getKey() + ": " + node.getValue())
                .toArray(String[]::new);
    }

    @Override
    public String prepareBackup(String volume, String node) {
        model.prepare(volume, node);
        return "A backup of " + volume + " is prepared on " + node + ": the state is set and its timer runs.";
    }

    @Override
    public String startBackup(String volume, String node) {
        model.start(volume, node, false);
        return "A backup of " + volume + " is running on " + node + ".";
    }

    @Override
    public String startPersistentBackup(String volume, String node) {
        model.start(volume, node, true);
        return "A backup of " + volume + " is reading its persistent shadow copy on " + node + ".";
    }

    @Override
    public String completeBackup(String volume) {
        model.complete(volume);
        return "The backup of " + volume + " is complete: "
                + (model.volumeAt(volume).backupState().isNone()
                        ? "the state is cleared."
                        : "the state stays, because another one is running.");
    }

    @Override
    public String killBackup(String volume) {
        boolean timer = model.timerRuns(volume);
        String copy = model.kill(volume).persistent() ? "its shadow copy stays" : "its shadow copy is released";
        return "The backup of " + volume + " died: " + (timer ? "the timer goes on." : copy + " and the state stays.");
    }

    @Override
    public String moveVolume(String volume, String node) {
        model.move(volume, node);
        return line(model.volumeAt(volume)) + ".";
    }

    @Override
    public String renameVolume(String volume, String name) {
        model.rename(volume, name);
        return volume + " is now " + SimulatedVolume.ROOT + name + ".";
    }

    @Override
    public String setNodeState(String node, String state) {
        switch (upper(state)) {
            case "UP" -> model.setNode(node, NodeState.UP, 0, true);
            case "PAUSED" -> model.setNode(node, NodeState.PAUSED, 0, true);
            case "JOINING" -> model.setNode(node, NodeState.JOINING, 0, true);
            case "DOWN" -> model.setNode(node, NodeState.DOWN, 0, false);
            case "DOWN_UNKNOWN" -> model.setNode(node, NodeState.DOWN, null, false);
            case "ISOLATED" -> model.setNode(node, NodeState.DOWN, Node.ISOLATED, true);
            case "QUARANTINED" -> model.setNode(node, NodeState.DOWN, Node.QUARANTINED, true);
            default ->
                throw new IllegalArgumentException("Unknown node state \"" + state
                        + "\"; allowed: UP, DOWN, PAUSED, JOINING, ISOLATED, QUARANTINED, DOWN_UNKNOWN.");
        }
        return node + " is " + upper(state) + ".";
    }

    @Override
    public String setWindowsVersion(String node, String version) {
        Matcher matcher = VERSION.matcher(version == null ? "" : version);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Version \"" + version + "\" is not valid; use two numbers with a dot, such as 6.1 or 10.0.");
        }
        model.setVersion(
                node, new WindowsVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
        return node + " has Windows " + version + ".";
    }

    @Override
    public String setServiceState(String node, String service, String state) {
        Integer code = SERVICE_STATES.get(upper(state));
        if (service == null || code == null || !model.setService(node, service, code)) {
            throw new IllegalArgumentException(
                    "Service \"" + service + "\", state \"" + state
                            + "\": the service must be VSS or swprv, the state STOPPED, RUNNING, START_PENDING or STOP_PENDING.");
        }
        return "The service " + service + " on " + node + " is " + upper(state) + ".";
    }

    @Override
    public String addShadowCopy(String volume, String node, boolean persistent) {
        String id = model.addShadowCopy(volume, node, persistent);
        return "Shadow copy " + id + " of " + volume + " exists on " + node + ".";
    }

    @Override
    public String addForeignShadowCopy(String volumeName, String node, boolean persistent) {
        String id = model.addForeignShadowCopy(volumeName, node, persistent);
        return "Shadow copy " + id + " of " + volumeName + " exists on " + node + ".";
    }

    @Override
    public String removeShadowCopies(String volume) {
        return model.removeShadowCopies(volume) + " shadow copies of " + volume + " were removed.";
    }

    @Override
    public String setIoState(String volume, String node, String state, String reasons) {
        int code = VolumeIoState.STATES.indexOf(upper(state));
        if (code < 0) {
            throw new IllegalArgumentException(
                    "Unknown I/O state \"" + state + "\"; allowed: " + String.join(", ", VolumeIoState.STATES) + ".");
        }
        Set<VolumeIoState.Reason> set = reasons(reasons);
        model.setIo(volume, node, new SimulatedIo(code, set));
        return node + " reaches " + volume + " in the state " + upper(state) + ", reasons: "
                + (set.isEmpty() ? "none" : set) + ".";
    }

    private static Set<VolumeIoState.Reason> reasons(String text) {
        Set<VolumeIoState.Reason> reasons = EnumSet.noneOf(VolumeIoState.Reason.class);
        for (String name : upper(text).split(",", -1)) {
            if (!name.isBlank()) {
                reasons.add(Arrays.stream(VolumeIoState.Reason.values())
                        .filter(reason -> reason.name().equals(name.strip()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("Unknown reason \"" + name.strip()
                                + "\"; allowed: " + Arrays.toString(VolumeIoState.Reason.values()) + ".")));
            }
        }
        return reasons;
    }

    @Override
    public String setFaultState(String volume, String state) {
        FaultState fault = FAULT_STATES.stream()
                .filter(each -> each.toString().equals(upper(state)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Unknown fault state \"" + state + "\"; allowed: " + FAULT_STATES + "."));
        model.setFault(volume, fault);
        return "The fault state of " + volume + " is " + fault + ".";
    }

    @Override
    public String addOldShadowCopy(String volume, String node, long ageSeconds) {
        String id = model.addOldShadowCopy(volume, node, ageSeconds);
        return "Shadow copy " + id + " of " + volume + " exists on " + node + ".";
    }

    @Override
    public String[] getMachines() {
        return model.machines().lines().toArray(String[]::new);
    }

    @Override
    public String addMachine(String node, String name, String volume) {
        model.machines().add(node, name, volume);
        return "The machine " + name + " runs on " + node + ", with its disks on " + volume + ".";
    }

    @Override
    public String removeMachine(String machine) {
        model.machines().remove(machine);
        return "The machine " + machine + " is removed.";
    }

    @Override
    public String moveMachine(String machine, String node) {
        model.machines().move(machine, node);
        return "The machine " + machine + " runs on " + node + ".";
    }

    @Override
    public String addCheckpoint(String machine, long ageSeconds) {
        model.machines().addCheckpoint(machine, ageSeconds);
        return "The machine " + machine + " has one more recovery checkpoint.";
    }

    @Override
    public String removeCheckpoint(String machine) {
        model.machines().removeCheckpoint(machine);
        return "The oldest recovery checkpoint of the machine " + machine + " is removed.";
    }

    @Override
    public String backUpMachine(String machine) {
        model.machines().backUp(machine);
        return "The machine " + machine + " says that it is being backed up.";
    }

    @Override
    public String endMachineBackup(String machine) {
        model.machines().endBackup(machine);
        return "The backup of the machine " + machine + " has ended.";
    }

    @Override
    public String setMerging(String machine, boolean on) {
        model.machines().setMerging(machine, on);
        return "Merging of the disks of the machine " + machine + " is " + (on ? "on" : "off") + ".";
    }

    @Override
    public String growDisks(String machine, long bytes) {
        model.machines().grow(machine, bytes);
        return "The differencing disks of the machine " + machine + " have grown by " + bytes + " bytes.";
    }

    @Override
    public String setHyperV(String node, boolean installed) {
        model.machines().setHyperV(node, installed);
        return "The node " + node + " has " + (installed ? "" : "no ") + "Hyper-V.";
    }

    @Override
    public String failNextCalls(String function, int code, int times) {
        faults.fail(function, code, times);
        String calls = times == 1 ? "call of " + function + " returns " : times + " calls of " + function + " return ";
        return "The next " + calls + code + ".";
    }

    @Override
    public String failReads(String volume, int code) {
        faults.failReads(model.volumeAt(volume).resourceName(), code);
        return code == 0
                ? "The disk of " + volume + " can be read."
                : "Each read of the disk of " + volume + " returns " + code + ".";
    }

    @Override
    public String hangNextCall(String function) {
        faults.hang(function);
        return "The next call of " + function + " hangs until releaseHungCalls.";
    }

    @Override
    public String releaseHungCalls() {
        faults.release();
        return "All hung calls are released.";
    }

    @Override
    public String advance(long seconds) {
        model.advance(seconds);
        return "The cluster's time is " + model.now() + ".";
    }

    private static String upper(String text) {
        return text == null ? "" : text.toUpperCase(Locale.ROOT);
    }
}
