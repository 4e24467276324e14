package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What monitoring systems see at /healthz, and endpoints that are made on demand. */
class EndpointsTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final Request GET = new Request(
            "GET",
            URI.create("http://127.0.0.1/"),
            new RequestBody(new byte[0]),
            null,
            null,
            Identity.ANONYMOUS,
            "127.0.0.1",
            "http://127.0.0.1/");

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
            SETTINGS,
            clock,
            clock::nanoTime);
    private Optional<String> trouble = Optional.empty();
    private final HealthEndpoint health = new HealthEndpoint(watcher, SETTINGS, clock, Times.UTC, () -> trouble);

    @Test
    void healthIsBadBeforeTheFirstPollAndSaysSo() {
        assertThat(health.answer(GET).status()).isEqualTo(503);
        assertThat(health.answer(GET).body()).startsWith("The cluster has not been polled yet.");
    }

    @Test
    void healthIsGoodWhileTheLastPollIsFresh() {
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        watcher.refresh();

        assertThat(health.answer(GET).status()).isEqualTo(200);
        assertThat(health.answer(GET).body()).isEqualTo("ok\n");

        clock.advance(Duration.ofHours(1));
        assertThat(health.answer(GET).status()).isEqualTo(503);
        assertThat(health.answer(GET).body())
                .startsWith("The last successful poll ended ")
                .contains("Cluster service");
    }

    @Test
    void healthIsBadWhileAThreadOfTheAgentDoesNotWork() {
        watcher.refresh();
        trouble = Optional.of("These threads fail.");

        assertThat(health.answer(GET).status()).isEqualTo(503);
        assertThat(health.answer(GET).body()).isEqualTo("These threads fail.\n");

        trouble = Optional.empty();
        assertThat(health.answer(GET).status()).isEqualTo(200);
    }

    @Test
    void healthNamesTheFailureOfTheLastPoll() {
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        watcher.refresh();

        assertThat(health.answer(GET).status()).isEqualTo(503);
        assertThat(health.answer(GET).body()).contains("OpenClusterEx failed with RPC_S_SERVER_UNAVAILABLE (1722)");
    }

    private static UnreadableDisk disk(int number) {
        return new UnreadableDisk(
                "id-" + number, "Cluster Disk " + number, ClusterException.win32("OpenClusterResourceEx", 5));
    }

    @Test
    void healthIsBadIfNoSharedDiskCanBeReadAndSaysWhyWithoutNames() {
        cluster.volumes.clear();
        for (int n = 1; n <= 300; n++) {
            cluster.unreadable.add(disk(n));
        }
        watcher.refresh();

        assertThat(health.answer(GET).status()).isEqualTo(503);
        assertThat(health.answer(GET).body())
                .startsWith(
                        "No shared disk can be read, of 300: OpenClusterResourceEx failed with ERROR_ACCESS_DENIED (5)")
                .doesNotContain("Cluster Disk")
                .hasSizeLessThan(500);
    }

    @Test
    void healthIsGoodWhileOneSharedDiskCanBeReadOrThereIsNone() {
        cluster.unreadable.add(disk(7));
        watcher.refresh();
        assertThat(health.answer(GET).body()).isEqualTo("ok\n");

        cluster.unreadable.clear();
        cluster.volumes.clear();
        watcher.refresh();
        assertThat(health.answer(GET).body()).isEqualTo("ok\n");
    }

    @Test
    void healthIsGoodWhileTheOnlyDiskThatCanBeReadHasNoVolume() {
        cluster.volumes.clear();
        cluster.unreadable.add(disk(7));
        cluster.emptyDisks.add(new SharedDisk("id-8", "Cluster Disk 8", "NODE1", ResourceState.ONLINE));
        watcher.refresh();
        assertThat(watcher.snapshot().volumes()).isEmpty();
        assertThat(health.answer(GET).body()).isEqualTo("ok\n");

        cluster.unreadable.add(disk(8));
        watcher.refresh();
        assertThat(health.answer(GET).status()).isEqualTo(503);
        assertThat(health.answer(GET).body()).startsWith("No shared disk can be read, of 2: ");
    }

    /** What an earlier poll read of the volumes is old. */
    @Test
    void healthIsBadOnceEveryDiskHasFailed() {
        cluster.volumes.keySet().removeIf(path -> !path.equals(StubCluster.VOLUME1));
        watcher.refresh();
        assertThat(health.answer(GET).status()).isEqualTo(200);

        cluster.unreadable.add(new UnreadableDisk(
                cluster.volumes.get(StubCluster.VOLUME1).resourceId(),
                cluster.volumes.get(StubCluster.VOLUME1).resourceName(),
                ClusterException.win32("OpenClusterResourceEx", 5)));
        cluster.volumes.clear();
        watcher.refresh();
        assertThat(watcher.snapshot().volumes()).hasSize(1);
        assertThat(health.answer(GET).status()).isEqualTo(503);
    }

    @Test
    void anEndpointOnDemandIsMadeOnceAndTriedAgainIfThatFails() {
        AtomicInteger made = new AtomicInteger();
        Endpoint endpoint = new OnDemand(() -> {
            if (made.incrementAndGet() == 1) {
                throw new IllegalStateException("no memory");
            }
            return request -> Reply.text(200, "made " + made);
        });

        assertThat(made).hasValue(0);
        assertThatThrownBy(() -> endpoint.answer(GET)).hasMessage("no memory");
        assertThat(endpoint.answer(GET).body()).isEqualTo("made 2\n");
        assertThat(endpoint.answer(GET).body()).isEqualTo("made 2\n");
    }
}
