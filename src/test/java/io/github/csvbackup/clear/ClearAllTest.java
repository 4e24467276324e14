package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.OwnStart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk-independent")
class ClearAllTest extends ClearingFixture {
    /** More volumes, set for as long as Volume1. */
    private List<String> volumes(int count) {
        List<String> paths = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            String path = "C:\\ClusterStorage\\Volume" + number;
            cluster.put(new Volume(
                    "id-" + number,
                    "Cluster Disk " + number,
                    "NODE1",
                    ResourceState.ONLINE,
                    path,
                    StubCluster.guid(number),
                    FaultState.NO_FAULTS,
                    BackupState.NONE));
            paths.add(path);
        }
        watcher.refresh();
        paths.forEach(path -> cluster.set(path, BackupState.IN_PROGRESS));
        pollFor(Duration.ofMinutes(35));
        return paths;
    }

    /** The agent asks the nodes again at quiet-time after a clear, and VSS must stop after that. */
    private static Instant afterTheLook(Instant cleared) {
        return cleared.plus(SETTINGS.quietTime()).plus(OwnStart.STOPS_WITHIN).plus(SETTINGS.quietTime());
    }

    private static List<Outcome> outcomes(List<ClearResult> results) {
        return results.stream().map(ClearResult::outcome).toList();
    }

    private ShadowCopy copyOf(int volume, boolean persistent) {
        return new ShadowCopy(
                "{c}",
                "{s}",
                "{p}",
                StubCluster.guid(volume),
                "NODE2",
                persistent,
                ShadowCopy.CREATED,
                clock.instant());
    }

    @Test
    void fortyVolumesOnEightNodesAreOneRound() {
        for (int number = 3; number <= 8; number++) {
            String node = "NODE" + number;
            cluster.nodes.put(node, new Node(node, NodeState.UP, 0));
            cluster.services.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            cluster.softwareProviders.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            cluster.shadowCopies.put(node, List.of());
        }
        List<String> paths = volumes(40);

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(results)
                .hasSize(40)
                .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.CLEARED));
        assertThat(results).extracting(ClearResult::volume).containsExactlyElementsOf(paths);
        assertThat(cluster.askedForShadowCopies)
                .as("each node once")
                .containsExactlyInAnyOrder("NODE1", "NODE2", "NODE3", "NODE4", "NODE5", "NODE6", "NODE7", "NODE8");
        assertThat(cluster.cleared).hasSize(40).doesNotHaveDuplicates();
        assertThat(audit)
                .hasSize(80)
                .extracting(line -> line.fields().get("batch"))
                .containsOnly(results.get(0).batch());
        assertThat(kinds()).containsSubsequence("intent", "outcome", "intent", "outcome");
        assertThat(results.get(0).batch()).isNotEmpty();
    }

    @Test
    void theAnswersOfTheNodesAreJudgedForEachVolume() {
        List<String> paths = volumes(4);
        cluster.shadowCopies.put("NODE2", List.of(copyOf(2, false), copyOf(3, true)));

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(outcomes(results))
                .containsExactly(Outcome.CLEARED, Outcome.REFUSED, Outcome.REFUSED, Outcome.CLEARED);
        assertThat(results.get(1).verdict()).isEqualTo(Verdict.ACTIVE);
        assertThat(results.get(2).verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(cluster.cleared).hasSize(2);
    }

    /** Why a volume that was not begun cannot be cleared at once, and from when on. */
    private String later(Instant asked, ClearResult left) {
        return " VSS on NODE1 and NODE2 started at " + Times.UTC.timeOn(clock.instant(), asked)
                + ", when this agent listed their shadow copies; if nothing else uses it, it usually stops within minutes."
                + estimate(left);
    }

    private String estimate(ClearResult left) {
        Instant earliest = left.earliestClear();
        assertThat(earliest).isNotNull();
        return " Earliest clear: about " + Times.UTC.about(clock.instant(), earliest) + ", an estimate.";
    }

    private void theRestIsRefused(Clearing by, List<String> paths, Outcome first) {
        Instant asked = clock.instant();
        List<ClearResult> results = by.clearAll(paths, OPERATOR);
        assertThat(outcomes(results)).containsExactly(first, Outcome.REFUSED, Outcome.REFUSED);
        assertThat(results.subList(1, 3))
                .allSatisfy(result -> assertThat(result.message())
                        .isEqualTo("Not begun: the clear of " + VOLUME1 + " before it ended as " + first
                                + ", and that ends the batch. Find out why first." + later(asked, result)));
        assertThat(cluster.cleared).hasSize(1);
        assertThat(audit).filteredOn(line -> line.kind().equals("intent")).hasSize(1);
        assertThat(audit)
                .filteredOn(line -> line.kind().equals("refused"))
                .as("the audit has the same text")
                .extracting(line -> line.fields().get("message"))
                .containsExactly(results.get(1).message(), results.get(2).message());
        assertThat(events)
                .filteredOn(ClearEvent.Refused.class::isInstance)
                .as("the log and the notifications have the same text")
                .extracting(event -> ((ClearEvent.Refused) event).result().message())
                .containsExactly(results.get(1).message(), results.get(2).message());
    }

    @Test
    void aCallThatFailsEndsTheBatch() {
        List<String> paths = volumes(3);
        cluster.clearFailure = ClusterException.win32("ClusterClearBackupStateForSharedVolume", 87);

        theRestIsRefused(clearing, paths, Outcome.FAILED);
    }

    @Test
    void aCallThatClearsNothingEndsTheBatch() {
        List<String> paths = volumes(3);
        cluster.lyingClear = true;

        theRestIsRefused(clearing, paths, Outcome.NOT_CLEARED);

        assertThat(clearing.counts().last().unsuccessful(paths.get(0), null, Times.UTC, clock.instant()))
                .startsWith("Its last clear, at ")
                .endsWith(", ended as NOT_CLEARED: read its message (Get-CsvBackupAudit) before you repeat it.");
        assertThat(clearing.counts().last().unsuccessful(paths.get(1), null, Times.UTC, clock.instant()))
                .as("it was refused")
                .isEmpty();
    }

    @Test
    void aCallThatDoesNotReturnEndsTheBatch() {
        List<String> paths = volumes(3);
        CountDownLatch release = new CountDownLatch(1);

        theRestIsRefused(clearingWhoseCallWaitsFor(release, audit::add), paths, Outcome.UNKNOWN);

        letReturnLate(release);
    }

    @Test
    void whatDoesNotFitIntoTheTimeOfTheEvidenceIsLeft() {
        List<String> paths = volumes(4);
        Instant asked = clock.instant();
        cluster.duringClear = () -> clock.advance(Duration.ofSeconds(20));

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(outcomes(results))
                .as("calls begin 0, 20 and 40 seconds after the nodes were asked, and not 60")
                .containsExactly(Outcome.CLEARED, Outcome.CLEARED, Outcome.CLEARED, Outcome.REFUSED);
        assertThat(results.get(3).message()).isEqualTo(Refusals.LEFT + later(asked, results.get(3)));
        assertThat(results.get(3).earliestClear())
                .as("once VSS has stopped after the look at quiet-time, an estimate")
                .isEqualTo(afterTheLook(clock.instant()));
        assertThat(results.get(0).earliestClear()).isNull();
    }

    @Test
    void aYoungStateKeepsItsOwnLaterEstimate() {
        List<String> paths = volumes(2);
        cluster.set(paths.get(1), BackupState.NONE);
        pollFor(Duration.ofSeconds(30));
        cluster.set(paths.get(1), BackupState.IN_PROGRESS);
        pollFor(Duration.ofSeconds(30));

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.CLEARED, Outcome.REFUSED);
        assertThat(results.get(1).verdict()).isEqualTo(Verdict.RECENT);
        assertThat(results.get(1).earliestClear())
                .as("when it is stale, not when VSS has stopped")
                .isAfter(clock.instant().plus(SETTINGS.staleAfter()).minus(Duration.ofMinutes(2)));
        assertThat(results.get(1).message()).contains(estimate(results.get(1)));
    }

    @Test
    void theEstimateOfAVolumeThatTheRoundWasNotForIsThatOfTheVssThatItStarted() {
        List<String> paths = volumes(2);
        cluster.set(paths.get(1), BackupState.NONE);
        pollFor(Duration.ofSeconds(10));
        cluster.set(paths.get(1), BackupState.IN_PROGRESS);
        pollFor(SETTINGS.staleAfter().minus(Duration.ofMinutes(1)));

        ClearResult left = clearing.clearAll(paths, OPERATOR).get(1);

        assertThat(left.verdict()).isEqualTo(Verdict.RECENT);
        assertThat(left.earliestClear())
                .as("not when it is stale, in a minute")
                .isEqualTo(afterTheLook(clock.instant()));
        assertThat(left.message()).contains(estimate(left)).containsOnlyOnce("Earliest clear");
    }

    @Test
    void aRoundThatClearsNothingPlansNoLook() {
        List<String> paths = volumes(2);
        cluster.set(paths.get(1), BackupState.NONE);
        pollFor(Duration.ofSeconds(10));
        cluster.set(paths.get(1), BackupState.IN_PROGRESS);
        pollFor(SETTINGS.staleAfter().minus(Duration.ofMinutes(1)));
        cluster.shadowCopies.put("NODE2", List.of(copyOf(1, false)));

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.REFUSED, Outcome.REFUSED);
        assertThat(results.get(1).earliestClear())
                .isEqualTo(clock.instant().plus(OwnStart.STOPS_WITHIN).plus(SETTINGS.quietTime()));
    }

    @Test
    void theTimeCountsFromTheMomentBeforeTheFirstNodeIsAsked() {
        List<String> paths = volumes(3);
        cluster.beforeAnsweringForShadowCopies = node -> {
            if (node.equals("NODE1")) {
                clock.advance(Duration.ofSeconds(30));
            }
        };
        cluster.duringClear = () -> clock.advance(Duration.ofSeconds(20));

        assertThat(outcomes(clearing.clearAll(paths, OPERATOR)))
                .containsExactly(Outcome.CLEARED, Outcome.REFUSED, Outcome.REFUSED);
    }

    @Test
    void aVssProcessThatChangesInBetweenRefusesTheVolumesAfterIt() {
        List<String> paths = volumes(3);
        cluster.vssStopsAfterAQuestion = false;
        cluster.duringClear = () -> cluster.startVss("NODE2");

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.CLEARED, Outcome.REFUSED, Outcome.REFUSED);
        assertThat(results.get(1).message()).contains("VSS on NODE2 started at ", "a backup may have begun in between");
    }

    @Test
    void aVolumeThatMovesInBetweenIsRefusedAloneAndOneWhoseStateEndedHasNothingToClear() {
        List<String> paths = volumes(4);
        AtomicInteger calls = new AtomicInteger();
        cluster.duringClear = () -> {
            if (calls.incrementAndGet() == 1) {
                cluster.own(paths.get(1), "NODE2");
                cluster.set(paths.get(2), BackupState.NONE);
            }
        };

        assertThat(outcomes(clearing.clearAll(paths, OPERATOR)))
                .containsExactly(Outcome.CLEARED, Outcome.REFUSED, Outcome.NOTHING_TO_CLEAR, Outcome.CLEARED);
    }

    @Test
    void aListThatIsNotValidIsOneErrorAndNothingBegins() {
        assertThatThrownBy(() -> clearing.clearAll(List.of(), OPERATOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("clearAll takes 1 to 64 paths, not 0. Nothing was cleared.");
        assertThatThrownBy(() -> clearing.clearAll(Collections.nCopies(65, VOLUME1), OPERATOR))
                .hasMessage("clearAll takes 1 to 64 paths, not 65. Nothing was cleared.");
        List<String> withNull = new ArrayList<>(List.of(VOLUME1));
        withNull.add(null);
        assertThatThrownBy(() -> clearing.clearAll(withNull, OPERATOR))
                .hasMessage("Path 2 of 2 is null. Nothing was cleared.");
        nothingWasCalled();
        assertThat(audit).isEmpty();
    }

    @Test
    void aBadPathFailsBeforeAnythingBeginsAndTheOthersGoOn() {
        volumes(2);

        List<ClearResult> results = clearing.clearAll(
                List.of("D:\\nowhere", VOLUME1, "relative", "C:\\ClusterStorage\\Volume2\\vm.vhdx"), OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.FAILED, Outcome.CLEARED, Outcome.FAILED, Outcome.CLEARED);
        assertThat(kinds()).startsWith("refused", "refused", "intent");
        assertThat(audit)
                .extracting(line -> line.fields().get("batch"))
                .containsOnly(results.get(0).batch());
    }

    @Test
    void theSameVolumeTwiceIsClearedOnceAndToldForBoth() {
        List<ClearResult> results =
                clearing.clearAll(List.of(VOLUME1, VOLUME10, "c:/clusterstorage/volume1/a file"), OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.CLEARED, Outcome.NOTHING_TO_CLEAR, Outcome.CLEARED);
        assertThat(results.get(0)).isSameAs(results.get(2));
        assertThat(cluster.cleared).hasSize(1);
        assertThat(audit).filteredOn(line -> line.kind().equals("intent")).hasSize(1);
    }

    @Test
    void theSameBadPathTwiceEndsOnceAndIsToldForBoth() {
        String nowhere = "C:\\ClusterStorage\\Volume99";

        List<ClearResult> results = clearing.clearAll(List.of(nowhere, VOLUME10, nowhere), OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.FAILED, Outcome.NOTHING_TO_CLEAR, Outcome.FAILED);
        assertThat(results.get(0)).isSameAs(results.get(2));
        assertThat(kinds()).containsExactly("refused", "refused");
        assertThat(clearing.counts().total(Outcome.FAILED)).isEqualTo(1);
    }

    @Test
    void aVolumeThatSomebodyElseClearsIsRefusedAndTheOthersGoOn() {
        List<String> paths = volumes(2);
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, audit::add);
        assertThat(slow.clear(paths.get(0), OPERATOR).outcome()).isEqualTo(Outcome.UNKNOWN);
        cluster.duringClear = () -> {};
        cluster.stopVss();
        pollFor(Duration.ofMinutes(5));

        List<ClearResult> results = slow.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.REFUSED, Outcome.CLEARED);
        assertThat(results.get(0).message()).contains("has not returned and may still take effect");
        letReturnLate(release);
    }

    @Test
    void theRoundOfABatchBeginsWhenItHasItsTurn() throws Exception {
        List<String> paths = volumes(2);
        CountDownLatch first = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        cluster.onShadowCopies = () -> order.add("asked");
        cluster.duringClear = () -> {
            begun.countDown();
            awaitQuietly(first);
            order.add("cleared");
        };
        CompletableFuture<ClearResult> one =
                CompletableFuture.supplyAsync(() -> clearing.clear(paths.get(0), OPERATOR));
        begun.await();
        CompletableFuture<List<ClearResult>> other =
                CompletableFuture.supplyAsync(() -> clearing.clearAll(paths.subList(1, 2), OPERATOR));
        while (clearing.inWork().size() < 2) {
            Thread.onSpinWait();
        }
        first.countDown();

        assertThat(one.get().outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(other.get()).singleElement().satisfies(result -> {
            assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(result.message()).contains("when this agent listed their shadow copies");
        });
        assertThat(order).startsWith("asked", "asked", "cleared");
    }

    @Test
    void anAgentThatStopsBeginsNoFurtherVolume() {
        List<String> paths = volumes(3);
        cluster.duringClear = () -> drain();

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.CLEARED, Outcome.REFUSED, Outcome.REFUSED);
        assertThat(results.get(2).message())
                .startsWith(Refusals.STOPPING)
                .contains("when this agent listed their shadow copies");
        assertThat(results.get(2).earliestClear()).isNull();
    }

    private void drain() {
        try {
            clearing.drain(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFullBatchIsTaken() {
        List<String> paths = new ArrayList<>(volumes(2));
        IntStream.range(2, 64).forEach(number -> paths.add(VOLUME1));

        assertThat(clearing.clearAll(paths, OPERATOR))
                .hasSize(64)
                .extracting(ClearResult::outcome)
                .containsOnly(Outcome.CLEARED);
    }

    @Test
    void aClearOfOneVolumeIsABatchOfOne() {
        String cleared = clearing.clear(VOLUME1, OPERATOR).batch();
        String again = clearing.clear(VOLUME1, OPERATOR).batch();
        String forced = clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).batch();
        String nowhere = clearing.clear("D:\\nowhere", OPERATOR).batch();

        assertThat(List.of(cleared, again, forced, nowhere)).doesNotContain("").doesNotHaveDuplicates();
        assertThat(audit)
                .extracting(line -> line.fields().get("batch"))
                .as("intent and outcome, and what ended before an intent")
                .containsExactly(cleared, cleared, again, forced, nowhere);
    }

    /** A waiting job may set the state again, with the VSS process that the round keeps alive. */
    @Test
    void aStateThatPollsSawEndAndBeginAgainIsNotCleared() {
        List<String> paths = volumes(3);
        AtomicInteger calls = new AtomicInteger();
        cluster.duringClear = () -> {
            if (calls.incrementAndGet() == 1) {
                cluster.set(paths.get(1), BackupState.NONE);
                watcher.refresh();
                cluster.set(paths.get(1), BackupState.IN_PROGRESS);
                watcher.refresh();
            }
        };

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.CLEARED, Outcome.REFUSED, Outcome.CLEARED);
        assertThat(results.get(1).message())
                .startsWith("Not begun: " + paths.get(1) + " is not as it was when the nodes were asked: observed")
                .contains(" VSS on NODE1 and NODE2 started at ")
                .doesNotContain("an estimate");
        assertThat(results.get(1).earliestClear())
                .as("the observation begins again")
                .isNull();
        assertThat(audit).filteredOn(line -> line.kind().equals("intent")).hasSize(2);
    }

    @Test
    void aBackupThatAPollSawMeanwhileIsNotCleared() {
        List<String> paths = volumes(3);
        cluster.duringClear = () -> {
            cluster.shadowCopies.put("NODE2", List.of(copyOf(2, false)));
            cluster.startVss("NODE2");
            clock.advance(Duration.ofMinutes(16));
            watcher.refresh();
            clock.advance(Duration.ofMinutes(-16));
        };

        assertThat(outcomes(clearing.clearAll(paths, OPERATOR)).get(1)).isEqualTo(Outcome.REFUSED);
        assertThat(cluster.cleared).hasSize(1);
    }

    @Test
    void aBatchWhoseCallsDoNotBeginEndsInTimeToo() {
        List<String> paths = volumes(6);
        cluster.afterAnsweringForShadowCopies = node -> cluster.silentServices.add("NODE2");
        cluster.beforeRereading = () -> clock.advance(Duration.ofSeconds(15));

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        nothingWasCalled();
        assertThat(results).extracting(ClearResult::outcome).containsOnly(Outcome.REFUSED);
        assertThat(kinds()).containsOnly("refused");
        assertThat(results.subList(3, 6))
                .extracting(ClearResult::message)
                .allSatisfy(message -> assertThat(message)
                        .startsWith(Refusals.LEFT + " VSS on NODE1 started at ")
                        .endsWith(", an estimate."));
    }

    @Test
    void aBugInTheMiddleLosesNoResultAndFreesTheVolumes() {
        List<String> paths = volumes(3);
        AtomicInteger intents = new AtomicInteger();
        Clearing broken = clearing(
                true,
                line -> {
                    if (line.kind().equals("outcome") && intents.incrementAndGet() == 2) {
                        throw new IllegalStateException("planted");
                    }
                    audit.add(line);
                },
                Duration.ofSeconds(5));

        List<ClearResult> results = broken.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.CLEARED, Outcome.UNKNOWN, Outcome.REFUSED);
        assertThat(results.get(1).message()).contains("may have been called", "planted", "report this bug");
        assertThat(broken.inWork())
                .allSatisfy(key -> assertThat(key.guidName())
                        .as("only the checks after a clear are left")
                        .isIn(StubCluster.guid(1), StubCluster.guid(2)));
        assertThat(broken.clear(paths.get(2), OPERATOR).message()).doesNotContain("already running");
    }

    /** The first result is real, also if those of the rest cannot be recorded. */
    @Test
    void aBugInTheRefusalsOfTheRestLeavesTheResultOfTheCall() {
        List<String> paths = volumes(3);
        cluster.lyingClear = true;
        Clearing broken = clearing(
                true,
                line -> {
                    if (line.kind().equals("refused")) {
                        throw new IllegalStateException("planted");
                    }
                    audit.add(line);
                },
                Duration.ofSeconds(5));

        List<ClearResult> results = broken.clearAll(paths, OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.NOT_CLEARED, Outcome.FAILED, Outcome.FAILED);
        assertThat(results.get(0).auditId()).isNotEmpty();
        assertThat(results.get(2).message()).contains("The clear function was not called", "planted");
        assertThat(cluster.cleared).hasSize(1);
        assertThat(broken.counts().total(Outcome.NOT_CLEARED)).isEqualTo(1);
    }

    @Test
    void aSlowDiskRefusesAVolumeAndTheOthersGoOn() {
        List<String> paths = volumes(3);
        AtomicInteger intents = new AtomicInteger();
        Clearing slow = clearing(
                true,
                line -> {
                    audit.add(line);
                    if (line.kind().equals("intent") && intents.incrementAndGet() == 2) {
                        clock.advance(Duration.ofSeconds(6));
                    }
                },
                Duration.ofSeconds(5));

        assertThat(outcomes(slow.clearAll(paths, OPERATOR)))
                .containsExactly(Outcome.CLEARED, Outcome.REFUSED, Outcome.CLEARED);
    }

    @Test
    void aBatchThatHasItsTurnIsInTheLogWithItsIdAndCaller() throws Exception {
        try (LogLines lines = new LogLines(ClearBatch.class.getName())) {
            String batch = clearing.clearAll(List.of(VOLUME1, VOLUME10), OPERATOR)
                    .get(0)
                    .batch();
            String one = clearing.clear(VOLUME1, OPERATOR).batch();

            String by = " begins, requested through http from 127.0.0.1 by alice";
            assertThat(lines.lines())
                    .satisfiesExactly(
                            line -> assertThat(line).endsWith("INFO  Batch " + batch + " of 2 volumes" + by),
                            line -> assertThat(line).endsWith("INFO  Batch " + one + " of 1 volume" + by));
        }
    }

    @Test
    void aBugBeforeTheFirstCallIsAFailureOfEach() {
        List<String> paths = volumes(2);
        cluster.onShadowCopies = () -> {};
        Clearing broken = clearing(
                true,
                line -> {
                    throw new IllegalStateException("planted");
                },
                Duration.ofSeconds(5));

        List<ClearResult> results = broken.clearAll(List.of(paths.get(0), "D:\\nowhere"), OPERATOR);

        assertThat(outcomes(results)).containsExactly(Outcome.FAILED, Outcome.FAILED);
        assertThat(results.get(0).message()).contains("The clear function was not called", "planted");
        nothingWasCalled();
    }

    /** The function may know a path only on the volume's owner, and a failure ends the batch. */
    @Test
    void theVolumesOfThisNodeComeFirst() {
        List<String> paths = volumes(3);
        cluster.own(paths.get(0), "NODE2");
        pollFor(Duration.ofMinutes(35));

        List<ClearResult> results = clearing.clearAll(paths, OPERATOR);

        assertThat(results).extracting(ClearResult::volume).containsExactlyElementsOf(paths);
        assertThat(cluster.cleared.get(2)).startsWith(paths.get(0));
    }
}
