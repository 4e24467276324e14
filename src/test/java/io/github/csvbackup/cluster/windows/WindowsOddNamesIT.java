package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.cluster.Cluster;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Shared names of volumes and names beyond ASCII, through the real Windows calling convention. */
@ExtendWith(WithWineLab.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class WindowsOddNamesIT {
    private static final String PATH = "C:\\ClusterStorage\\Volume1";
    private static final String DISK = "Gr\u00f6\u00dfe \u65e5";

    private final WineLab lab = WithWineLab.lab();
    private final LabCluster cluster = lab.cluster();

    /** The agent's own node: a question for another one does not start VSS in the lab. */
    private static String node;

    @BeforeAll
    static void askForTheNodesName() throws Exception {
        node = LabAgent.nodeName(WithWineLab.lab());
    }

    @BeforeEach
    void oneNode() throws Exception {
        lab.service(Cluster.VSS, false);
        cluster.reset().small(node);
        cluster.put("shadows", "end=0 0\n");
    }

    /** The double clears each volume with the given path. */
    @Test
    void ofTwoVolumesWithOnePathTheOneThatIsMeantIsCleared() throws Exception {
        cluster.disk(2, 2, node, "Cluster Disk 2").volume(2, 2, PATH).write();
        cluster.put("states", LabCluster.guid(1) + "|1\n" + LabCluster.guid(2) + "|1\n");
        try (LabAgent agent =
                LabAgent.standalone(lab, "shared", "--poll-interval=200ms", "--stale-after=2s", "--quiet-time=1s")) {
            String guid = LabCluster.guid(1);
            agent.await(
                    "it is clearable",
                    () -> "CLEARABLE".equals(agent.exec("assess", guid).get("verdict")));
            Map<String, Object> refused = agent.exec("clear", PATH);

            assertThat(refused)
                    .containsEntry("outcome", "REFUSED")
                    .hasEntrySatisfying(
                            "message",
                            message -> assertThat((String) message)
                                    .contains(guid + " on Cluster Disk 1", LabCluster.guid(2) + " on Cluster Disk 2"));
            assertThat(cluster.clears()).isEmpty();
            assertThat(agent.get("metrics").statusCode()).isEqualTo(200);

            assertThat(agent.clear(guid)).containsEntry("outcome", "CLEARED").containsEntry("volume", guid);
            assertThat(cluster.clears()).containsExactly("ClusterClearBackupStateForSharedVolume " + guid);
            assertThat(agent.exec("assess", LabCluster.guid(2))).containsEntry("stateBefore", "IN_PROGRESS");
        }
    }

    @Test
    void aProbeNamesAHangAndEscapesWhatTheConsoleCannotShow() throws Exception {
        cluster.without("disk").disk(1, 2, node, DISK).write();
        String jar = LabAgent.windowsPath(PackagedJar.path());

        assertThat(lab.javaToItsEnd(List.of("-Dsun.stdout.encoding=UTF-8", "-jar", jar, "probe")))
                .contains("OK       volume " + PATH + ": backup state NONE")
                .contains(", " + DISK + " on " + node + ", ");

        cluster.fault("hang|GetClusterResourceState").write();
        try {
            assertThat(lab.javaToItsEnd(List.of("-Dsun.stdout.encoding=US-ASCII", "-jar", jar, "probe")))
                    .contains("UNKNOWN  disk Gr\\u00f6\\u00dfe \\u65e5: the check did not return within 10 s: it is in"
                            + " GetClusterResourceState on Gr\\u00f6\\u00dfe \\u65e5")
                    .matches(said -> StandardCharsets.US_ASCII.newEncoder().canEncode(said));
        } finally {
            cluster.release();
        }
    }
}
