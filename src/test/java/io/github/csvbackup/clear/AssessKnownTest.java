package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Assessments for anonymous callers: they must neither keep the VSS service running nor load the cluster. */
class AssessKnownTest extends ClearingFixture {
    @Test
    void whatThePollsSawIsAssessed() {
        assertThat(clearing.assess(VOLUME1 + "\\vm\\disk.vhdx", ANONYMOUS).verdict())
                .isEqualTo(Verdict.CLEARABLE);
        assertThatThrownBy(() -> clearing.assess("C:\\Windows", ANONYMOUS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not on a Cluster Shared Volume");
    }

    @Test
    void neitherTheClusterNorANodeIsAsked() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 4711L, null));
        pollFor(Duration.ofSeconds(10));
        while (cluster.askedForShadowCopies.isEmpty()) {
            // A poll asks once and does not wait.
            Thread.onSpinWait();
        }
        long polls = watcher.snapshot().polls();
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);

        Assessment assessment = clearing.assess(VOLUME1, ANONYMOUS);

        assertThat(assessment.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(cluster.askedForShadowCopies).containsExactly("NODE2");
        assertThat(watcher.snapshot().polls()).isEqualTo(polls);
    }

    @Test
    void beforeTheFirstPollNothingIsKnown() {
        Watcher fresh = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
        Clearing early = new Clearing(
                new ClearContext(
                        cluster,
                        fresh,
                        evidence,
                        new Guard(SETTINGS),
                        audit::add,
                        clock,
                        clock::nanoTime,
                        clock::advance,
                        () -> {},
                        events::add),
                new ClearSettings(false, Duration.ofSeconds(5), SETTINGS.quietTime()));

        assertThatThrownBy(() -> early.assess(VOLUME1, ANONYMOUS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The cluster has not been read yet. Try again in a moment.");
    }
}
