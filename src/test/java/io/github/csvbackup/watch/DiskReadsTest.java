package io.github.csvbackup.watch;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.threads.CallThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hanging disks under a clock that the test moves: these tests do not wait for deadlines. */
@Timeout(60)
class DiskReadsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String DISK1 = "Cluster Disk 1";
    private static final String DISK10 = "Cluster Disk 10";

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final DiskReads reads = new DiskReads(cluster, DEADLINE, clock, clock::nanoTime);
    private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Volume volume1 = cluster.volumes.get(VOLUME1);
    private final Volume volume10 = cluster.volumes.get(VOLUME10);

    DiskReadsTest() {
        cluster.beforeDisk = disk -> {
            asked.add(disk);
            CountDownLatch hangs = hanging.get(disk);
            if (hangs != null) {
                hangIn("ClusterResourceControl", hangs);
            }
        };
    }

    /** Reaches the deadline at once and hangs. */
    private void hangIn(String function, CountDownLatch until) {
        ActiveNativeCalls.begin(function);
        clock.advance(DEADLINE.plusSeconds(1));
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ActiveNativeCalls.end();
        }
    }

    @AfterEach
    void letGo() {
        hanging.values().forEach(CountDownLatch::countDown);
    }

    private void hang(String... disks) {
        for (String disk : disks) {
            hanging.put(disk, new CountDownLatch(1));
        }
    }

    private void release(String disk) {
        hanging.remove(disk).countDown();
    }

    private List<DiskAnswer<Volume>> read(String... disks) {
        return reads.volumes(List.of(disks));
    }

    private static String problem(DiskAnswer<Volume> answer) {
        return answer.problem() == null ? "none" : answer.problem().getMessage();
    }

    @Test
    void aDiskThatHangsIsUnreadableAndNamedWithTheFunctionAndTheOthersAreRead() {
        hang(DISK1);

        List<DiskAnswer<Volume>> answers = read(DISK1, DISK10);

        assertThat(problem(answers.get(0)))
                .isEqualTo("ClusterResourceControl on Cluster Disk 1 has not returned for 11 s");
        assertThat(answers.get(0).found()).isEmpty();
        assertThat(answers.get(1).found()).containsExactly(volume10);
        assertThat(answers.get(1).problem()).isNull();
    }

    @Test
    void threadsAreLeftForPollsWhileManyDisksOfOtherNodesHang() {
        String[] others =
                IntStream.rangeClosed(21, 28).mapToObj(n -> "Cluster Disk " + n).toArray(String[]::new);
        hang(others);

        assertThat(reads.volumesOfOthers(List.of(others))).allMatch(answer -> answer.problem() != null);
        assertThat(read(DISK1, DISK10)).extracting(DiskReadsTest::problem).containsExactly("none", "none");
    }

    @Test
    void theOwnersOfDisksAreReadWhileTheirVolumesHang() {
        hang(DISK1);
        read(DISK1, DISK10);

        assertThat(reads.states(List.of(DISK1, DISK10))).allMatch(answer -> answer.problem() == null);
        assertThat(problem(read(DISK1).get(0))).contains("has not returned");
    }

    @Test
    void aDiskIsNotAskedAgainBeforeItsCallHasReturnedAndNobodyWaitsForIt() throws Exception {
        read(DISK1, DISK10);
        hang(DISK1);
        read(DISK1, DISK10);
        asked.clear();
        clock.advance(Duration.ofSeconds(29));

        assertThat(problem(read(DISK1, DISK10).get(0)))
                .isEqualTo("ClusterResourceControl on Cluster Disk 1 has not returned for 40 s");
        assertThatThrownBy(() -> reads.again(volume1))
                .isInstanceOf(ClusterException.class)
                .hasMessage("ClusterResourceControl on Cluster Disk 1 has not returned for 40 s");
        assertThat(reads.ioStates(List.of(DISK1)).get(0).problem()).isNotNull();
        assertThat(reads.again(volume10)).isEqualTo(volume10);
        assertThat(asked).containsExactly(DISK10, "id-10");

        release(DISK1);
        while (read(DISK1).get(0).problem() != null) {
            Thread.onSpinWait();
        }
        assertThat(reads.again(volume1)).isEqualTo(volume1);
    }

    @Test
    void aDiskThatAClearCouldNotReadIsNotReadByThePollsEither() {
        read(DISK1, DISK10);
        hang("id-1");
        assertThatThrownBy(() -> reads.again(volume1)).hasMessageContaining("on Cluster Disk 1 has not returned");
        asked.clear();

        List<DiskAnswer<Volume>> answers = read(DISK1, DISK10);

        assertThat(problem(answers.get(0))).contains("on Cluster Disk 1 has not returned for 11 s");
        assertThat(asked).containsExactly(DISK10);
    }

    @Test
    void aDiskThatWasRenamedIsNotAskedTwiceEither() throws Exception {
        read(DISK1, DISK10);
        cluster.put(new Volume(
                volume1.resourceId(),
                "Renamed",
                volume1.ownerNode(),
                volume1.resourceState(),
                volume1.friendlyPath(),
                volume1.guidName(),
                volume1.faultState(),
                volume1.backupState()));
        reads.states(List.of("Renamed", DISK10));
        hang("Renamed");
        read("Renamed", DISK10);
        asked.clear();

        assertThatThrownBy(() -> reads.again(volume1)).hasMessageContaining("on Renamed has not returned");
        assertThat(reads.again(volume10)).isEqualTo(volume10);
        assertThat(asked).containsExactly("id-10");
    }

    @Test
    void disksThatWereNeverReadDoNotStandForEachOther() {
        hang(DISK1);
        read(DISK1);

        assertThat(read(DISK1, DISK10).get(1).found()).containsExactly(volume10);
    }

    @Test
    void whatWasReadBeforeDoesNotMatterToWhoReadsAgain() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        read(DISK1);
        cluster.beforeDisk = disk -> {
            if (disk.equals(DISK1)) {
                begun.countDown();
                awaitQuietly(goOn);
            }
        };
        CompletableFuture<List<DiskAnswer<Volume>>> poll = CompletableFuture.supplyAsync(() -> read(DISK1));
        begun.await();
        CompletableFuture<Volume> again = CompletableFuture.supplyAsync(() -> {
            try {
                return reads.again(volume1);
            } catch (ClusterException e) {
                throw new IllegalStateException(e);
            }
        });
        cluster.own(VOLUME1, "NODE2");
        goOn.countDown();

        assertThat(poll.get(20, TimeUnit.SECONDS).get(0).problem()).isNull();
        assertThat(again.get(20, TimeUnit.SECONDS).ownerNode()).isEqualTo("NODE2");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void callsThatHangTakeAllThreadsOfThePollsButNotThoseOfAClear() throws Exception {
        read(DISK1, DISK10);
        asked.clear();
        List<String> disks = new ArrayList<>();
        for (int n = 0; n < 28; n++) {
            disks.add("Disk " + n);
            hang("Disk " + n);
        }
        disks.addAll(List.of(DISK1, DISK10));

        List<DiskAnswer<Volume>> answers = reads.volumes(disks);

        assertThat(asked).hasSize(20);
        assertThat(answers).hasSize(30).allMatch(answer -> answer.problem() != null);
        assertThat(problem(answers.get(28)))
                .isEqualTo("Cluster Disk 1 was not read: 20 calls have not returned (ClusterResourceControl on Disk 0;"
                        + " ClusterResourceControl on Disk 1; ClusterResourceControl on Disk 2; and others)");
        assertThat(reads.again(volume10)).isEqualTo(volume10);
    }

    /** On a slow machine the whole takes longer than a deadline, but no single disk does. */
    @Test
    void manySlowDisksAreReadHoweverLongThatTakes() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        cluster.beforeDisk = disk -> {
            threads.add(Thread.currentThread());
            // Short, because the clock is the same for calls that run at the same time.
            clock.advance(Duration.ofMillis(20));
        };
        List<String> disks = new ArrayList<>();
        cluster.volumes.clear();
        for (int n = 0; n < 750; n++) {
            cluster.put(new Volume(
                    "id" + n,
                    "Disk " + n,
                    "NODE1",
                    volume1.resourceState(),
                    "C:\\ClusterStorage\\V" + n,
                    StubCluster.guid(n),
                    volume1.faultState(),
                    volume1.backupState()));
            disks.add("Disk " + n);
        }

        List<DiskAnswer<Volume>> answers = reads.volumes(disks);

        assertThat(answers).allMatch(answer -> answer.problem() == null);
        assertThat(answers.get(749).at().since(answers.get(0).at())).isGreaterThan(DEADLINE);
        assertThat(threads).hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        hang(DISK1);
        cluster.beforeDisk = disk -> awaitQuietly(hanging.get(DISK1));
        Thread.currentThread().interrupt();

        List<DiskAnswer<Volume>> answers = read(DISK1, DISK10);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(problem(answers.get(0)))
                .isEqualTo("the wait for Cluster Disk 1 was interrupted; the agent may be stopping");
        assertThat(problem(answers.get(1))).contains("the wait for Cluster Disk 10");
    }

    @Test
    void aDefectIsTheDisksProblem() {
        cluster.beforeDisk = disk -> {
            throw new IllegalStateException("planted");
        };

        assertThat(problem(read(DISK1).get(0)))
                .isEqualTo("reading Cluster Disk 1 failed: java.lang.IllegalStateException: planted");
    }

    @Test
    void withoutAThreadADiskIsUnreadableUntilThereIsOneAgain() {
        boolean[] full = {true};
        DiskCalls calls = new DiskCalls(cluster, DEADLINE, clock, clock::nanoTime, task -> {
            if (full[0]) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            CallThreads.run(task);
        });

        assertThat(problem(calls.ask(List.of(DISK1), false, 8, cluster::volumes).get(0)))
                .isEqualTo("Cluster Disk 1 was not read: unable to create native thread");
        full[0] = false;
        assertThat(calls.ask(List.of(DISK1), false, 8, cluster::volumes).get(0).found())
                .containsExactly(volume1);
    }

    @Test
    void aVolumeThatItsDiskDoesNotHoldAnyMoreIsNotFound() {
        Volume gone = new Volume(
                "id-1",
                DISK1,
                "NODE1",
                volume1.resourceState(),
                VOLUME1,
                StubCluster.guid(7),
                volume1.faultState(),
                volume1.backupState());

        assertThatThrownBy(() -> reads.again(gone))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.code()).isEqualTo(5007));
    }
}
