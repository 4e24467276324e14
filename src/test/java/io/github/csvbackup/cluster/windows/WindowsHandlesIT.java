package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever fails in between, each handle of the cluster that was opened is closed: the lab logs both. */
@ExtendWith(WithWineLab.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WindowsHandlesIT {

    @Test
    void noHandleIsLeftOpenWhateverFails() throws Exception {
        WineLab lab = WithWineLab.lab();
        LabCluster cluster = lab.cluster();
        lab.buildLibrary("clusapi");
        cluster.reset().small("NODE9").write();
        try (LabAgent agent = LabAgent.standalone(lab, "handles", "--poll-interval=60s")) {
            for (int code : new int[] {5, 1722, 5007, 5004, 234}) {
                for (WindowsErrorsIT.Function function : WindowsErrorsIT.Function.values()) {
                    cluster.fault("fail|" + function + "|" + code + "|1").write();
                    agent.refresh();
                    cluster.fault("fail|" + function + "|" + code + "|0").write();
                    agent.refresh();
                }
            }
            // All sessions are closed by that.
            cluster.fault("fail|ClusterOpenEnum|1722|0").write();
            agent.refresh();

            assertThat(cluster.log("open ")).hasSizeGreaterThan(50);
            agent.await("each handle is closed", () -> handles(cluster, "open ").equals(handles(cluster, "close ")));
        } finally {
            lab.buildLibrary("clusapi", "-DNOTIFY");
        }
    }

    private static List<String> handles(LabCluster cluster, String verb) throws Exception {
        return cluster.log(verb).stream()
                .map(line -> line.substring(verb.length()))
                .sorted()
                .toList();
    }
}
