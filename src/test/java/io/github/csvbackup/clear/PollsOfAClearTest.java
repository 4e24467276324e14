package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The cluster calls of a clear, and paths that change their volume during it. */
@Tag("jdk-independent")
class PollsOfAClearTest extends ClearingFixture {
    private static final String VOLUME7 = "C:\\ClusterStorage\\Volume7";

    private final List<String> calls = new CopyOnWriteArrayList<>();

    private void recordCalls() {
        calls.clear();
        cluster.beforeReading = () -> calls.add("overview");
        cluster.beforeDisk = calls::add;
        cluster.duringClear = () -> calls.add("clear");
    }

    private long polls() {
        return calls.stream().filter("overview"::equals).count();
    }

    private static Volume onDisk7(String path) {
        return new Volume(
                "id-7",
                "Cluster Disk 7",
                "NODE1",
                ResourceState.ONLINE,
                path,
                StubCluster.guid(7),
                FaultState.NO_FAULTS,
                BackupState.NONE);
    }

    @Test
    void aClearPollsOnceBeforeTheCallAndOnceAfterIt() {
        recordCalls();

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);

        List<String> poll = List.of("overview", "Cluster Disk 1", "Cluster Disk 10");
        assertThat(calls).startsWith(poll.toArray(String[]::new)).endsWith(poll.toArray(String[]::new));
        assertThat(calls.subList(3, calls.size() - 3)).containsExactly("id-1", "clear", "id-1");
    }

    /** Each read is work for the owner of the disk. Before a clear it is for the names of all volumes. */
    @Test
    void afterABatchOnlyItsOwnVolumesAreReadOfThoseOfOtherNodes() {
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        cluster.volumes.replaceAll((path, volume) -> volume.ownedBy("NODE2"));
        cluster.put(onDisk7(VOLUME7).ownedBy("NODE2"));
        pollFor(Duration.ofMinutes(35));
        recordCalls();

        List<ClearResult> results = clearing.clearAll(List.of(VOLUME1, StubCluster.VOLUME10), OPERATOR);

        assertThat(results).extracting(ClearResult::outcome).containsOnly(Outcome.CLEARED);
        assertThat(calls.stream().filter("Cluster Disk 7"::equals))
                .as("before the clear")
                .hasSize(1);
        assertThat(calls.subList(calls.lastIndexOf("clear"), calls.size()))
                .contains("Cluster Disk 1", "Cluster Disk 10")
                .doesNotContain("Cluster Disk 7");
    }

    @Test
    void aRefusalPollsOnce() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        recordCalls();

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(polls()).isEqualTo(1);

        clearing.forceClear(VOLUME1, "another", REASON, OPERATOR);
        assertThat(polls()).isEqualTo(2);
    }

    @Test
    void aPollThatFailsBecauseOfABugFailsTheClearAndIsInTheAudit() {
        Watcher broken = new Watcher(cluster, evidence, SETTINGS, clock, () -> {
            throw new IllegalStateException("The poll failed unexpectedly: planted.");
        });
        VolumeWatch watch = new VolumeWatch() {
            @Override
            public Snapshot snapshot() {
                return watcher.snapshot();
            }

            @Override
            public Snapshot refresh() {
                return broken.refresh();
            }

            @Override
            public Snapshot refresh(Collection<Volume> volumes) {
                return refresh();
            }

            @Override
            public Volume readAgain(Volume volume) throws ClusterException {
                return watcher.readAgain(volume);
            }
        };

        ClearResult result = clearing(watch).clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.volume()).isEqualTo(VOLUME1);
        assertThat(result.message())
                .isEqualTo("The clear function was not called: The poll failed unexpectedly: planted."
                        + " Please report this bug with the agent's log.");
        assertThat(audit)
                .singleElement()
                .satisfies(line -> assertThat(line.fields()).containsEntry("outcome", "FAILED"));
        assertThat(cluster.cleared).isEmpty();
    }

    @Test
    void aPathThatIsNotFoundIsResolvedOnceMoreAfterAPoll() {
        recordCalls();
        cluster.put(onDisk7(VOLUME7));

        ClearResult added = clearing.clear(VOLUME7 + "\\vm", OPERATOR);

        assertThat(added.outcome()).isEqualTo(Outcome.NOTHING_TO_CLEAR);
        assertThat(added.volume()).isEqualTo(VOLUME7);
        // The second poll begins once the volume is taken.
        assertThat(polls()).isEqualTo(2);

        calls.clear();
        assertThat(clearing.clear("C:\\Windows", OPERATOR).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(polls()).isEqualTo(1);
    }

    @Test
    void aPathThatMeansAnotherVolumeAfterThePollIsRefused() {
        cluster.rename(VOLUME1, "C:\\ClusterStorage\\Old");
        Volume other = onDisk7(VOLUME1);
        cluster.volumes.put("taken over", StubCluster.in(other, BackupState.IN_PROGRESS));

        ClearResult result = clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message())
                .isEqualTo("The path resolved to " + StubCluster.guid(1) + " at the last poll and now resolves to "
                        + StubCluster.guid(7) + " (" + VOLUME1 + "). Check the path, then try again.");
        assertThat(kinds()).containsExactly("refused");
        nothingWasCalled();
        // Neither volume is still taken.
        ClearResult byGuid = clearing.clear(StubCluster.guid(1), OPERATOR);
        assertThat(byGuid.outcome()).as(byGuid.message()).isEqualTo(Outcome.CLEARED);
        ClearResult byPath = clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);
        assertThat(byPath.outcome()).as(byPath.message()).isEqualTo(Outcome.CLEARED);
        assertThat(cluster.cleared).containsExactly("C:\\ClusterStorage\\Old\\", VOLUME1 + "\\");
    }

    @Test
    void aVolumeThatIsGoneAfterThePollIsOnNoVolume() {
        cluster.volumes.remove(VOLUME1);

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.win32Code()).isEqualTo(87);
        assertThat(result.message()).contains("is not on a Cluster Shared Volume");
        nothingWasCalled();
    }

    @Test
    void aVolumeIsTakenBeforeThePoll() throws Exception {
        CountDownLatch polling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        cluster.beforeReading = () -> {
            polling.countDown();
            awaitQuietly(release);
        };
        CompletableFuture<ClearResult> first = CompletableFuture.supplyAsync(() -> clearing.clear(VOLUME1, OPERATOR));
        assertThat(polling.await(10, TimeUnit.SECONDS)).isTrue();

        ClearResult second = clearing.clear(VOLUME1, OPERATOR);

        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.message()).contains("A clear of " + VOLUME1 + " is already running");
        release.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.CLEARED);
    }
}
