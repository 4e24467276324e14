package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that do not answer in time. */
@Timeout(60)
class HangingNodesTest {
    /** So that a message can tell them together. */
    @Test
    void theirMessagesDifferOnlyInTheNode() {
        MovableClock clock = new MovableClock();
        StubCluster cluster = new StubCluster();
        CountDownLatch release = new CountDownLatch(1);
        cluster.onService = () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Duration deadline = Duration.ofSeconds(1);
        NodeEvidence evidence = new NodeEvidence(cluster, deadline, deadline, clock, clock::nanoTime);

        assertThat(evidence.vss(List.of("NODE1", "NODE2")).values())
                .extracting(answer -> answer.problem().message())
                .containsExactly(
                        "asking NODE1 for its VSS service did not return within 1 s",
                        "asking NODE2 for its VSS service did not return within 1 s");
        release.countDown();
    }
}
