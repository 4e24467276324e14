package io.github.csvbackup.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.cluster.WindowsVersion;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.ServiceWatch;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The guard's complete decision table, with all combinations of observations, and its excerpt in guard.md. */
class DecisionTableTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final Guard GUARD = new Guard(SETTINGS);
    private static final String GUID = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000001}\\";
    private static final Problem PROBLEM = new Problem("it failed", "Fix it.");

    private static final String OLD_RULE =
            "Down at every poll for quiet-time, and no node has Windows Server 2016 or later";

    /** The observations of a node. */
    private static final Map<String, SeenNode> NODES = nodes();

    /** @param downSince null if the node is not Down */
    private record SeenNode(Node node, @Nullable Instant downSince) {
        SeenNode(String name, NodeState state, @Nullable Integer status) {
            this(new Node(name, state, status), state.isDown() ? NOW.minus(Duration.ofHours(1)) : null);
        }

        static SeenNode oldAndDown(String name, @Nullable WindowsVersion version, Duration time) {
            return new SeenNode(new Node(name, NodeState.DOWN, null).withVersion(version), NOW.minus(time));
        }
    }

    private static Map<String, SeenNode> nodes() {
        Map<String, SeenNode> nodes = new LinkedHashMap<>();
        nodes.put("Up", new SeenNode("NODE2", NodeState.UP, null));
        nodes.put("Paused", new SeenNode("NODE2", NodeState.PAUSED, 0));
        nodes.put("Joining", new SeenNode("NODE2", NodeState.JOINING, 0));
        nodes.put("Down, neither isolated nor quarantined", new SeenNode("NODE2", NodeState.DOWN, 0));
        nodes.put("Down, and the agent runs on it", new SeenNode("NODE1", NodeState.DOWN, 0));
        nodes.put("Down and isolated", new SeenNode("NODE2", NodeState.DOWN, Node.ISOLATED));
        nodes.put("Down and quarantined", new SeenNode("NODE2", NodeState.DOWN, Node.QUARANTINED));
        nodes.put("Down, status not readable", new SeenNode("NODE2", NodeState.DOWN, null));
        nodes.put(OLD_RULE, SeenNode.oldAndDown("NODE2", new WindowsVersion(6, 3), SETTINGS.quietTime()));
        nodes.put(
                "Down at every poll for less than quiet-time, and no node has Windows Server 2016 or later",
                SeenNode.oldAndDown(
                        "NODE2", new WindowsVersion(6, 1), SETTINGS.quietTime().minusSeconds(1)));
        nodes.put(
                "Down for an hour with Windows Server 2016 or later, status not readable",
                SeenNode.oldAndDown("NODE2", new WindowsVersion(10, 0), Duration.ofHours(1)));
        nodes.put(
                "Down, the agent runs on it, and no node has Windows Server 2016 or later",
                SeenNode.oldAndDown("NODE1", new WindowsVersion(6, 1), Duration.ofHours(1)));
        nodes.put("unknown", new SeenNode("NODE2", NodeState.UNKNOWN, null));
        nodes.put("a number that the agent does not know", new SeenNode("NODE2", new NodeState(9), null));
        return nodes;
    }

    private static Map<String, ServiceWatch> services() {
        Map<String, ServiceWatch> services = new LinkedHashMap<>();
        services.put(
                "stopped at every check for quiet-time", new ServiceWatch(stopped(), NOW.minus(Duration.ofMinutes(4))));
        services.put(
                "stopped, for less than quiet-time", new ServiceWatch(stopped(), NOW.minus(Duration.ofMinutes(1))));
        for (int state = 2; state <= 8; state++) {
            ServiceStatus status = new ServiceStatus(state, 77L, null);
            services.put(status.stateName(), new ServiceWatch(NodeAnswer.of(NOW, status), null));
        }
        services.put("not checked yet", ServiceWatch.UNSEEN);
        services.put(
                "checked too long ago",
                new ServiceWatch(
                        NodeAnswer.of(NOW.minus(Duration.ofMinutes(9)), new ServiceStatus(1, null, null)),
                        NOW.minus(Duration.ofHours(1))));
        services.put("no answer, with any error", notAnswered(1722));
        return services;
    }

    private static ServiceWatch notAnswered(int code) {
        return new ServiceWatch(NodeAnswer.none(NOW, Problem.of(ClusterException.win32("OpenSCManager", code))), null);
    }

    @Test
    void aServiceThatDoesNotAnswerIsUnprovenWithAnyError() {
        ServiceWatch quiet = services().get("stopped at every check for quiet-time");
        for (Win32Error error : Win32Error.all()) {
            ServiceWatch silent = notAnswered(error.code());
            assertThat(ofNode(NODES.get("Up"), silent, quiet, null))
                    .as("VSS: %s", error)
                    .isEqualTo(Verdict.UNPROVEN);
            assertThat(ofNode(NODES.get("Up"), quiet, silent, null))
                    .as("swprv: %s", error)
                    .isEqualTo(Verdict.UNPROVEN);
        }
    }

    private static NodeAnswer<ServiceStatus> stopped() {
        return NodeAnswer.of(NOW, new ServiceStatus(ServiceStatus.STOPPED, null, null));
    }

    private static Map<String, @Nullable NodeAnswer<ShadowCopies>> looks() {
        Map<String, @Nullable NodeAnswer<ShadowCopies>> looks = new LinkedHashMap<>();
        looks.put("not asked (the clear itself asks)", null);
        looks.put("none", told(List.of(), ServiceStatus.STOPPED));
        looks.put("none, but VSS ran before they were asked for", told(List.of(), ServiceStatus.RUNNING));
        looks.put("persistent, older than the state", copies(true, 12, NOW.minus(Duration.ofDays(1))));
        looks.put(
                "persistent, older than the state, but VSS ran before they were asked for",
                told(List.of(copy(true, 12, NOW.minus(Duration.ofDays(1)))), ServiceStatus.RUNNING));
        looks.put("persistent, not older than the state", copies(true, 12, NOW.minus(Duration.ofMinutes(5))));
        looks.put("persistent, of an unknown age", copies(true, 12, null));
        looks.put("auto-release: its requester is alive", copies(false, 12, NOW.minus(Duration.ofDays(1))));
        looks.put("being made", copies(true, 5, NOW));
        looks.put("aborted or deleted", copies(false, 13, NOW));
        looks.put("live, of a volume that the agent does not know", of("\\\\FS1\\share\\", false, NOW));
        looks.put(
                "persistent, of a volume that the agent does not know, not older than the state",
                of("\\\\FS1\\share\\", true, NOW.minus(Duration.ofMinutes(5))));
        looks.put(
                "persistent, of a volume that the agent does not know, older than the state",
                of("\\\\FS1\\share\\", true, NOW.minus(Duration.ofDays(1))));
        looks.put("no answer", NodeAnswer.none(NOW, PROBLEM));
        return looks;
    }

    private static NodeAnswer<ShadowCopies> copies(boolean persistent, int state, @Nullable Instant created) {
        return told(List.of(copy(persistent, state, created)), ServiceStatus.STOPPED);
    }

    private static NodeAnswer<ShadowCopies> of(String volumeName, boolean persistent, Instant created) {
        return told(
                List.of(new ShadowCopy("{c}", "{s}", "{p}", volumeName, "NODE2", persistent, 12, created)),
                ServiceStatus.STOPPED);
    }

    private static ShadowCopy copy(boolean persistent, int state, @Nullable Instant created) {
        return new ShadowCopy("{c}", "{s}", "{p}", GUID, "NODE2", persistent, state, created);
    }

    private static NodeAnswer<ShadowCopies> told(List<ShadowCopy> copies, int vssBefore) {
        return NodeAnswer.of(NOW, new ShadowCopies(copies, new ServiceStatus(vssBefore, null, null), List.of()));
    }

    private static WatchedVolume volume(
            BackupState state, ResourceState resource, @Nullable Problem problem, @Nullable Instant observedSince) {
        return new WatchedVolume(
                new Volume("id", "Disk", "NODE1", resource, "C:\\V", GUID, FaultState.NO_FAULTS, state),
                problem,
                new Moment(NOW, null),
                NOW.minus(Duration.ofHours(2)),
                observedSince,
                observedSince,
                true,
                1,
                null,
                true);
    }

    private static WatchedVolume old() {
        return volume(BackupState.IN_PROGRESS, ResourceState.ONLINE, null, NOW.minus(Duration.ofMinutes(40)));
    }

    private static Verdict verdict(
            WatchedVolume volume,
            Instant lastSuccess,
            @Nullable Problem pollError,
            SeenNode seen,
            ServiceWatch vss,
            ServiceWatch provider,
            @Nullable NodeAnswer<ShadowCopies> look) {
        return verdict(volume, lastSuccess, pollError, seen, vss, provider, look, List.of(), List.of());
    }

    private static Verdict verdict(
            WatchedVolume volume,
            Instant lastSuccess,
            @Nullable Problem pollError,
            SeenNode seen,
            ServiceWatch vss,
            ServiceWatch provider,
            @Nullable NodeAnswer<ShadowCopies> look,
            List<MachineBackup> machines,
            List<MachineBackup> machinesOfOthers) {
        Node node = seen.node();
        Snapshot snapshot = new Snapshot(
                NOW.minus(Duration.ofHours(3)),
                lastSuccess,
                new Moment(lastSuccess, null),
                Duration.ofMillis(5),
                pollError,
                100,
                0,
                "CLUSTER",
                "NODE1",
                List.of(node),
                seen.downSince() == null ? Map.of() : Map.of(node.name(), seen.downSince()),
                List.of(volume),
                List.of(volume.volume().resourceId()),
                List.of(),
                Map.of(node.name(), new NodeWatch(node.name(), vss, provider, null, null, null, machinesOfOthers)),
                null,
                DurationHistogram.EMPTY,
                new MachineBackups(true, machines),
                List.of());
        Map<String, NodeAnswer<ShadowCopies>> fresh = look == null ? Map.of() : Map.of(node.name(), look);
        return GUARD.assess(snapshot, volume, fresh, NOW).verdict();
    }

    private static Verdict ofNode(
            SeenNode node, ServiceWatch vss, ServiceWatch provider, @Nullable NodeAnswer<ShadowCopies> look) {
        return verdict(old(), NOW, null, node, vss, provider, look);
    }

    @Test
    void everyCombinationOfWhatANodeShows() {
        int combinations = 0;
        for (Map.Entry<String, SeenNode> node : NODES.entrySet()) {
            for (Map.Entry<String, ServiceWatch> vss : services().entrySet()) {
                for (Map.Entry<String, ServiceWatch> provider : services().entrySet()) {
                    for (Map.Entry<String, @Nullable NodeAnswer<ShadowCopies>> look : looks().entrySet()) {
                        assertThat(ofNode(node.getValue(), vss.getValue(), provider.getValue(), look.getValue()))
                                .as("%s / %s / %s / %s", node.getKey(), vss.getKey(), provider.getKey(), look.getKey())
                                .isEqualTo(expected(node.getKey(), vss.getKey(), provider.getKey(), look.getKey()));
                        combinations++;
                    }
                }
            }
        }
        assertThat(combinations).isGreaterThan(28_000);
    }

    private static Verdict expected(String node, String vss, String provider, String look) {
        if (node.equals("Down, neither isolated nor quarantined")) {
            return Verdict.CLEARABLE;
        }
        if (node.equals("Down, and the agent runs on it")) {
            return Verdict.UNPROVEN;
        }
        if (node.equals(OLD_RULE)) {
            return expectedOfTheDead(vss, provider, look);
        }
        if (look.startsWith("auto-release") || look.equals("being made")) {
            return Verdict.ACTIVE;
        }
        boolean known = List.of("Up", "Paused", "Joining").contains(node)
                && vss.equals("stopped at every check for quiet-time")
                && provider.equals("stopped at every check for quiet-time")
                && !look.startsWith("persistent, not")
                && !look.startsWith("persistent, of an")
                && !look.startsWith("live, of")
                && !look.equals("persistent, of a volume that the agent does not know, not older than the state")
                && !look.endsWith("but VSS ran before they were asked for")
                && !look.equals("no answer");
        return known ? Verdict.CLEARABLE : Verdict.UNPROVEN;
    }

    /** An answer of a node that counts as dead counts like any other; a missing answer does not. */
    private static Verdict expectedOfTheDead(String vss, String provider, String look) {
        String quiet = "stopped at every check for quiet-time";
        return expected(
                "Up",
                vss.startsWith("no answer") ? quiet : vss,
                provider.startsWith("no answer") ? quiet : provider,
                look.equals("no answer") ? "none" : look);
    }

    @Test
    void everyCombinationOfWhatAVolumeShows() {
        SeenNode up = NODES.get("Up");
        ServiceWatch quiet = services().get("stopped at every check for quiet-time");
        for (@Nullable Problem pollError : new @Nullable Problem[] {null, PROBLEM}) {
            for (Instant lastSuccess : List.of(NOW, NOW.minus(Duration.ofMinutes(9)))) {
                for (@Nullable Problem unread : new @Nullable Problem[] {null, PROBLEM}) {
                    for (ResourceState resource : List.of(ResourceState.ONLINE, new ResourceState(3))) {
                        for (int state : List.of(0, 1, 7)) {
                            for (@Nullable
                            Instant since : new @Nullable Instant[] {
                                null, NOW.minus(Duration.ofMinutes(29)), NOW.minus(Duration.ofMinutes(31))
                            }) {
                                boolean seen = pollError == null && lastSuccess.equals(NOW) && unread == null;
                                boolean proven = seen && resource.isOnline();
                                boolean longEnough = since != null && since.isBefore(NOW.minus(SETTINGS.staleAfter()));
                                Verdict expected;
                                if (seen && state == 0) {
                                    expected = Verdict.IDLE;
                                } else if (!proven || state != 1) {
                                    expected = Verdict.UNPROVEN;
                                } else {
                                    expected = longEnough ? Verdict.CLEARABLE : Verdict.RECENT;
                                }

                                assertThat(verdict(
                                                volume(new BackupState(state), resource, unread, since),
                                                lastSuccess,
                                                pollError,
                                                up,
                                                quiet,
                                                quiet,
                                                null))
                                        .as("%s %s %s %s %s %s", pollError, lastSuccess, unread, resource, state, since)
                                        .isEqualTo(expected);
                            }
                        }
                    }
                }
            }
        }
    }

    private static String lineOfVolume(
            String seen, WatchedVolume volume, Instant lastSuccess, @Nullable Problem pollError) {
        ServiceWatch quiet = services().get("stopped at every check for quiet-time");
        return line(
                "the volume: " + seen, verdict(volume, lastSuccess, pollError, NODES.get("Up"), quiet, quiet, null));
    }

    private static Map<String, List<MachineBackup>> machines() {
        VolumeKey volume = old().volume().key();
        Map<String, List<MachineBackup>> machines = new LinkedHashMap<>();
        machines.put("none says that it is being backed up", List.of());
        machines.put("it lies on the volume and says that it is being backed up", List.of(machine(volume, NOW)));
        machines.put(
                "it said so more than five minutes ago, and Hyper-V has not answered since",
                List.of(machine(volume, NOW.minus(Duration.ofMinutes(6)))));
        machines.put(
                "it lies on another volume and says that it is being backed up",
                List.of(machine(new VolumeKey("id", "\\\\?\\Volume{other}\\"), NOW)));
        return machines;
    }

    private static MachineBackup machine(VolumeKey volume, Instant at) {
        return new MachineBackup(volume, "NODE1", "SQL-7", at);
    }

    private static List<String> linesOfTheVolume() {
        Instant longAgo = NOW.minus(Duration.ofMinutes(40));
        BackupState set = BackupState.IN_PROGRESS;
        ResourceState online = ResourceState.ONLINE;
        return List.of(
                lineOfVolume("observed for longer than stale-after", old(), NOW, null),
                lineOfVolume(
                        "observed for less than stale-after",
                        volume(
                                set,
                                online,
                                null,
                                NOW.minus(SETTINGS.staleAfter()).plusSeconds(1)),
                        NOW,
                        null),
                lineOfVolume("not observed without a gap", volume(set, online, null, null), NOW, null),
                lineOfVolume("its state is NONE", volume(BackupState.NONE, online, null, null), NOW, null),
                lineOfVolume(
                        "its state is a number that the agent does not know",
                        volume(new BackupState(7), online, null, longAgo),
                        NOW,
                        null),
                lineOfVolume("its resource is not online", volume(set, new ResourceState(3), null, longAgo), NOW, null),
                lineOfVolume("the last poll could not read it", volume(set, online, PROBLEM, longAgo), NOW, null),
                lineOfVolume("the last poll failed", old(), NOW, PROBLEM),
                lineOfVolume("the last poll is too old", old(), NOW.minus(Duration.ofMinutes(9)), null));
    }

    /** Each line differs from a clearable volume in one thing. */
    private static List<String> excerpt() {
        SeenNode up = NODES.get("Up");
        ServiceWatch quiet = services().get("stopped at every check for quiet-time");
        List<String> lines = new ArrayList<>(List.of("| seen | verdict |", "|---|---|"));
        lines.addAll(linesOfTheVolume());
        NODES.forEach((name, node) -> lines.add(line("a node is " + name, ofNode(node, quiet, quiet, null))));
        services().forEach((name, service) -> {
            Verdict ofVss = ofNode(up, service, quiet, null);
            assertThat(ofNode(up, quiet, service, null)).as(name).isEqualTo(ofVss);
            lines.add(line("VSS or swprv on a node: " + name, ofVss));
        });
        looks().forEach((name, look) ->
                lines.add(line("shadow copies of a node: " + name, ofNode(up, quiet, quiet, look))));
        machines()
                .forEach((name, machines) -> lines.add(line(
                        "a virtual machine on this node: " + name,
                        verdict(old(), NOW, null, up, quiet, quiet, null, machines, List.of()))));
        machines()
                .forEach((name, machines) -> lines.add(line(
                        "a virtual machine on another node, told by its agent: " + name,
                        verdict(old(), NOW, null, up, quiet, quiet, null, List.of(), machines))));
        return lines;
    }

    private static String line(String seen, Verdict verdict) {
        return "| " + seen + " | `" + verdict + "` |";
    }

    /** With -Dcsvbackup.write-docs=true the test writes it there. */
    @Test
    void theDocumentHasTheExcerptThatTheGuardItselfGives() throws Exception {
        Path file = Path.of("src/docs/guard.md");
        List<String> document = Files.readAllLines(file);
        int from = document.indexOf("<!-- the guard's table: made by DecisionTableTest -->");
        int to = document.indexOf("<!-- end of the guard's table -->");
        assertThat(from).isPositive().isLessThan(to);

        List<String> written = new ArrayList<>(document.subList(0, from + 1));
        written.addAll(excerpt());
        written.addAll(document.subList(to, document.size()));
        if (Boolean.getBoolean("csvbackup.write-docs")) {
            Files.writeString(file, String.join("\n", written) + "\n");
        }

        assertThat(Files.readAllLines(file)).isEqualTo(written);
    }
}
