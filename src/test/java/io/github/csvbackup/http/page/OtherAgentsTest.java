package io.github.csvbackup.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.peer.PeerOutcome;
import io.github.csvbackup.peer.PeerStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page says about the agents of other nodes. */
class OtherAgentsTest {
    private final Scene scene = new Scene();

    @Test
    void nothingIfNoneAreAsked() {
        scene.watcher.refresh();
        assertThat(Scene.visible(scene.text())).doesNotContain("Agents of other nodes");
    }

    @Test
    void eachWithItsAnswerAndTheRemedy() {
        scene.watcher.refresh();
        scene.peers = List.of(
                new PeerStatus(
                        "NODE2",
                        "https://node2/",
                        PeerOutcome.ANSWERED,
                        scene.clock.instant().minus(Duration.ofSeconds(3)),
                        "version 1: VSS STOPPED",
                        ""),
                new PeerStatus("NODE3", "", PeerOutcome.TIMEOUT, scene.clock.instant(), "it <hangs>", "Look at it."),
                new PeerStatus("NODE4", "", null, null, "was not asked", ""));

        assertThat(Scene.visible(scene.text()))
                .contains(
                        "Agents of other nodes",
                        "NODE2 answered version 1: VSS STOPPED. ",
                        "NODE3 no answer that counts it <hangs>. Look at it. ",
                        "NODE4 not asked was not asked.");
    }
}
