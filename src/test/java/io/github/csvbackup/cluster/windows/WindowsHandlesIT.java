package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each opened handle of the cluster is closed, whatever fails in between: the lab logs both. */
@ExtendWith(WithWineLab.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class WindowsHandlesIT {

    private final WineLab lab = WithWineLab.lab();
    private final LabCluster cluster = lab.cluster();

    @BeforeEach
    void oneNode() throws Exception {
        cluster.reset().small("NODE9").write();
    }

    @Test
    void noHandleIsLeftOpenWhateverFails() throws Exception {
        try (LabAgent agent = LabAgent.standalone(lab, "handles", "--poll-interval=60s")) {
            for (int code : new int[] {5, 1722, 5007, 5004, 234}) {
                for (WindowsErrorsIT.Function function : WindowsErrorsIT.Function.values()) {
                    cluster.fault("fail|" + function + "|" + code + "|1").write();
                    agent.refresh();
                    cluster.fault("fail|" + function + "|" + code + "|0").write();
                    agent.refresh();
                }
            }

            assertThat(cluster.log("open ")).hasSizeGreaterThan(50);
            awaitAllClosed(agent);
        }
    }

    /** Makes the agent close what it uses from poll to poll. */
    private void awaitAllClosed(LabAgent agent) throws Exception {
        cluster.fault("fail|ClusterOpenEnum|1722|0", "fail|OpenClusterEx|1722|0")
                .write();
        agent.refresh();
        agent.await("each handle is closed", () -> handles("open ").equals(handles("close ")));
        assertThat(cluster.log("bad handle")).isEmpty();
    }

    private List<String> handles(String verb) throws Exception {
        return cluster.log(verb).stream()
                .map(line -> line.substring(verb.length()))
                .sorted()
                .toList();
    }
}
