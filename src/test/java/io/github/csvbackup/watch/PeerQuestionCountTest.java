package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one of 64 agents asks the others in a minute, with the default interval between polls. The figures are in operate.md. */
class PeerQuestionCountTest {
    private static final int NODES = 64;
    private static final int POLLS_A_MINUTE = 6;
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(10));

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = StubCluster.thatAnswersAtOnce();
    private final StubPeers peers = new StubPeers(cluster);
    private Watcher watcher;

    @BeforeEach
    void cluster() {
        peers.answersAtOnce = true;
        for (int n = 1; n <= NODES; n++) {
            String node = "NODE" + n;
            cluster.nodes.put(node, new Node(node, NodeState.UP, 0));
            cluster.services.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            cluster.softwareProviders.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            peers.agents.add(node);
        }
        NodeEvidence evidence = new NodeEvidence(
                cluster, peers, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
        watcher = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
        pollForAMinute();
    }

    @AfterEach
    void stop() {
        watcher.close();
    }

    private void pollForAMinute() {
        peers.asked.clear();
        for (int poll = 0; poll < POLLS_A_MINUTE; poll++) {
            clock.advance(SETTINGS.pollInterval());
            watcher.pollOnce();
        }
    }

    private int questionsAMinute() {
        pollForAMinute();
        return peers.asked.size();
    }

    @Test
    void anAgentAsksEachOtherOnceAPollWhileAStateIsSetAndNobodyElse() {
        assertThat(questionsAMinute()).isZero();

        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        assertThat(questionsAMinute()).isEqualTo((NODES - 1) * POLLS_A_MINUTE).isEqualTo(378);
        for (int n = 2; n <= NODES; n++) {
            assertThat(Collections.frequency(peers.asked, "NODE" + n)).isEqualTo(POLLS_A_MINUTE);
        }

        cluster.set(StubCluster.VOLUME1, BackupState.NONE);
        assertThat(questionsAMinute()).isZero();
    }

    /** However many states are set: one answer serves all volumes. */
    @Test
    void twoVolumesNeedNoMoreQuestionsThanOne() {
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);

        assertThat(questionsAMinute()).isEqualTo(378);
    }
}
