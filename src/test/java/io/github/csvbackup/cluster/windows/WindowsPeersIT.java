package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two nodes of one cluster, each with a service control manager, a Java for Windows and an agent of its own. They identify each other with the
 * certificates of {@code certificates create}. Each denies the other's account access to its service control manager and WMI, as nodes deny it to
 * LocalSystem of another.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class WindowsPeersIT {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String DENIED = "error=Access denied\nhresult=-2147024891\n!exit 3\n";
    private static final String VSS_STOPPED = "vss-stopped NODE2";
    private static final String COPIES = "shadow-copies NODE2";

    private static LabNode node1;
    private static LabNode node2;

    @BeforeAll
    static void twoNodesWithCertificates() throws Exception {
        node1 = LabNode.open("NODE1");
        node2 = LabNode.open("NODE2");
        node2.lab().join(node1.lab());
        node1.createCertificates("NODE1,NODE2");
        node2.copyCertificate(node1);
    }

    @AfterAll
    static void close() throws Exception {
        for (LabNode node : new LabNode[] {node1, node2}) {
            if (node != null) {
                node.close();
            }
        }
    }

    @BeforeEach
    void aClusterWithoutBackup() throws Exception {
        node2.lab().cluster().reset();
        node1.lab()
                .cluster()
                .reset()
                .small("NODE1")
                .node("NODE2", 0, "")
                .fault("fail|OpenSCManager|5|0")
                .write();
        for (LabNode node : List.of(node1, node2)) {
            Files.deleteIfExists(node.lab().onDriveC("agent/state.jsonl"));
            node.lab().service(Cluster.VSS, false);
            node.lab().cluster().put("shadows", "end=0 0\n");
        }
        node1.lab().cluster().put("shadows-NODE2", DENIED);
        node2.lab().cluster().put("shadows-NODE1", DENIED);
    }

    /** A check of a result or an assessment. */
    private static Map<?, ?> check(Map<String, Object> result, String name) {
        return ((List<?>) result.get("checks"))
                .stream()
                        .map(check -> (Map<?, ?>) check)
                        .filter(check -> name.equals(check.get("name")))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(name + " is missing: " + result));
    }

    private static String seen(Map<String, Object> result, String name) {
        return String.valueOf(check(result, name).get("seen"));
    }

    private static void awaitClearable(LabAgent agent) throws Exception {
        node2.lab().service(Cluster.VSS, false);
        agent.awaitClearable(VOLUME);
    }

    /** Again if the lab stalled, as {@link LabAgent#clear}; the last question has started VSS on both nodes. */
    private static Map<String, Object> clear(LabAgent agent) throws Exception {
        awaitClearable(agent);
        Map<String, Object> result = agent.exec("clear", VOLUME);
        for (int tries = 1; tries < 3 && LabAgent.hasStalled(result.get("outcome"), result.get("message")); tries++) {
            awaitClearable(agent);
            result = agent.exec("clear", VOLUME);
        }
        return result;
    }

    /** What the command peers says on NODE1. */
    private static String peers(LabAgent agent1) throws Exception {
        return node1.command("peers", "--state-dir=C:\\agent", "--port=" + agent1.port());
    }

    @Test
    void theAgentOfTheOtherNodeGivesTheEvidenceForAClear() throws Exception {
        // An agent that runs for longer reads a volume of another node less often.
        node1.lab().cluster().state(1, 1);
        try (LabAgent agent2 = node2.agentAsking(node1);
                LabAgent agent1 = node1.agentAsking(node2)) {
            awaitClearable(agent1);
            assertThat(agent2.attribute("Node")).isEqualTo("NODE2");
            assertThat(agent2.volume(VOLUME)).containsEntry("backupState", "IN_PROGRESS");
            agent1.await(
                    "told by its agent",
                    () -> seen(agent1.exec("assess", VOLUME), VSS_STOPPED).contains(", told by its agent at "));
            assertThat(peers(agent1)).contains("\nanswered       NODE2: ").endsWith("exit code 0");

            Map<String, Object> result = clear(agent1);

            assertThat(result)
                    .containsEntry("outcome", "CLEARED")
                    .containsEntry("win32Code", 0L)
                    .containsEntry("stateAfter", "NONE");
            assertThat(seen(result, VSS_STOPPED)).contains(", told by its agent at ");
            assertThat(seen(result, "vss-stopped NODE1")).contains(", read from its service control manager at ");
            assertThat(seen(result, COPIES))
                    .startsWith("NODE2 has no shadow copy of this volume, told by its agent at ");
            assertThat(node1.lab().cluster().clears())
                    .containsExactly("ClusterClearBackupStateForSharedVolume " + VOLUME + "\\");
            assertThat(node2.lab().cluster().clears()).isEmpty();
            assertThat(node2.lab().cluster().log("answered shadows"))
                    .as("the list is of NODE2")
                    .contains("answered shadows");
            assertThat(Files.readString(node1.lab().onDriveC("lab/states"))).isEmpty();
            agent2.await(
                    "NODE2 sees it, too",
                    () -> "NONE".equals(agent2.volume(VOLUME).get("backupState")));
            assertThat(agent1.audit())
                    .anyMatch(line -> line.contains("\"CLEARED\"") && line.contains("ClusterStorage"));
        }
    }

    @Test
    void whatRunsOnTheOtherNodeAlonePreventsAClear() throws Exception {
        try (LabAgent agent2 = node2.agentAsking(node1);
                LabAgent agent1 = node1.agentAsking(node2)) {
            node1.lab().cluster().state(1, 1);
            awaitClearable(agent1);
            node2.lab().cluster().put("shadows", WindowsLabIT.liveCopy(LabCluster.guid(1)));

            Map<String, Object> result = clear(agent1);

            assertThat(result).containsEntry("outcome", "REFUSED").containsEntry("verdict", "ACTIVE");
            assertThat(seen(result, COPIES)).contains("{11111111-2222-4333-8444-555555555555}", "told by its agent at");

            // The question has started it there.
            node2.lab().service(Cluster.VSS, false);
            agent1.await(
                    "it has stopped",
                    () -> seen(agent1.exec("assess", VOLUME), VSS_STOPPED).contains("was seen stopped"));
            node2.lab().service(Cluster.VSS, true);
            agent1.await("it runs, told by its agent", () -> {
                String seen = seen(agent1.exec("assess", VOLUME), VSS_STOPPED);
                return seen.contains("the VSS service on NODE2 is RUNNING, process ")
                        && seen.contains("told by its agent at");
            });
            assertThat(agent2.attribute("LastPollError")).isNull();
            assertThat(node1.lab().cluster().clears()).isEmpty();
        }
    }

    @Test
    void withoutTheAgentOfTheOtherNodeNothingIsCleared() throws Exception {
        try (LabAgent agent1 = node1.agentAsking(node2)) {
            node1.lab().cluster().state(1, 1);
            try (LabAgent agent2 = node2.agentAsking(node1)) {
                awaitClearable(agent1);
                assertThat(agent2.attribute("LastPollError")).isNull();
            }

            agent1.await(
                    "it is unproven",
                    () -> "UNPROVEN".equals(agent1.exec("assess", VOLUME).get("verdict")));

            Map<?, ?> check = check(agent1.exec("assess", VOLUME), VSS_STOPPED);
            assertThat((String) check.get("seen"))
                    .contains(
                            "the agent of NODE2 at https://localhost:" + node2.port() + "/ took no connection: ",
                            "; its service control manager failed",
                            "ERROR_ACCESS_DENIED (5)");
            assertThat((String) check.get("remedy"))
                    .startsWith("Check that the agent on NODE2 runs with remote-host and this port");
            assertThat(agent1.exec("clear", VOLUME))
                    .containsEntry("outcome", "REFUSED")
                    .containsEntry("verdict", "UNPROVEN")
                    .hasEntrySatisfying(
                            "message",
                            message -> assertThat((String) message)
                                    .contains("took no connection", "NODE2", "Check that the agent on "));
            assertThat(peers(agent1))
                    .contains("NODE2: the agent of NODE2 at https://localhost:", "Check that the agent on NODE2 runs")
                    .endsWith("exit code 1");
            assertThat(node1.lab().cluster().clears()).isEmpty();
            assertThat(Files.readString(node1.lab().onDriveC("lab/states"))).contains("|1");
            List<String> asked = node1.lab().cluster().log("OpenSCManager");
            assertThat(asked).contains("OpenSCManager NODE2");
            long polls = (Long) agent1.attribute("PollTotal");
            agent1.await("more polls", () -> (Long) agent1.attribute("PollTotal") > polls + 5);
            assertThat(node1.lab().cluster().log("OpenSCManager"))
                    .as("who was denied access does not ask again")
                    .isEqualTo(asked);
        }
    }

    @Test
    void aNodeWithoutAnAddressIsNamed() throws Exception {
        try (LabAgent agent1 = node1.agent()) {
            node1.lab().cluster().state(1, 1);
            agent1.await(
                    "the reason is seen",
                    () -> seen(agent1.exec("assess", VOLUME), VSS_STOPPED)
                            .contains("the name NODE2.lab.invalid has no address"));
        }
    }

    /** Wine shows the modes of the file system below as access control lists. */
    @Test
    void aKeyThatOthersCanReadIsRefused() throws Exception {
        Path key = node2.certificate().resolve("agent.p12");
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        try {
            assertThatThrownBy(() -> node2.agentAsking(node1).close())
                    .hasMessageContaining(
                            "C:\\hv1\\NODE2\\agent.p12 can be read by others. Restrict access with: icacls");
        } finally {
            Files.setPosixFilePermissions(key, before);
        }
    }
}
