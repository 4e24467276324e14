package io.github.csvbackup.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the page says about the evidence of each node. */
class SaidByNodesTest {
    private final Scene scene = new Scene();

    private String said() {
        String page = Scene.visible(scene.text());
        int begin = page.indexOf("Evidence of each node");
        return begin < 0 ? "" : page.substring(begin);
    }

    @Test
    void nothingWhileNoNodeIsAsked() {
        scene.watcher.refresh();
        assertThat(said()).isEmpty();
    }

    @Test
    void eachNodeWithWhoSaidWhatAndWhen() {
        scene.set(StubCluster.VOLUME1);
        scene.polls(Duration.ofMinutes(4));

        assertThat(said())
                .contains("NODE1 VSS was seen stopped at every check for 3 min 50 s, read from its service control"
                        + " manager at 05:04:00 +02:00; swprv was seen stopped at every check for 3 min 50 s, read from"
                        + " its service control manager at 05:04:00 +02:00; shadow copies were not listed. ");

        scene.live(StubCluster.guid(1));
        scene.polls(Duration.ofSeconds(20));

        assertThat(said())
                .contains("NODE2 VSS is RUNNING, read from its service control manager at 05:04:20 +02:00;")
                .contains("; 1 shadow copy, listed by its WMI at 05:04:10 +02:00.");
    }

    @Test
    void whyANodeSaidNothingAndWhatToDo() {
        scene.set(StubCluster.VOLUME1);
        scene.cluster.silentServices.add("NODE2");
        scene.polls(Duration.ofSeconds(10));

        assertThat(said())
                .containsPattern("NODE2 VSS could not be read: [^;]*RPC_S_SERVER_UNAVAILABLE[^;]*; swprv could"
                        + " not be read: [^;]*; shadow copies were not listed\\. [A-Z]");
    }
}
