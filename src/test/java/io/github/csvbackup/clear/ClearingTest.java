package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClearingTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final Caller OPERATOR = new Caller("operator", "alice", "http", "127.0.0.1");
    private static final String REASON = "the backup product shows no job";

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock);
    private final Watcher watcher = new Watcher(cluster, evidence, SETTINGS, clock);
    private final List<AuditLine> audit = new CopyOnWriteArrayList<>();
    private final List<ClearEvent> events = new ArrayList<>();
    private final Clearing clearing = clearing(true, audit::add, Duration.ofSeconds(5));

    private Clearing clearing(boolean allowForce, Audit into, Duration clearDeadline) {
        return clearing(allowForce, into, clearDeadline, () -> {});
    }

    private Clearing clearing(boolean allowForce, Audit into, Duration clearDeadline, Runnable keep) {
        return new Clearing(
                new ClearPorts(
                        cluster,
                        watcher,
                        evidence,
                        new Guard(SETTINGS),
                        into,
                        clock,
                        clock::advance,
                        keep,
                        events::add),
                new ClearSettings(allowForce, clearDeadline, Duration.ofSeconds(5), SETTINGS.quietTime()));
    }

    @BeforeEach
    void becomeClearable() {
        watcher.refresh();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
    }

    private void pollFor(Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(SETTINGS.pollInterval());
            watcher.refresh();
        }
    }

    /** As the agent does it: again and again. */
    private void lookFor(Clearing after, Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(Duration.ofSeconds(10));
            after.lookAfter();
        }
    }

    private static ShadowCopy copy(String id, boolean persistent) {
        return new ShadowCopy(id, "{s}", "{p}", StubCluster.guid(1), "NODE2", persistent, 12, null);
    }

    private List<String> kinds() {
        return audit.stream().map(AuditLine::kind).toList();
    }

    private void nothingWasCalled() {
        assertThat(cluster.cleared).isEmpty();
    }

    @Test
    void clearsAfterTheIntentAndProvesIt() {
        cluster.duringClear = () -> assertThat(kinds()).containsExactly("intent");

        ClearResult result = clearing.clear("C:\\ClusterStorage\\Volume1\\vm\\a.vhdx", OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(result.win32Code()).isZero();
        assertThat(result.verdict()).isEqualTo(Verdict.CLEARABLE);
        assertThat(result.stateBefore()).isEqualTo("IN_PROGRESS");
        assertThat(result.stateAfter()).isEqualTo("NONE");
        assertThat(cluster.cleared).containsExactly("C:\\ClusterStorage\\Volume1\\");
        assertThat(cluster.askedForShadowCopies).containsExactlyInAnyOrder("NODE1", "NODE2");
        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(audit).extracting(AuditLine::id).containsOnly(result.auditId());
        assertThat(audit.get(0).fields()).containsEntry("principal", "alice");
        assertThat(clearing.counts().total(Outcome.CLEARED)).isEqualTo(1);
        assertThat(clearing.counts().unfinished()).isZero();
        assertThat(watcher.snapshot().volumes().get(0).since()).isNull();
    }

    @Test
    void hasNothingToClearWithoutAState() {
        cluster.set(VOLUME1, BackupState.NONE);

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.NOTHING_TO_CLEAR);
        assertThat(cluster.askedForShadowCopies).isEmpty();
        nothingWasCalled();
    }

    @Test
    void refusesWhileTheServiceRuns() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(result.message()).contains("vss-stopped NODE2").contains("do not stop it");
        assertThat(events).last().isInstanceOf(ClearEvent.Refused.class);
        nothingWasCalled();
    }

    @Test
    void refusalsAndOutcomesAreOnRecordWithTheirDuration() {
        clearing.clear("C:\\elsewhere", OPERATOR);
        clearing.clear(VOLUME1, OPERATOR);
        clearing.clear(VOLUME1, OPERATOR);

        assertThat(kinds()).containsExactly("refused", "intent", "outcome", "refused");
        assertThat(audit)
                .filteredOn(line -> !line.kind().equals("intent"))
                .extracting(line -> line.fields().get("durationMillis"))
                .allSatisfy(took -> assertThat((Long) took).isNotNegative());
    }

    @Test
    void refusesWhenTheLastLookFindsALiveShadowCopyAndSaysThatTheLookStartedVss() {
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.verdict()).isEqualTo(Verdict.ACTIVE);
        assertThat(result.message()).contains("{live}").contains("itself started the VSS service");
        nothingWasCalled();
    }

    @Test
    void refusesWhenANodeDoesNotAnswerTheLastLook() {
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 5);

        assertThat(clearing.clear(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.UNPROVEN);
        nothingWasCalled();
    }

    @Test
    void clearsNothingWithoutAnAudit() {
        Clearing unaudited = clearing(
                true,
                line -> {
                    throw new IOException("No space left on device");
                },
                Duration.ofSeconds(5));

        ClearResult result = unaudited.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message()).contains("No space left on device").contains("nothing is cleared without it");
        nothingWasCalled();
    }

    @Test
    void reportsAnOutcomeThatCouldNotBeWrittenAsUnfinished() {
        Clearing halfAudited = clearing(
                true,
                line -> {
                    if (line.kind().equals("outcome")) {
                        throw new IOException("No space left on device");
                    }
                },
                Duration.ofSeconds(5));

        ClearResult result = halfAudited.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(result.message()).contains("could not be written to the audit");
        assertThat(halfAudited.counts().unfinished()).isEqualTo(1);
    }

    @Test
    void doesNotCallWhenTheVolumeMovedDuringTheChecks() {
        cluster.beforeRereading = () -> cluster.own(VOLUME1, "NODE2");

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).contains("changed during the checks");
        nothingWasCalled();
    }

    @Test
    void doesNotCallWhenTheStateEndedDuringTheChecks() {
        cluster.beforeRereading = () -> cluster.set(VOLUME1, BackupState.NONE);

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.NOTHING_TO_CLEAR);
        nothingWasCalled();
    }

    @Test
    void believesTheStateAndNotTheReturnValue() {
        cluster.lyingClear = true;

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.NOT_CLEARED);
        assertThat(result.win32Code()).isZero();
        assertThat(result.stateAfter()).isEqualTo("IN_PROGRESS");
        assertThat(cluster.cleared).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "5, FAILED",
        "87, FAILED",
        "1722, FAILED",
        "1727, FAILED",
        "1726, UNKNOWN",
        "1460, UNKNOWN",
        "5910, UNKNOWN",
        "64, UNKNOWN"
    })
    void tellsAFailedCallFromOneThatMayHaveHappened(int code, Outcome expected) {
        cluster.clearFailure = ClusterException.win32("ClusterClearBackupStateForSharedVolume", code);

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(expected);
        assertThat(result.win32Code()).isEqualTo(code);
        assertThat(result.win32Text()).contains("(" + code + ")");
        assertThat(cluster.cleared).hasSize(1);
    }

    @Test
    void saysOfAListedVolumeThatTheFunctionIsWrongAndNotThePath() {
        cluster.clearFailure = ClusterException.win32("ClusterClearBackupStateForSharedVolume", 87);

        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .contains("The cluster lists C:\\ClusterStorage\\Volume1");
    }

    @Test
    void aCallThatHangsIsUnknownAndASecondRequestIsToldWhoAsked() throws Exception {
        CountDownLatch calling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        cluster.duringClear = () -> {
            calling.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("a clear must not be interrupted", e);
            }
        };
        Clearing impatient = clearing(true, audit::add, Duration.ofSeconds(1));

        CompletableFuture<ClearResult> first = CompletableFuture.supplyAsync(() -> impatient.clear(VOLUME1, OPERATOR));
        assertThat(calling.await(10, TimeUnit.SECONDS)).isTrue();
        ClearResult second = impatient.clear(VOLUME1, new Caller("operator", "bob", "jmx", ""));
        ClearResult hung = first.get(20, TimeUnit.SECONDS);
        release.countDown();

        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.message()).contains("under way, asked for by alice through http");
        assertThat(hung.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(hung.message()).contains("did not return within 1 s").contains("does not repeat the call");
    }

    @Test
    void aSecondRequestWaitsForNothingNotEvenForAPoll() throws Exception {
        CountDownLatch calling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        cluster.duringClear = () -> {
            calling.countDown();
            awaitQuietly(release);
        };
        Clearing patient = clearing(true, audit::add, Duration.ofSeconds(50));
        CompletableFuture<ClearResult> first = CompletableFuture.supplyAsync(() -> patient.clear(VOLUME1, OPERATOR));
        assertThat(calling.await(10, TimeUnit.SECONDS)).isTrue();
        cluster.beforeReading = () -> awaitQuietly(release);
        long polls = watcher.snapshot().polls();

        ClearResult second = patient.clear("C:/ClusterStorage/Volume1/vm", OPERATOR);

        assertThat(second.message()).contains("under way, asked for by alice through http");
        assertThat(watcher.snapshot().polls()).isEqualTo(polls);
        release.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.CLEARED);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aPathOnADiskThatWasNeverReadIsNotSaidToBeOnNoVolume() {
        cluster.unreadable.add(
                new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5)));

        ClearResult result = clearing.clear("C:\\ClusterStorage\\Volume7", OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message())
                .startsWith(
                        "\"C:\\ClusterStorage\\Volume7\" is not on a Cluster Shared Volume that could be read. Allowed is ")
                .contains(
                        "It may lie on a disk that could not be read: Cluster Disk 7: OpenClusterResourceEx failed with")
                .endsWith(Win32Error.of(5).remedy());
        nothingWasCalled();
    }

    @Test
    void aPathOffTheVolumesFailsWith87AsTheFunctionItselfWould() {
        ClearResult result = clearing.clear("C:\\Windows", OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.win32Code()).isEqualTo(87);
        assertThat(result.message())
                .isEqualTo("\"C:\\Windows\" is not on a Cluster Shared Volume. Allowed is any path on one of: "
                        + "C:\\ClusterStorage\\Volume1, C:\\ClusterStorage\\Volume10.");
        assertThat(clearing.counts().requests()).containsKey("");
        nothingWasCalled();
    }

    @Test
    void aMalformedPathFailsWithTheReason() {
        ClearResult result = clearing.clear("Volume1", OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message()).startsWith("The path is relative;");
        nothingWasCalled();
    }

    @Test
    void forceIsOffUnlessAllowed() {
        ClearResult result =
                clearing(false, audit::add, Duration.ofSeconds(5)).forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).contains("allow-force=true");
        nothingWasCalled();
    }

    @Test
    void forceWantsTheVolumeTypedAgainAndAReason() {
        assertThat(clearing.forceClear(VOLUME1, StubCluster.VOLUME10, REASON, OPERATOR)
                        .message())
                .contains("Type the volume's friendly path again");
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, "too short", OPERATOR).message())
                .contains("at least 10 characters");
        nothingWasCalled();
    }

    @Test
    void forceOverrulesWhatIsUnprovenAndSaysSoInTheAudit() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));

        ClearResult result = clearing.forceClear(VOLUME1, "c:\\clusterstorage\\volume1\\", REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(result.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(audit.get(0).fields()).containsEntry("reason", REASON).containsEntry("verdict", "UNPROVEN");
        assertThat(clearing.counts().forced()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void forceNeverOverrulesALiveShadowCopy() {
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));

        ClearResult result = clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).contains("cannot be overruled");
        nothingWasCalled();
    }

    @Test
    void forceNeverOverrulesABackupThatWasSeenAliveAndIsNotAnsweredForNow() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        pollFor(Duration.ofMinutes(16));
        assertThat(clearing.assess(VOLUME1).verdict()).isEqualTo(Verdict.ACTIVE);
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);

        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).message())
                .contains("Refused: ACTIVE", "cannot be overruled");

        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        watcher.refresh();
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 1722);
        cluster.readFailure = null;
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.REFUSED);
        nothingWasCalled();
    }

    @Test
    void aBackupThatTheFirstLookSawIsNotOverruledByASecondWithoutAnswer() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        watcher.refresh();
        cluster.askedForShadowCopies.clear();
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        cluster.onShadowCopies = () -> {
            if (!cluster.askedForShadowCopies.isEmpty()) {
                cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);
            }
        };

        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.REFUSED);
        nothingWasCalled();
    }

    @Test
    void aNodeThatDidNotTellBeforeAForcedClearMakesItSuspectOnlyByANewCopy() {
        Instant longAgo = clock.instant().minus(Duration.ofDays(9));
        cluster.shadowCopies.put(
                "NODE2",
                List.of(new ShadowCopy("{old}", "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, longAgo)));
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
        cluster.shadowCopyFailure = null;

        lookFor(clearing, SETTINGS.quietTime());

        assertThat(clearing.counts().suspect()).isEmpty();
    }

    @Test
    void aShadowCopyThatIsGoneWhenQuietTimeIsOverMakesTheClearSuspectToo() {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.shadowCopies.put("NODE2", List.of(copy("{short}", false)));
        lookFor(clearing, Duration.ofSeconds(10));
        cluster.shadowCopies.put("NODE2", List.of());

        pollFor(SETTINGS.quietTime());
        clearing.lookAfter();

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
    }

    @Test
    void aLookBeforeTheLastThatGetsNoAnswerIsRepeatedAndEndsNothing() {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);
        for (int looks = 1; looks < 6; looks++) {
            clock.advance(SETTINGS.quietTime().dividedBy(6));
            clearing.lookAfter();
        }
        cluster.shadowCopyFailure = null;
        assertThat(kinds()).containsExactly("intent", "outcome");
        cluster.shadowCopies.put("NODE2", List.of(copy("{late}", true)));

        clock.advance(SETTINGS.quietTime().dividedBy(6));
        clearing.lookAfter();

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
    }

    @Test
    void answersThatAreTooFarFromEachOtherMakeTheClearUnchecked() {
        clearing.clear(VOLUME1, OPERATOR);
        lookFor(clearing, Duration.ofSeconds(40));
        Instant last = clock.instant();
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.remember(clearing.memory());
        clock.advance(Duration.ofSeconds(31));
        restarted.lookAfter();
        Instant next = clock.instant();
        Clearing again = clearing(true, audit::add, Duration.ofSeconds(5));
        again.remember(restarted.memory());
        assertThat(again.memory()).containsExactlyInAnyOrderElementsOf(restarted.memory());

        lookFor(again, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains(
                        "these nodes were not seen for a time in which a shadow copy may have come and gone: NODE1 from "
                                + last + " to " + next + ", NODE2 from " + last + " to " + next
                                + ". Check the backup jobs of that time.");
        assertThat(again.counts().suspect()).isEmpty();
    }

    @Test
    void answersThatAreNearEnoughToEachOtherLeaveNoGap() {
        clearing.clear(VOLUME1, OPERATOR);
        for (int looks = 0; looks < 6; looks++) {
            clock.advance(Duration.ofSeconds(30));
            clearing.lookAfter();
        }

        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(clearing.memory()).noneMatch(line -> line.kind().equals("look"));
    }

    @Test
    void oneNodeThatDoesNotAnswerForATimeIsTheOneThatIsNamed() {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.silentForShadowCopies.add("NODE2");
        lookFor(clearing, Duration.ofSeconds(40));
        cluster.silentForShadowCopies.clear();

        lookFor(clearing, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains("come and gone: NODE2 from ")
                .doesNotContain("NODE1");
    }

    @Test
    void oneQuestionToANodeServesTheClearsOfSeveralVolumes() {
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        clearing.clear(VOLUME1, OPERATOR);
        clock.advance(Duration.ofSeconds(4));
        assertThat(clearing.clear(StubCluster.VOLUME10, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        cluster.askedForShadowCopies.clear();
        clock.advance(Duration.ofSeconds(6));

        clearing.lookAfter();
        clock.advance(Duration.ofSeconds(4));
        clearing.lookAfter();

        assertThat(cluster.askedForShadowCopies).containsExactlyInAnyOrder("NODE1", "NODE2");
    }

    @Test
    void aNodeThatWasDownAtTheClearAndIsBackIsAskedToo() {
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.DOWN, 0));
        pollFor(Duration.ofMinutes(1));
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(cluster.askedForShadowCopies).containsExactly("NODE1");
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.UP, 0));
        Instant afterwards = clock.instant().plus(Duration.ofMinutes(1));
        Instant longAgo = clock.instant().minus(Duration.ofDays(9));
        cluster.shadowCopies.put(
                "NODE2",
                List.of(
                        new ShadowCopy("{old}", "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, longAgo),
                        new ShadowCopy("{new}", "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, afterwards)));

        pollFor(SETTINGS.quietTime());
        clearing.lookAfter();

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(audit)
                .last()
                .satisfies(line ->
                        assertThat(String.valueOf(line.fields().get("message"))).contains("NODE2 (shadow copy {new})"));
    }

    @Test
    void aClearIsSuspectOnceOnHoweverManyNodes() {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.shadowCopies.put("NODE1", List.of(copy("{a}", true)));
        cluster.shadowCopies.put("NODE2", List.of(copy("{b}", true)));

        lookFor(clearing, SETTINGS.quietTime());

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
    }

    @Test
    void aVolumeWhoseClearHasNotReturnedStaysTakenUntilItDoes() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        cluster.duringClear = () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("a clear must not be interrupted", e);
            }
        };
        Clearing impatient = clearing(true, audit::add, Duration.ofMillis(200));
        assertThat(impatient.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.UNKNOWN);

        ClearResult second = impatient.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);
        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.message()).contains("has not returned, and may still take effect");
        assertThat(cluster.cleared).hasSize(1);

        release.countDown();
        while (!kinds().contains("late")) {
            Thread.onSpinWait();
        }
        assertThat(audit.get(audit.size() - 1).fields().get("message").toString())
                .startsWith("The clear that had not returned in time has now returned 0. The state is now NONE.");
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.duringClear = () -> {};
        ClearResult third = impatient.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);
        while (third.message().contains("has not returned")) {
            third = impatient.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);
        }
        assertThat(third.outcome()).isEqualTo(Outcome.CLEARED);
    }

    @Test
    void checksThatWereMadeLongBeforeTheCallDoNotHold() {
        Clearing slowDisk = clearing(
                true,
                line -> {
                    audit.add(line);
                    if (line.kind().equals("intent")) {
                        clock.advance(Duration.ofMinutes(2));
                    }
                },
                Duration.ofSeconds(5));

        ClearResult result = slowDisk.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).startsWith("Not called: the checks were made 120 s before");
        assertThat(kinds()).containsExactly("intent", "outcome");
        nothingWasCalled();
    }

    @Test
    void whatWasNotCalledIsNoForcedClearAndIsNotLookedAfter() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        Clearing vanishing = clearing(
                true,
                line -> {
                    audit.add(line);
                    cluster.readFailure = ClusterException.win32("OpenClusterResourceEx", 5007);
                },
                Duration.ofSeconds(5));

        ClearResult result = vanishing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message()).startsWith("Not called: ");

        cluster.readFailure = null;
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        lookFor(vanishing, SETTINGS.quietTime());
        assertThat(vanishing.counts().forced()).isEmpty();
        assertThat(vanishing.counts().suspect()).isEmpty();
        nothingWasCalled();
    }

    @Test
    void readersDoNotKeepVssRunningByAskingForShadowCopies() {
        Caller reader = new Caller("reader", "anonymous", "http", "127.0.0.1");
        cluster.shadowCopies.put("NODE2", List.of(copy("{a}", true)));

        assertThat(clearing.shadowCopies(VOLUME1, reader).answers().get("NODE2").value())
                .extracting(ShadowCopies::copies)
                .isEqualTo(cluster.shadowCopies.get("NODE2"));
        clock.advance(Duration.ofMinutes(14));
        clearing.shadowCopies(VOLUME1, reader);
        assertThat(cluster.askedForShadowCopies).containsExactlyInAnyOrder("NODE1", "NODE2");

        clearing.shadowCopies(VOLUME1, OPERATOR);
        assertThat(cluster.askedForShadowCopies).hasSize(4);
        clock.advance(Duration.ofMinutes(15));
        clearing.shadowCopies(VOLUME1, reader);
        assertThat(cluster.askedForShadowCopies).hasSize(6);
    }

    @Test
    void countersAndLooksThatAreDueSurviveARestart() {
        clearing.clear(VOLUME1, OPERATOR);
        clearing.clear("C:\\Windows", OPERATOR);
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.remember(clearing.memory());
        assertThat(restarted.memory()).containsExactlyInAnyOrderElementsOf(clearing.memory());
        assertThat(restarted.counts().total(Outcome.CLEARED)).isEqualTo(1);
        assertThat(restarted.counts().total(Outcome.FAILED)).isEqualTo(1);

        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        lookFor(restarted, SETTINGS.quietTime());

        assertThat(restarted.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "outcome", "refused", "suspect");
    }

    @Test
    void whatIsToBeKnownAfterARestartIsKeptBeforeTheOutcomeIsOnRecord() {
        AtomicReference<Clearing> self = new AtomicReference<>();
        List<StateLine> kept = new ArrayList<>();
        self.set(clearing(true, audit::add, Duration.ofSeconds(5), () -> {
            assertThat(kinds()).containsExactly("intent");
            kept.addAll(self.get().memory());
        }));

        self.get().clear(VOLUME1, OPERATOR);

        assertThat(kept).extracting(StateLine::kind).contains("look", "requests");
        assertThat(kept).containsExactlyInAnyOrderElementsOf(self.get().memory());
    }

    @Test
    void aMemoryThatFailsDoesNotLoseTheOutcome() {
        Clearing forgetful = clearing(true, audit::add, Duration.ofSeconds(5), () -> {
            throw new IllegalStateException("planted");
        });

        assertThat(forgetful.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(kinds()).containsExactly("intent", "outcome");
    }

    @Test
    void aClearThatReturnsLateIsLookedAfterOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        cluster.duringClear = () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        Clearing slow = clearing(true, audit::add, Duration.ofMillis(100));
        slow.clear(VOLUME1, OPERATOR);
        release.countDown();
        while (!kinds().contains("late")) {
            Thread.onSpinWait();
        }
        cluster.shadowCopies.put("NODE2", List.of(copy("{a}", true)));
        lookFor(slow, SETTINGS.quietTime());

        assertThat(slow.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsOnlyOnce("suspect");
    }

    @Test
    void aClearThatWasLookedAfterIsNotLookedAfterAgainBecauseItsOutcomeWasNotWritten() {
        Clearing half = clearing(
                true,
                line -> {
                    if (line.kind().equals("outcome")) {
                        throw new IOException("No space left on device");
                    }
                    audit.add(line);
                },
                Duration.ofSeconds(5));
        String id = half.clear(VOLUME1, OPERATOR).auditId();
        Instant cleared = clock.instant();
        clock.advance(SETTINGS.quietTime());
        cluster.shadowCopies.put("NODE2", List.of(copyOf(cleared.plusSeconds(60))));
        half.lookAfter();
        Clearing next = clearing(true, audit::add, Duration.ofSeconds(5));
        next.remember(half.memory());
        next.takeOver(List.of(intent(id, cleared)));

        next.lookAfter();

        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "suspect", "unfinished");
    }

    @Test
    void aLookThatBreaksSaysSo() {
        Clearing broken = clearing(
                true,
                line -> {
                    if (line.kind().equals("suspect")) {
                        throw new IllegalStateException("planted");
                    }
                    audit.add(line);
                },
                Duration.ofSeconds(5),
                () -> {
                    throw new IllegalStateException("a memory that fails as well");
                });
        broken.clear(VOLUME1, OPERATOR);
        cluster.shadowCopies.put("NODE2", List.of(copyOf(clock.instant())));
        lookFor(broken, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains("the look at the shadow copies failed", "planted", "Check the backup jobs of that time");
        assertThat(broken.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(events).last().isInstanceOf(ClearEvent.Suspect.class);
        assertThat(broken.memory()).noneMatch(line -> line.kind().equals("look"));
    }

    private static AuditRecord intent(String id, Instant at) {
        return new AuditRecord(Map.of(
                "id",
                id,
                "kind",
                "intent",
                "at",
                at.toString(),
                "principal",
                "alice",
                "volume",
                VOLUME1,
                "guid",
                StubCluster.guid(1)));
    }

    private static ShadowCopy copyOf(Instant created) {
        return new ShadowCopy("{c" + created + "}", "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, created);
    }

    @Test
    void aClearOfWhichNobodyKnowsTheEndIsLookedAfterToo() {
        Instant cleared = clock.instant();
        cluster.shadowCopies.put("NODE2", List.of(copyOf(cleared.minus(Duration.ofDays(1)))));
        clearing.takeOver(List.of(intent("gone", cleared)));
        lookFor(clearing, SETTINGS.quietTime());
        assertThat(clearing.counts().suspect()).as("an old copy").isEmpty();

        clearing.takeOver(List.of(intent("gone too", cleared)));
        cluster.shadowCopies.put("NODE2", List.of(copyOf(cleared.plusSeconds(60))));
        clearing.lookAfter();

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("unfinished", "unfinished", "suspect");
    }

    @Test
    void aLookForWhichNoNodeIsKnownYetIsMadeLater() {
        Watcher unread = new Watcher(cluster, evidence, SETTINGS, clock);
        Clearing early = new Clearing(
                new ClearPorts(
                        cluster,
                        unread,
                        evidence,
                        new Guard(SETTINGS),
                        audit::add,
                        clock,
                        clock::advance,
                        () -> {},
                        events::add),
                new ClearSettings(false, Duration.ofSeconds(5), Duration.ofSeconds(5), SETTINGS.quietTime()));
        early.takeOver(List.of(intent("gone", clock.instant())));
        clock.advance(SETTINGS.quietTime());
        cluster.shadowCopies.put("NODE2", List.of(copyOf(clock.instant())));
        early.lookAfter();
        assertThat(early.counts().suspect()).isEmpty();

        unread.refresh();
        lookFor(early, SETTINGS.quietTime());

        assertThat(early.counts().suspect()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void anOverdueStateIsAbandonedOnceAndOnlyWhenAllEvidenceSaysSo() {
        clearing.polled();
        clearing.polled();
        assertThat(clearing.abandoned()).containsEntry(VOLUME1, 1L);
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        ClearEvent.Abandoned.class,
                        event -> assertThat(event.message()).contains("is overdue", "no backup is alive"));
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.remember(clearing.memory());
        restarted.polled();
        assertThat(restarted.abandoned()).as("the same occurrence").containsEntry(VOLUME1, 1L);

        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofMinutes(1));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofMinutes(40));
        clearing.polled();
        assertThat(clearing.abandoned()).as("overdue, and VSS runs").containsEntry(VOLUME1, 1L);

        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.STOPPED, null, null));
        pollFor(Duration.ofMinutes(5));
        clearing.polled();
        assertThat(clearing.abandoned()).containsEntry(VOLUME1, 2L);
    }

    @Test
    void aLookThatIsCutOffIsMadeAgainAfterARestart() {
        clearing.clear(VOLUME1, OPERATOR);
        AtomicReference<List<StateLine>> inTheMiddle = new AtomicReference<>();
        cluster.onShadowCopies = () -> inTheMiddle.compareAndSet(null, clearing.memory());
        lookFor(clearing, SETTINGS.quietTime());
        assertThat(clearing.memory()).noneMatch(line -> line.kind().equals("look"));
        assertThat(inTheMiddle.get()).anyMatch(line -> line.kind().equals("look"));

        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.remember(inTheMiddle.get());
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        restarted.lookAfter();

        assertThat(restarted.counts().suspect()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void aLookThatComesMuchTooLateSaysSoAndSuspectsNoLaterBackup() {
        clearing.clear(VOLUME1, OPERATOR);
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.remember(clearing.memory());
        clock.advance(Duration.ofHours(5));
        cluster.shadowCopies.put(
                "NODE2",
                List.of(new ShadowCopy(
                        "{tonight}", "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, clock.instant())));

        restarted.lookAfter();

        assertThat(restarted.counts().suspect()).isEmpty();
        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
    }

    @Test
    void drainingLetsNoClearBegin() throws Exception {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);

        clearing.drain(Duration.ofSeconds(5));

        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).message())
                .isEqualTo("The agent is being stopped. Ask again once it runs.");
        assertThat(cluster.cleared).hasSize(1);
    }

    @Test
    void aShadowCopyThatAppearsAfterwardsMakesTheClearSuspect() {
        ClearResult result = clearing.clear(VOLUME1, OPERATOR);
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        clearing.lookAfter();
        assertThat(clearing.counts().suspect()).isEmpty();

        lookFor(clearing, SETTINGS.quietTime());
        clearing.lookAfter();

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat(events).last().isInstanceOfSatisfying(ClearEvent.Suspect.class, suspect -> {
            assertThat(suspect.auditId()).isEqualTo(result.auditId());
            assertThat(suspect.message())
                    .contains("began around the clear of ", " on NODE2 (shadow copy {new})")
                    .contains("{new}")
                    .contains("check that job");
        });
    }

    @Test
    void aShadowCopyThatWasThereBeforeIsNotSuspect() {
        ShadowCopy old = new ShadowCopy(
                "{old}",
                "{s}",
                "{p}",
                StubCluster.guid(1),
                "NODE2",
                true,
                12,
                clock.instant().minus(Duration.ofDays(1)));
        cluster.shadowCopies.put("NODE2", List.of(old));
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);

        lookFor(clearing, SETTINGS.quietTime());

        assertThat(clearing.counts().suspect()).isEmpty();
        assertThat(kinds()).containsExactly("intent", "outcome");
    }

    @Test
    void saysWhenTheNodesCannotBeAskedAfterwards() {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);
        for (int i = 0; i < 4; i++) {
            lookFor(clearing, SETTINGS.quietTime());
        }

        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
    }

    @Test
    void assessesWithoutChangingAnythingAndWithoutStartingVss() {
        assertThat(clearing.assess(VOLUME1).verdict()).isEqualTo(Verdict.CLEARABLE);

        assertThat(cluster.askedForShadowCopies).isEmpty();
        assertThat(audit).isEmpty();
        nothingWasCalled();
    }

    @Test
    void assessAsksTheNodesWhoseServiceRunsAnyway() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofSeconds(10));
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));

        assertThat(clearing.assess(VOLUME1).verdict()).isEqualTo(Verdict.ACTIVE);
    }

    @Test
    void assessRejectsAPathOffTheVolumes() {
        assertThatThrownBy(() -> clearing.assess("C:\\Windows"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not on a Cluster Shared Volume");
    }

    @Test
    void withoutAClusterNothingIsAssessedOrCleared() {
        StubCluster absent = new StubCluster();
        absent.readFailure = ClusterException.win32("OpenClusterEx", 1753);
        NodeEvidence none = new NodeEvidence(absent, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock);
        Clearing blind = new Clearing(
                new ClearPorts(
                        absent,
                        new Watcher(absent, none, SETTINGS, clock),
                        none,
                        new Guard(SETTINGS),
                        audit::add,
                        clock,
                        clock::advance,
                        () -> {},
                        events::add),
                new ClearSettings(true, Duration.ofSeconds(5), Duration.ofSeconds(5), SETTINGS.quietTime()));

        assertThatThrownBy(() -> blind.assess(VOLUME1)).hasMessageContaining("EPT_S_NOT_REGISTERED (1753)");
        assertThat(blind.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aFailingListenerDoesNotLoseTheResult() {
        Clearing noisy = new Clearing(
                new ClearPorts(
                        cluster,
                        watcher,
                        evidence,
                        new Guard(SETTINGS),
                        audit::add,
                        clock,
                        clock::advance,
                        () -> {},
                        event -> {
                            throw new IllegalStateException("a broken listener");
                        }),
                new ClearSettings(true, Duration.ofSeconds(5), Duration.ofSeconds(5), SETTINGS.quietTime()));

        assertThat(noisy.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
    }
}
