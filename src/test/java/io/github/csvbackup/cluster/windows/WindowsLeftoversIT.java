package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an agent on a Java for Windows finds left over: with a double of powershell.exe, and files at Windows' paths. */
@ExtendWith(WithWineLab.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class WindowsLeftoversIT {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    private static WineLab lab;
    private static String node;

    private final LabCluster cluster = lab.cluster();
    private final Path folder =
            lab.onDriveC("ClusterStorage").resolve("Volume1").resolve("sql");
    private final Path disk = folder.resolve("sql_1.AVHDX");

    @BeforeAll
    static void askForTheNodesName() throws Exception {
        lab = WithWineLab.lab();
        node = LabAgent.nodeName(lab);
    }

    @BeforeEach
    void aMachineHasAnOldCheckpoint() throws Exception {
        lab.service(Cluster.VSS, false);
        cluster.reset().small(node).write();
        cluster.put(
                "machines",
                new MachineAnswer()
                        .system(node, node, "2")
                        .system(MachineAnswer.guid(1), "sql \u00fc", "2")
                        .setting(
                                MachineAnswer.guid(2),
                                MachineAnswer.guid(1),
                                MachineList.RECOVERY,
                                "sql",
                                "20200102030405.000000+060",
                                VOLUME + "\\sql")
                        .text());
        cluster.put("shadows", """
            copy
            id={11111111-2222-4333-8444-555555555555}
            set={11111111-2222-4333-8444-666666666666}
            provider={b5946137-7b9f-4925-af80-51abd60b20d5}
            volume=%s
            machine=%s
            persistent=True
            state=12
            created=20200102030405.000000+060
            end=1 0
            """.formatted(LabCluster.guid(1).replace("\\", "\\\\"), node));
        Files.createDirectories(folder);
        Files.write(disk, new byte[4096]);
    }

    @AfterEach
    void vssStops() throws Exception {
        lab.service(Cluster.VSS, false);
        Files.delete(disk);
        Files.delete(folder);
    }

    private static List<Map<?, ?>> rows(LabAgent agent) throws Exception {
        return ((List<?>) agent.attribute("Leftovers"))
                .stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList();
    }

    @Test
    void anOldCheckpointWithItsDisksAndACopyOfAListThatSomebodyAskedFor() throws Exception {
        try (LabAgent agent =
                LabAgent.standalone(lab, "leftovers", "--poll-interval=200ms", "--leftover-interval=2s")) {
            agent.await(
                    "the disks are counted",
                    () -> rows(agent).size() == 1 && rows(agent).get(0).get("bytes") != null);
            Map<?, ?> checkpoint = rows(agent).get(0);
            assertThat(checkpoint.get("kind")).isEqualTo("CHECKPOINT");
            assertThat(checkpoint.get("volume")).isEqualTo(VOLUME);
            assertThat(checkpoint.get("machine")).isEqualTo("sql \u00fc");
            assertThat(checkpoint.get("created")).isEqualTo("2020-01-02T02:04:05Z");
            assertThat(checkpoint.get("files")).isEqualTo(1L);
            assertThat(checkpoint.get("bytes")).isEqualTo(4096L);
            assertThat(checkpoint.get("complete")).isEqualTo(true);
            lab.service(Cluster.VSS, true);
            int asked = cluster.log("hyper-v").size();
            agent.await("it is asked again", () -> cluster.log("hyper-v").size() > asked + 1);
            assertThat(cluster.log("powershell"))
                    .as("lists, also while VSS runs")
                    .isEmpty();

            agent.exec("shadowCopies", VOLUME);
            agent.await("the copy is left over", () -> rows(agent).size() == 2);
            assertThat(rows(agent)).anyMatch(row -> "SHADOW_COPY".equals(row.get("kind")));
            assertThat(cluster.log("powershell")).hasSize(1);
        }
    }
}
