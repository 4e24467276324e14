package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditSettings;
import io.github.csvbackup.audit.RecordOpener;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("jdk-independent")
class ClearingTest extends ClearingFixture {
    /** The audit of a folder in which another program has removed the last line. */
    private AuditFile changedRecord(Path folder, boolean strict) throws IOException {
        try (AuditFile before = AuditFile.open(folder, "1.2.3")) {
            before.append(new AuditLine("a", "note", clock.instant(), Map.of()));
        }
        Files.write(folder.resolve("audit.jsonl"), new byte[0]);
        return AuditFile.open(
                folder, new AuditSettings("1.2.3", strict, 0, AuditSettings.LARGE, clock), RecordOpener.of());
    }

    @Test
    void afterAMismatchOfTheAuditClearsGoOn(@TempDir Path folder) throws Exception {
        try (AuditFile record = changedRecord(folder, false)) {
            Clearing clears = clearing(true, record, Duration.ofSeconds(5));

            assertThat(clears.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
            assertThat(clears.auditStatus().mismatch()).contains("all its lines are missing; the newest was 1");
        }
    }

    @Test
    void afterAMismatchOfAStrictAuditClearsAreRefused(@TempDir Path folder) throws Exception {
        try (AuditFile record = changedRecord(folder, true)) {
            ClearResult result = clearing(true, record, Duration.ofSeconds(5)).clear(VOLUME1, OPERATOR);

            assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(result.message())
                    .startsWith(
                            "Refused: The audit was changed by something other than the agent: all its lines are missing; the newest was 1.")
                    .contains("start the agent once with audit-strict=false");
            assertThat(cluster.cleared).isEmpty();
            assertThat(record.recent(1))
                    .singleElement()
                    .extracting(line -> line.text("kind"))
                    .isEqualTo("refused");
        }
    }

    @Test
    void whatSomebodyTypesIsBoundedAndHarmlessInMessagesAndTheAudit() {
        String typed = "\u001b[2J" + "x".repeat(230_000);

        ClearResult wrongVolume = clearing.forceClear(VOLUME1, typed, REASON, OPERATOR);
        ClearResult noVolume = clearing.clear("C:\\\u001b[2J", OPERATOR);
        ClearResult longReason = clearing.forceClear(VOLUME1, VOLUME1, typed, OPERATOR);
        ClearResult forged = clearing.forceClear(VOLUME1, VOLUME1, "the job is dead\n1 outcome CLEARED", OPERATOR);

        assertThat(wrongVolume.message())
                .hasSizeLessThan(1000)
                .contains("The volume was typed as \"\\u001b[2Jxxx", "... (230004 characters)");
        assertThat(noVolume.message()).doesNotContain("\u001b");
        assertThat(longReason.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(longReason.message()).isEqualTo("The reason is too long. Use at most 1000 characters.");
        assertThat(forged.outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(audit.toString()).hasSizeLessThan(20_000).doesNotContain("\u001b", "dead\n1");
    }

    @Test
    void aRequestAfterTheEndOfPollingIsRefusedAndOnRecord() {
        watcher.start();
        watcher.close();

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).isEqualTo("The agent is stopping. Try again once it has started.");
        assertThat(audit).last().satisfies(line -> assertThat(line.kind()).isEqualTo("refused"));
        assertThat(clearing.counts().total(Outcome.REFUSED)).isEqualTo(1);
    }

    @Test
    void whoAsksAgainAndAgainDoesNotKeepVssRunning() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofSeconds(10));
        cluster.askedForShadowCopies.clear();
        for (int minutes = 0; minutes < 14; minutes += 2) {
            assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.UNPROVEN);
            assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.REFUSED);
            clock.advance(Duration.ofMinutes(2));
        }
        assertThat(cluster.askedForShadowCopies).containsExactly("NODE2");
        assertThat(clearing.assess(VOLUME1, OPERATOR).checks())
                .filteredOn(check -> check.name().equals("shadow-copies NODE2"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.result()).isEqualTo(CheckResult.DEFERRED);
                    assertThat(check.seen())
                            .isEqualTo(
                                    "not asked, because asking starts the VSS service or keeps it running; the clear asks NODE2 as its last step");
                });

        clock.advance(Duration.ofMinutes(2));
        clearing.assess(VOLUME1, OPERATOR);
        assertThat(cluster.askedForShadowCopies).as("after 15 minutes").containsOnly("NODE2");
        int asked = cluster.askedForShadowCopies.size();
        assertThat(asked).isGreaterThan(1);
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 78L, null));
        clearing.assess(VOLUME1, OPERATOR);
        assertThat(cluster.askedForShadowCopies).as("another process").hasSizeGreaterThan(asked);
    }

    @Test
    void whatAPollSawSinceIsNotHiddenByAnEarlierAnswer() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofSeconds(10));
        clearing.assess(VOLUME1, OPERATOR);
        pollFor(Duration.ofMinutes(13));
        clearing.assess(VOLUME1, OPERATOR);
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        pollFor(Duration.ofMinutes(4));

        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.ACTIVE);
    }

    @Test
    void whatIsInTheWayIsAskedForAgainSinceItMayHaveBeenRemoved() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        cluster.shadowCopies.put("NODE2", List.of(copy("{a}", true)));
        pollFor(Duration.ofSeconds(10));
        assertThat(clearing.assess(VOLUME1, OPERATOR).nextStep()).contains("vssadmin delete shadows \"/shadow={a}\"");
        cluster.shadowCopies.put("NODE2", List.of());

        assertThat(clearing.assess(VOLUME1, OPERATOR).nextStep()).doesNotContain("{a}");
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
        assertThat(result.message())
                .contains("the VSS service on NODE2 is RUNNING")
                .contains("Do not stop it");
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
        String asked = Times.UTC.timeOn(clock.instant(), clock.instant());

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.verdict()).isEqualTo(Verdict.ACTIVE);
        assertThat(result.message())
                .contains("{live}")
                .endsWith(
                        " VSS on NODE1 and NODE2 started at " + asked + ", when this agent listed their shadow copies;"
                                + " if nothing else uses it, it usually stops within minutes.");
        nothingWasCalled();
    }

    @Test
    void saysThatTheLookStartedVssOnlyOfNodesWhereItWasStopped() {
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        cluster.beforeAnsweringForShadowCopies = cluster::startVss;
        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .as("it ran on both before they were asked")
                .contains("{live}")
                .doesNotContain("this agent");

        cluster.stopVss();
        pollFor(Duration.ofMinutes(5));
        cluster.beforeAnsweringForShadowCopies = node -> {
            if (node.equals("NODE1")) {
                cluster.startVss(node);
            }
        };
        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .contains("{live}", "VSS on NODE2 started at ", "when this agent listed its shadow copies");
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
        refusedWithoutIntent(result);
    }

    @Test
    void doesNotCallWhenTheStateEndedDuringTheChecks() {
        cluster.beforeRereading = () -> cluster.set(VOLUME1, BackupState.NONE);

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.NOTHING_TO_CLEAR);
        assertThat(result.stateAfter()).isEqualTo("NONE");
        assertThat(kinds()).containsExactly("refused");
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
        ClearResult second = impatient.clear(VOLUME1, new Caller(Role.OPERATOR, "bob", "jmx", ""));
        ClearResult hung = first.get(20, TimeUnit.SECONDS);
        release.countDown();

        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.message()).contains("already running, requested by alice through http");
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

        assertThat(second.message()).contains("already running, requested by alice through http");
        assertThat(watcher.snapshot().polls()).isEqualTo(polls);
        release.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.CLEARED);
    }

    @Test
    void aPathOnADiskThatWasNeverReadIsNotSaidToBeOnNoVolume() {
        cluster.unreadable.add(
                new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5)));

        ClearResult result = clearing.clear("C:\\ClusterStorage\\Volume7", OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message())
                .startsWith(
                        "\"C:\\ClusterStorage\\Volume7\" is not on a Cluster Shared Volume that could be read. Use a path on one of: ")
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
                .isEqualTo("\"C:\\Windows\" is not on a Cluster Shared Volume. Use a path on one of: "
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
    void forceOverridesWhatIsUnprovenAndSaysSoInTheAudit() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));

        ClearResult result = clearing.forceClear(VOLUME1, "c:\\clusterstorage\\volume1\\", REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(result.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(audit.get(0).fields()).containsEntry("reason", REASON).containsEntry("verdict", "UNPROVEN");
        assertThat(clearing.counts().forced()).containsEntry(VOLUME1, 1L);
        assertThat(events).contains(new ClearEvent.Forced(VOLUME1, Verdict.UNPROVEN, REASON, OPERATOR));
        assertThat(clearing.counts().last().forced()).containsEntry(VOLUME1, clock.instant());
        assertThat(clearing.counts().last().requests())
                .containsEntry(VOLUME1, Map.of(Outcome.CLEARED, clock.instant()));
    }

    @Test
    void forceNeverOverridesALiveShadowCopy() {
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));

        ClearResult result = clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).contains("cannot be overridden");
        nothingWasCalled();
    }

    @Test
    void forceNeverOverridesABackupThatWasSeenAliveAndIsNotAnsweredForNow() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        pollFor(Duration.ofMinutes(16));
        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.ACTIVE);
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);

        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).message())
                .contains("Refused: ACTIVE", "cannot be overridden");

        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        watcher.refresh();
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 1722);
        cluster.readFailure = null;
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.REFUSED);
        nothingWasCalled();
    }

    /** A second clear could hit a new backup, together with the call that has not returned. */
    @Test
    void aVolumeWhoseCallHasNotReturnedStaysTakenEvenIfRecordingFails() {
        CountDownLatch release = new CountDownLatch(1);
        cluster.duringClear = () -> awaitQuietly(release);
        Clearing failing = clearing(true, audit::add, Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("planted");
        });

        ClearResult first = failing.clear(VOLUME1, OPERATOR);
        ClearResult second = failing.clear(VOLUME1, OPERATOR);

        assertThat(first.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.message()).contains("has not returned");
        release.countDown();
        while (failing.clear(VOLUME1, OPERATOR).message().contains("has not returned")) {
            Thread.onSpinWait();
        }
    }

    /** As an operator does who has stopped the backup program. */
    @Test
    void aBackupThatAPollSawAndThatIsGoneWhenTheNodesAreAskedDoesNotPreventAForcedClear() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        pollFor(Duration.ofSeconds(10));
        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.ACTIVE);
        cluster.shadowCopies.put("NODE2", List.of());

        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
    }

    @Test
    void aBackupThatTheFirstLookSawIsNotOverriddenByASecondWithoutAnswer() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofSeconds(10));
        clearing.assess(VOLUME1, OPERATOR); // by which the node would be spared, but not for a forced clear
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
    void aVolumeWhoseClearHasNotReturnedStaysTakenUntilItDoes() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        cluster.duringClear = () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("a clear must not be interrupted", e);
            }
        };
        Clearing impatient = clearing(true, audit::add, Duration.ofSeconds(2));
        assertThat(impatient.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.UNKNOWN);

        ClearResult second = impatient.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);
        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.message()).contains("has not returned and may still take effect");
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

    /** The error happens on the thread of the native call, so only the log can show it. */
    @Test
    void aLateClearWhoseEndCannotBeRecordedIsInTheLogAndFreesItsVolume() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Clearing impatient = clearingWhoseCallWaitsFor(release, line -> {
            if (line.kind().equals("late")) {
                throw new OutOfMemoryError("planted");
            }
            audit.add(line);
        });
        try (LogLines lines = new LogLines(RecordedClear.class.getName())) {
            assertThat(impatient.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.UNKNOWN);

            release.countDown();
            while (lines.lines().stream().noneMatch(line -> line.contains("OutOfMemoryError: planted"))) {
                Thread.onSpinWait();
            }

            assertThat(lines.lines())
                    .anyMatch(line ->
                            line.endsWith("The result of a late clear of " + VOLUME1 + " could not be recorded"));
        }
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.duringClear = () -> {};
        while (impatient.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome() == Outcome.REFUSED) {
            Thread.onSpinWait();
        }
    }

    /** Clears with slow nodes and a slow disk for the audit. */
    private ClearResult clearSlowly(int nodes, int disk) {
        AtomicBoolean first = new AtomicBoolean(true);
        cluster.beforeAnsweringForShadowCopies =
                node -> clock.advance(Duration.ofSeconds(first.getAndSet(false) ? nodes : 0));
        return clearingOnASlowDisk(Duration.ofSeconds(disk)).clear(VOLUME1, OPERATOR);
    }

    @Test
    void evidenceHoldsFor45SecondsFromTheMomentBeforeTheFirstNodeIsAsked() {
        ClearResult result = clearSlowly(42, 4);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message())
                .startsWith(
                        "The clear function was not called: the nodes were asked 46 s before the call could begin, and their answers are valid for 45 s.");
        assertThat(kinds()).containsExactly("intent", "outcome");
        nothingWasCalled();
    }

    @Test
    void aCallBeginsAtMostFiveSecondsAfterTheVolumeAndVssAreReadAgain() {
        ClearResult result = clearSlowly(0, 6);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.auditId()).isNotEmpty();
        assertThat(result.stateAfter()).isEqualTo("IN_PROGRESS");
        assertThat(result.message())
                .startsWith("The clear function was not called: " + VOLUME1
                        + " and VSS were read again 6 s before the call could begin, and that is valid for 5 s."
                        + " Check for a slow node or a slow disk under the state directory, then try again.")
                .contains("when this agent listed")
                .hasSizeLessThanOrEqualTo(400);
        assertThat(result.earliestClear()).isNull();
        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(audit.get(1).fields()).containsEntry("called", false).containsEntry("outcome", "REFUSED");
        assertThat(clearing.counts().unfinished()).isZero();
        nothingWasCalled();
    }

    /** The five seconds begin before the reads. */
    @Test
    void readsThatTakeTooLongAreTooOldToo() {
        cluster.beforeRereading = () -> clock.advance(Duration.ofSeconds(3));

        assertThat(clearSlowly(0, 3).message()).contains("were read again 6 s before the call could begin");
        nothingWasCalled();
    }

    @Test
    void slowNodesAndASlowDiskWithinTheTimesAreNoReasonToRefuse() {
        assertThat(clearSlowly(40, 5).outcome()).isEqualTo(Outcome.CLEARED);
    }

    /** What happens to the VSS service of NODE2 between its list and the look before the call. */
    private ClearResult clearWhile(Runnable afterTheList) {
        cluster.beforeRereading = afterTheList;
        try {
            return clearing.clear(VOLUME1, OPERATOR);
        } finally {
            cluster.beforeRereading = () -> {};
        }
    }

    private void refusedWithoutIntent(ClearResult result) {
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).startsWith("The clear function was not called: ");
        assertThat(result.auditId()).isEmpty();
        assertThat(result.stateAfter()).isEqualTo("IN_PROGRESS");
        assertThat(kinds()).containsExactly("refused");
        assertThat(events).last().isInstanceOf(ClearEvent.Refused.class);
        nothingWasCalled();
    }

    @Test
    void theVolumeAndVssAreReadAgainBeforeTheIntent() {
        cluster.beforeRereading = () -> {
            if (cluster.cleared.isEmpty()) {
                assertThat(audit).isEmpty();
            }
        };

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(kinds()).containsExactly("intent", "outcome");
    }

    @Test
    void aVolumeThatCannotBeReadAgainHasNoIntent() {
        ClearResult result =
                clearWhile(() -> cluster.readFailure = ClusterException.win32("OpenClusterResourceEx", 5007));

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.win32Code()).isEqualTo(5007);
        assertThat(result.stateAfter()).isEmpty();
        assertThat(result.message()).startsWith("The clear function was not called: " + VOLUME1 + " could not be read");
        assertThat(kinds()).containsExactly("refused");
        nothingWasCalled();
    }

    /** A bug there did not begin anything. */
    @Test
    void aBugInTheLastReadsIsAFailureBeforeTheIntent() {
        ClearResult result = clearWhile(() -> {
            throw new IllegalStateException("planted");
        });

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message()).contains("The clear function was not called", "planted");
        assertThat(kinds()).doesNotContain("intent");
        nothingWasCalled();
    }

    private void vss(int state, @Nullable Long process) {
        cluster.services.put("NODE2", new ServiceStatus(state, process, null));
    }

    @Test
    void anotherVssProcessThanTheOneThatListedRefuses() {
        ClearResult result = clearWhile(() -> cluster.startVss("NODE2"));

        refusedWithoutIntent(result);
        assertThat(result.message())
                .matches(
                        "The clear function was not called: VSS on NODE2 started at [^,]+, when this agent listed its shadow copies, was RUNNING as"
                                + " process \\d+ then and is RUNNING as process \\d+ now: a backup may have begun in between\\. Assess .*");
        nothingWasCalled();
    }

    @Test
    void aVssServiceThatIsNotSeenToBeTheSameRefuses() {
        List<Runnable> changes = List.of(
                () -> vss(ServiceStatus.STOPPED, null),
                () -> vss(ServiceStatus.RUNNING, null),
                () -> vss(ServiceStatus.STOP_PENDING, 4002L),
                () -> cluster.silentServices.add("NODE2"));
        for (Runnable change : changes) {
            assertThat(clearWhile(change).outcome()).isEqualTo(Outcome.REFUSED);
            nothingWasCalled();
            cluster.silentServices.clear();
            cluster.stopVss();
            becomeClearable();
        }
    }

    @Test
    void twoUnknownVssProcessesAreNotTheSame() {
        cluster.afterAnsweringForShadowCopies = node -> {
            if (node.equals("NODE2")) {
                vss(ServiceStatus.RUNNING, null);
            }
        };

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message())
                .contains(
                        "the VSS service on NODE2 was RUNNING in an unknown process right after its shadow copies were listed");
        nothingWasCalled();
    }

    @Test
    void whoOverridesMissingEvidenceIsNotRefusedForTheSameAgain() {
        cluster.silentForShadowCopies.add("NODE2");
        cluster.silentServices.add("NODE2");

        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
    }

    @Test
    void aVssProcessThatChangesRefusesWhoOverridesToo() {
        cluster.silentForShadowCopies.add("NODE2");
        cluster.beforeRereading = () -> cluster.startVss("NODE1");

        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.REFUSED);
        nothingWasCalled();
    }

    @Test
    void readersDoNotKeepVssRunningByAskingForShadowCopies() {
        Caller reader = new Caller(Role.READER, "anonymous", "http", "127.0.0.1");
        cluster.shadowCopies.put("NODE2", List.of(copy("{a}", true)));

        assertThat(clearing.shadowCopies(VOLUME1, reader).answers().get("NODE2").value())
                .extracting(ShadowCopies::copies)
                .isEqualTo(cluster.shadowCopies.get("NODE2"));
        cluster.stopVss();
        clock.advance(Duration.ofMinutes(14));
        clearing.shadowCopies(VOLUME1, reader);
        assertThat(cluster.askedForShadowCopies).containsExactlyInAnyOrder("NODE1", "NODE2");

        clearing.shadowCopies(VOLUME1, OPERATOR);
        assertThat(cluster.askedForShadowCopies).hasSize(4);
        cluster.stopVss();
        clock.advance(Duration.ofMinutes(15));
        clearing.shadowCopies(VOLUME1, reader);
        assertThat(cluster.askedForShadowCopies).hasSize(6);
    }

    @Test
    void whatIsToBeKnownAfterARestartIsKeptBeforeTheOutcomeIsOnRecord() {
        AtomicReference<Clearing> self = new AtomicReference<>();
        List<StateLine> kept = new ArrayList<>();
        self.set(clearing(true, audit::add, Duration.ofSeconds(5), () -> {
            assertThat(kinds()).containsExactly("intent");
            kept.addAll(self.get().saveState());
        }));

        self.get().clear(VOLUME1, OPERATOR);

        assertThat(kept).extracting(StateLine::kind).contains("follow-up", "requests");
        assertThat(kept).containsExactlyInAnyOrderElementsOf(self.get().saveState());
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
    void anOverdueStateIsAbandonedOnceAndOnlyWhenAllEvidenceSaysSo() {
        clearing.polled();
        clearing.polled();
        assertThat(clearing.abandoned()).containsEntry(VOLUME1, 1L);
        assertThat(events)
                .filteredOn(event -> !(event instanceof ClearEvent.Stale))
                .singleElement()
                .isInstanceOfSatisfying(
                        ClearEvent.Abandoned.class,
                        event -> assertThat(event.message()).contains("is stale", "no check found a running backup"));
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.restoreState(clearing.saveState());
        restarted.polled();
        assertThat(restarted.abandoned()).as("the same occurrence").containsEntry(VOLUME1, 1L);

        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofMinutes(1));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofMinutes(40));
        clearing.polled();
        assertThat(clearing.abandoned()).as("stale, and VSS runs").containsEntry(VOLUME1, 1L);

        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.STOPPED, null, null));
        pollFor(Duration.ofMinutes(5));
        clearing.polled();
        assertThat(clearing.abandoned()).containsEntry(VOLUME1, 2L);
    }

    @Test
    void drainingLetsNoClearBegin() throws Exception {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);

        clearing.drain(Duration.ofSeconds(5));

        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).message())
                .startsWith("The agent is stopping. Try again once it has started. VSS on NODE1 and NODE2 started at ");
        assertThat(cluster.cleared).hasSize(1);
    }

    @Test
    void assessesWithoutChangingAnythingAndWithoutStartingVss() {
        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.CLEARABLE);

        assertThat(cluster.askedForShadowCopies).isEmpty();
        assertThat(audit).isEmpty();
        nothingWasCalled();
    }

    @Test
    void assessAsksTheNodesWhoseServiceRunsAnyway() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofSeconds(10));
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));

        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.ACTIVE);
    }

    @Test
    void assessRejectsAPathOffTheVolumes() {
        assertThatThrownBy(() -> clearing.assess("C:\\Windows", OPERATOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not on a Cluster Shared Volume");
    }

    @Test
    void withoutAClusterNothingIsAssessedOrCleared() {
        StubCluster absent = new StubCluster();
        absent.readFailure = ClusterException.win32("OpenClusterEx", 1753);
        NodeEvidence none =
                new NodeEvidence(absent, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
        Clearing blind = new Clearing(
                new ClearContext(
                        absent,
                        new Watcher(absent, none, SETTINGS, clock, clock::nanoTime),
                        none,
                        new Guard(SETTINGS),
                        audit::add,
                        clock,
                        clock::nanoTime,
                        clock::advance,
                        () -> {},
                        events::add),
                new ClearSettings(true, Duration.ofSeconds(5), SETTINGS.quietTime()));

        assertThatThrownBy(() -> blind.assess(VOLUME1, OPERATOR)).hasMessageContaining("EPT_S_NOT_REGISTERED (1753)");
        assertThat(blind.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aFailingListenerDoesNotLoseTheResult() {
        Clearing noisy = new Clearing(
                new ClearContext(
                        cluster,
                        watcher,
                        evidence,
                        new Guard(SETTINGS),
                        audit::add,
                        clock,
                        clock::nanoTime,
                        clock::advance,
                        () -> {},
                        event -> {
                            throw new IllegalStateException("a broken listener");
                        }),
                new ClearSettings(true, Duration.ofSeconds(5), SETTINGS.quietTime()));

        assertThat(noisy.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
    }
}
