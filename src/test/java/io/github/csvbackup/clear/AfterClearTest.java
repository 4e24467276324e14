package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.Records;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AfterClearTest extends ClearingFixture {
    @Test
    void aTimeInWhichNobodyLookedMakesTheClearSuspect() {
        clearing.clear(VOLUME1, OPERATOR);
        Instant cleared = clock.instant();
        lookFor(clearing, Duration.ofSeconds(40));
        Instant last = clock.instant();
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.restoreState(clearing.saveState());
        clock.advance(Duration.ofSeconds(31));
        restarted.lookAfter();
        Instant next = clock.instant();
        Clearing again = clearing(true, audit::add, Duration.ofSeconds(5));
        again.restoreState(restarted.saveState());
        assertThat(again.saveState()).containsExactlyInAnyOrderElementsOf(restarted.saveState());

        lookFor(again, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat(audit.get(2).fields())
                .containsEntry(
                        "message",
                        "A backup of " + VOLUME1 + " may have begun around the clear of " + cleared
                                + ": these nodes did not tell of their shadow copies for a time in which one may have come and gone: NODE1 from "
                                + last + " to " + next + ", NODE2 from " + last + " to " + next
                                + ". Check the backup jobs of that time.");
        assertThat(again.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(events).last().isInstanceOf(ClearEvent.Suspect.class);
    }

    @Test
    void answersThatAreNearEnoughToEachOtherMakeNothingSuspect() {
        clearing.clear(VOLUME1, OPERATOR);
        for (int looks = 0; looks < 6; looks++) {
            clock.advance(Duration.ofSeconds(30));
            clearing.lookAfter();
        }

        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(clearing.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
    }

    @Test
    void oneNodeThatDoesNotAnswerForATimeIsTheOneThatIsNamed() {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.silentForShadowCopies.add("NODE2");
        lookFor(clearing, Duration.ofSeconds(40));
        cluster.silentForShadowCopies.clear();

        lookFor(clearing, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains("come and gone: NODE2 from ")
                .doesNotContain("NODE1");
    }

    @Test
    void oneQuestionToANodeServesTheClearsOfSeveralVolumes() {
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        clearing.clear(VOLUME1, OPERATOR);
        clearing.lookAfter();
        clock.advance(Duration.ofSeconds(4));
        assertThat(clearing.clear(StubCluster.VOLUME10, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        clearing.lookAfter();
        cluster.askedForShadowCopies.clear();
        clock.advance(Duration.ofSeconds(10));

        clearing.lookAfter();
        clock.advance(Duration.ofSeconds(4));
        clearing.lookAfter();

        assertThat(cluster.askedForShadowCopies).containsExactlyInAnyOrder("NODE1", "NODE2");
    }

    @Test
    void aClockThatIsSetBackStopsNoLookAndIsToldOf() {
        clearing.clear(VOLUME1, OPERATOR);
        lookFor(clearing, Duration.ofMinutes(1));
        Instant last = clock.instant();
        clock.set(Duration.ofSeconds(-45));
        cluster.askedForShadowCopies.clear();

        clearing.lookAfter();

        assertThat(cluster.askedForShadowCopies).containsExactlyInAnyOrder("NODE1", "NODE2");
        lookFor(clearing, SETTINGS.quietTime());
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains("NODE1 from " + last + " to " + last.minusSeconds(45) + ", by a clock that was set back");
    }

    @Test
    void aClockThatIsSetBackToBeforeTheClearEndsTheLooksAtOnce() {
        clearing.clear(VOLUME1, OPERATOR);
        lookFor(clearing, Duration.ofMinutes(1));
        clock.set(Duration.ofHours(-1));
        Instant now = clock.instant();

        clearing.lookAfter();

        assertThat((String) audit.get(2).fields().get("message")).contains(": the clock was set back to " + now + ". ");
        assertThat(clearing.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
    }

    @Test
    void aNodeThatHangsLeavesNoGapOnAnother() throws Exception {
        clearing.clear(VOLUME1, OPERATOR);
        CountDownLatch release = new CountDownLatch(1);
        cluster.beforeAnsweringForShadowCopies = node -> {
            if (node.equals("NODE2")) {
                awaitQuietly(release);
            }
        };
        lookFor(clearing, Duration.ofSeconds(70));
        release.countDown();
        while (clearing.saveState().stream()
                .noneMatch(line -> line.kind().equals("gap") && line.text(1).equals("NODE2"))) {
            clearing.lookAfter();
        }

        lookFor(clearing, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains("come and gone: NODE2 from ")
                .doesNotContain("NODE1");
    }

    @Test
    void aQuestionThatWasAskedBeforeAClearSaysNothingOfIt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        clearing.clear(VOLUME1, OPERATOR);
        cluster.beforeAnsweringForShadowCopies = node -> {
            if (node.equals("NODE2")) {
                awaitQuietly(release);
                answered.countDown();
            }
        };
        cluster.shadowCopies.put("NODE1", List.of(copy("{new}", true)));
        clearing.lookAfter();
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        release.countDown();
        answered.await();
        cluster.beforeAnsweringForShadowCopies = node -> {};
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));

        assertThat(clearing.clear(StubCluster.VOLUME10, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        lookFor(clearing, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect", "intent", "outcome");
        assertThat(clearing.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
    }

    @Test
    void aRefusalSaysThatTheAgentItselfKeepsVssRunning() {
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        clearing.clear(VOLUME1, OPERATOR);
        Instant until = clock.instant().plus(SETTINGS.quietTime());
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));

        assertThat(clearing.clear(StubCluster.VOLUME10, OPERATOR).message())
                .endsWith(" This agent itself asks for shadow copies until " + until + ", after the clear of " + VOLUME1
                        + ", and that keeps the VSS service running.");

        lookFor(clearing, SETTINGS.quietTime());
        assertThat(clearing.clear(StubCluster.VOLUME10, OPERATOR).message()).doesNotContain("This agent itself");
    }

    @Test
    void aNodeThatMissesTheLastQuestionIsAskedAgain() {
        clearing.clear(VOLUME1, OPERATOR);
        lookFor(clearing, SETTINGS.quietTime().minusSeconds(10));
        cluster.silentForShadowCopies.add("NODE2");
        lookFor(clearing, Duration.ofSeconds(10));
        cluster.silentForShadowCopies.clear();

        lookFor(clearing, Duration.ofSeconds(10));

        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(clearing.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
    }

    @Test
    void aLiveCopyOfANodeThatDidNotTellBeforeMakesAForcedClearSuspectHoweverOldItIs() {
        Instant longAgo = clock.instant().minus(Duration.ofDays(1));
        cluster.shadowCopies.put(
                "NODE2",
                List.of(new ShadowCopy("{live}", "{s}", "{p}", StubCluster.guid(1), "NODE2", false, 12, longAgo)));
        cluster.silentForShadowCopies.add("NODE2");
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
        cluster.silentForShadowCopies.clear();

        clearing.lookAfter();

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void aSuspicionThatWasCountedIsNotCountedAgainByTheRecord() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, recorded());
        slow.clear(VOLUME1, OPERATOR);
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        slow.lookAfter();
        letReturnLate(release);
        Clearing next = clearing(true, recorded(), Duration.ofSeconds(5));
        next.restoreState(slow.saveState());
        next.takeOver(List.of());

        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void aClearThatTheMemoryLostForLongIsSuspect() {
        clearing.clear(VOLUME1, OPERATOR);
        clock.advance(Duration.ofMinutes(10));
        Clearing next = clearing(true, recorded(), Duration.ofSeconds(5));
        next.takeOver(List.of());

        lookFor(next, Duration.ofSeconds(10));

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
    }

    /** A list is of some time between the question and the answer. */
    @Test
    void fromAQuestionToTheAnswerToTheNextNoMoreThanHalfAMinuteMayPass() {
        clearing.clear(VOLUME1, OPERATOR);
        for (int looks = 0; looks < 11; looks++) {
            clock.advance(Duration.ofSeconds(5));
            cluster.beforeAnsweringForShadowCopies = node -> {
                if (node.equals("NODE2")) {
                    clock.advance(Duration.ofSeconds(15));
                }
            };
            clearing.lookAfter();
        }

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
    }

    @Test
    void aSuspicionThatIsOnRecordAndWasNotKeptIsTakenFromThere() {
        String id = clearing.clear(VOLUME1, OPERATOR).auditId();
        List<StateLine> kept = clearing.saveState();
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", false)));
        clearing.lookAfter();
        cluster.shadowCopies.put("NODE2", List.of());
        Clearing next = clearing(true, recorded(), Duration.ofSeconds(5));
        next.restoreState(kept);
        next.takeOver(List.of());

        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(next.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
        lookFor(next, SETTINGS.quietTime());
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat(audit.get(2).id()).isEqualTo(id);
    }

    @Test
    void aClearThatTheMemoryLostIsLookedAfterByTheRecord() {
        clearing.clear(VOLUME1, OPERATOR);
        Clearing next = clearing(true, recorded(), Duration.ofSeconds(5));
        next.takeOver(List.of());
        cluster.shadowCopies.put("NODE2", List.of(copyOf(clock.instant().plusSeconds(5))));

        lookFor(next, SETTINGS.quietTime());

        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void whatTheRecordSaysWasNotCalledOrIsLongPastIsNotLookedAfter() {
        cluster.beforeRereading = () -> cluster.own(VOLUME1, "NODE2");
        assertThat(clearing.clear(VOLUME1, OPERATOR).message()).startsWith("Not called: ");
        cluster.beforeRereading = () -> {};
        Clearing next = clearing(true, recorded(), Duration.ofSeconds(5));
        next.takeOver(List.of());
        assertThat(next.saveState()).noneMatch(line -> line.kind().equals("after-clear"));

        pollFor(Duration.ofMinutes(40));
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        clock.advance(Duration.ofMinutes(19));
        next.takeOver(List.of());
        assertThat(next.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
    }

    /** A record that can be read. */
    private Audit recorded() {
        return new Audit() {
            @Override
            public void append(AuditLine line) {
                audit.add(line);
            }

            @Override
            public List<AuditRecord> recent(int most) {
                return audit.stream().map(Records::asRead).toList();
            }
        };
    }

    @Test
    void anOldCopyOfANodeThatCameBackIsOldWhenTheCallReturnsLateToo() throws Exception {
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.DOWN, 0));
        pollFor(Duration.ofMinutes(1));
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, audit::add);
        slow.clear(VOLUME1, OPERATOR);
        Instant longAgo = clock.instant().minus(Duration.ofDays(9));
        cluster.shadowCopies.put(
                "NODE2",
                List.of(new ShadowCopy("{old}", "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, longAgo)));
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.UP, 0));
        watcher.refresh();
        lookFor(slow, Duration.ofSeconds(20));
        letReturnLate(release);

        lookFor(slow, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "late");
    }

    @Test
    void aLookThatTheEndOfTheAgentCutsOffSaysNothingOfTheNodes() {
        clearing.clear(VOLUME1, OPERATOR);
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);
        clock.advance(SETTINGS.quietTime());
        Thread.currentThread().interrupt();

        clearing.lookAfter();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(clearing.saveState()).anyMatch(line -> line.kind().equals("after-clear"));
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
    void countersAndLooksThatAreDueSurviveARestart() {
        clearing.clear(VOLUME1, OPERATOR);
        clearing.clear("C:\\Windows", OPERATOR);
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.restoreState(clearing.saveState());
        assertThat(restarted.saveState()).containsExactlyInAnyOrderElementsOf(clearing.saveState());
        assertThat(restarted.counts().total(Outcome.CLEARED)).isEqualTo(1);
        assertThat(restarted.counts().total(Outcome.FAILED)).isEqualTo(1);

        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        lookFor(restarted, SETTINGS.quietTime());

        assertThat(restarted.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "outcome", "refused", "suspect");
    }

    @Test
    void aClearThatReturnsLateIsLookedAfterOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, audit::add);
        slow.clear(VOLUME1, OPERATOR);
        letReturnLate(release);
        cluster.shadowCopies.put("NODE2", List.of(copy("{a}", true)));
        lookFor(slow, SETTINGS.quietTime());

        assertThat(slow.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsOnlyOnce("suspect");
    }

    @Test
    void whatNodesToldBeforeAClearReturnedLateCounts() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, audit::add);
        slow.clear(VOLUME1, OPERATOR);
        lookFor(slow, Duration.ofMinutes(1));
        letReturnLate(release);

        lookFor(slow, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome", "late");
        assertThat(slow.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
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
        next.restoreState(half.saveState());
        next.takeOver(List.of(intent(id, cleared)));

        next.lookAfter();

        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "suspect", "unfinished");
    }

    @Test
    void aSuspicionThatTheAuditDoesNotTakeIsCountedAndTold() {
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
                    throw new IllegalStateException("saving the state fails as well");
                });
        broken.clear(VOLUME1, OPERATOR);
        cluster.shadowCopies.put("NODE2", List.of(copyOf(clock.instant())));
        assertThatIllegalStateException().isThrownBy(broken::lookAfter).withMessage("planted");
        lookFor(broken, SETTINGS.quietTime());

        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(broken.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(events).last().isInstanceOf(ClearEvent.Suspect.class);
        assertThat(broken.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
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
        lookFor(clearing, Duration.ofSeconds(10));

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("unfinished", "unfinished", "suspect");
    }

    @Test
    void aLookForWhichNoNodeIsKnownYetIsMadeLater() {
        Watcher unread = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
        Clearing early = new Clearing(
                new ClearContext(
                        cluster,
                        unread,
                        evidence,
                        new Guard(SETTINGS),
                        audit::add,
                        clock,
                        clock::nanoTime,
                        clock::advance,
                        () -> {},
                        events::add),
                new ClearSettings(false, Duration.ofSeconds(5), SETTINGS.quietTime()));
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
    void aLookThatIsCutOffIsMadeAgainAfterARestart() {
        clearing.clear(VOLUME1, OPERATOR);
        AtomicReference<List<StateLine>> inTheMiddle = new AtomicReference<>();
        cluster.onShadowCopies = () -> inTheMiddle.compareAndSet(null, clearing.saveState());
        lookFor(clearing, SETTINGS.quietTime());
        assertThat(clearing.saveState()).noneMatch(line -> line.kind().equals("after-clear"));
        assertThat(inTheMiddle.get()).anyMatch(line -> line.kind().equals("after-clear"));

        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.restoreState(inTheMiddle.get());
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        restarted.lookAfter();

        assertThat(restarted.counts().suspect()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void aLookThatComesMuchTooLateSaysSoAndTakesNoLaterBackupForTheOne() {
        clearing.clear(VOLUME1, OPERATOR);
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.restoreState(clearing.saveState());
        clock.advance(Duration.ofHours(5));
        cluster.shadowCopies.put(
                "NODE2",
                List.of(new ShadowCopy(
                        "{tonight}", "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, clock.instant())));

        restarted.lookAfter();

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains("may have begun around the clear", "NODE2 from ")
                .doesNotContain("{tonight}");
    }

    @Test
    void aShadowCopyThatAppearsAfterwardsMakesTheClearSuspect() {
        ClearResult result = clearing.clear(VOLUME1, OPERATOR);
        clearing.lookAfter();
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        clearing.lookAfter();
        assertThat(clearing.counts().suspect())
                .as("before it is time to look again")
                .isEmpty();

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

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat((String) audit.get(2).fields().get("message"))
                .contains("these nodes could not be asked for shadow copies: NODE1, NODE2");
    }
}
