package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.Records;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks after clears of an earlier run, and after clears that return late. */
@Tag("jdk-independent")
class AfterClearOverRestartsTest extends ClearingFixture {
    private static final Duration QUIET = SETTINGS.quietTime();
    private static final Duration REST = Duration.ofMinutes(20);

    private final Audit readable = new Audit() {
        @Override
        public void append(AuditLine line) {
            audit.add(line);
        }

        @Override
        public List<AuditRecord> recent(int most) {
            return audit.stream().map(Records::asRead).toList();
        }
    };

    private Clearing restarted(List<StateLine> kept) {
        Clearing next = clearing(true, readable, Duration.ofSeconds(5));
        next.restoreState(kept);
        next.takeOver(List.of());
        cluster.askedForShadowCopies.clear();
        return next;
    }

    private List<String> askedIn(Clearing asking, Duration time) {
        cluster.askedForShadowCopies.clear();
        lookFor(asking, time);
        return cluster.askedForShadowCopies.stream().sorted().toList();
    }

    private static ShadowCopy copyOf(String id, Instant created) {
        return new ShadowCopy(id, "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, created);
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

    // What the state file keeps.

    @Test
    void countersAndLooksThatAreDueSurviveARestart() {
        ShadowCopy old = copyOf("{old}", clock.instant().minus(Duration.ofDays(1)));
        ShadowCopy unknown = new ShadowCopy("{of no time}", "{s}", "{p}", StubCluster.guid(1), "NODE1", true, 12, null);
        cluster.shadowCopies.put("NODE2", List.of(old));
        cluster.shadowCopies.put("NODE1", List.of(unknown));
        clearAndStopVss(clearing);
        clearing.clear("C:\\Windows", OPERATOR);
        Clearing next = restarted(clearing.saveState());
        assertThat(next.saveState()).containsExactlyInAnyOrderElementsOf(clearing.saveState());
        assertThat(next.counts().total(Outcome.CLEARED)).isEqualTo(1);
        assertThat(next.counts().total(Outcome.FAILED)).isEqualTo(1);
        assertThat(next.counts().last().requests().get(VOLUME1)).containsOnlyKeys(Outcome.CLEARED);
        assertThat(next.counts().last()).isEqualTo(clearing.counts().last());

        assertThat(askedIn(next, QUIET.minusSeconds(10))).isEmpty();
        assertThat(askedIn(next, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
        assertThat(next.counts().suspect()).as("both were there before").isEmpty();
        assertThat(askedIn(next, REST)).isEmpty();
        assertThat(next.hasFollowUps()).isFalse();
    }

    @Test
    void afterARestartBetweenTheLooksEachNodeIsAskedAgain() {
        clearAndStopVss(clearing);
        cluster.silentForShadowCopies.add("NODE1");
        lookFor(clearing, QUIET.plusMinutes(2));
        Clearing next = restarted(clearing.saveState());
        assertThat(next.saveState()).containsExactlyInAnyOrderElementsOf(clearing.saveState());
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{new}", clock.instant())));

        assertThat(askedIn(next, Duration.ofMinutes(10).minusSeconds(10))).isEmpty();
        assertThat(askedIn(next, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect", "unchecked");
        Clearing last = restarted(next.saveState());
        assertThat(last.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(last.counts().last()).isEqualTo(next.counts().last());
        assertThat(last.counts().last().suspect()).containsOnlyKeys(VOLUME1);
        assertThat(last.counts().unchecked()).isEqualTo(1);
        assertThat(last.hasFollowUps()).isFalse();
    }

    @Test
    void looksThatAreOverdueAtAStartAreMadeAtOnceAndFiveMinutesLater() {
        clearAndStopVss(clearing);
        List<StateLine> kept = clearing.saveState();
        clock.advance(Duration.ofHours(5));
        Clearing next = restarted(kept);
        cluster.silentForShadowCopies.add("NODE2");

        assertThat(askedIn(next, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
        assertThat(askedIn(next, Duration.ofMinutes(5).minusSeconds(10))).isEmpty();
        assertThat(askedIn(next, Duration.ofSeconds(10))).containsExactly("NODE2");
        assertThat(next.hasFollowUps()).isFalse();
    }

    @Test
    void aClearOfManyYearsAgoIsFollowedUpAtOnce() {
        Clearing next = restarted(List.of(StateLine.of("follow-up")
                .with("auditId", "1")
                .with("volume", VOLUME1)
                .with("guidName", StubCluster.guid(1))
                .with("clearedAt", Instant.parse("2000-01-01T00:00:00Z"))
                .with("known", List.of())
                .with("listed", List.of("NODE1", "NODE2"))));

        assertThat(askedIn(next, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
    }

    @Test
    void aClockThatIsSetBackOverARestartDelaysTheLooksByNoMoreThanTheirTime() {
        clearAndStopVss(clearing);
        List<StateLine> kept = clearing.saveState();
        clock.set(Duration.ofHours(-1));
        Clearing next = restarted(kept);

        assertThat(askedIn(next, QUIET.minusSeconds(10))).isEmpty();
        assertThat(askedIn(next, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
    }

    @Test
    void aLookThatIsCutOffIsMadeAgainAfterARestart() {
        clearAndStopVss(clearing);
        AtomicReference<List<StateLine>> inTheMiddle = new AtomicReference<>();
        cluster.onShadowCopies = () -> inTheMiddle.compareAndSet(null, clearing.saveState());
        lookFor(clearing, QUIET);
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));

        Clearing next = restarted(inTheMiddle.get());
        lookFor(next, Duration.ofSeconds(10));

        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
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
                new ClearSettings(false, Duration.ofSeconds(5), QUIET));
        early.takeOver(List.of(intent("gone", clock.instant())));
        clock.advance(Duration.ofMinutes(16));
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{new}", clock.instant())));
        early.followUp();
        assertThat(kinds()).containsExactly("unfinished");

        unread.refresh();
        early.followUp();

        assertThat(kinds()).containsExactly("unfinished", "suspect");
    }

    // What only the audit knows.

    @Test
    void aClearOfWhichTheEndIsNotKnownIsLookedAfter() {
        Instant cleared = clock.instant();
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{old}", cleared.minus(Duration.ofMinutes(6)))));
        clearing.takeOver(List.of(intent("gone", cleared)));
        lookFor(clearing, REST);
        assertThat(kinds()).containsExactly("unfinished");

        clearing.takeOver(List.of(intent("gone too", cleared)));
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{new}", cleared.minus(Duration.ofMinutes(4)))));
        lookFor(clearing, Duration.ofSeconds(10));

        assertThat(kinds()).containsExactly("unfinished", "unfinished", "suspect");
    }

    @Test
    void aClearThatTheMemoryLostIsLookedAfterByTheRecord() {
        clearAndStopVss(clearing);
        Clearing next = restarted(List.of());
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{new}", clock.instant())));

        lookFor(next, QUIET);

        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
    }

    @Test
    void whatTheRecordSaysWasNotCalledOrIsLongPastIsNotLookedAfter() {
        assertThat(clearingOnASlowDisk(Duration.ofSeconds(6))
                        .clear(VOLUME1, OPERATOR)
                        .message())
                .startsWith("The clear function was not called: ");
        assertThat(kinds()).containsExactly("intent", "outcome");
        letVssStop();
        assertThat(restarted(List.of()).hasFollowUps()).isFalse();

        pollFor(Duration.ofMinutes(40));
        assertThat(clearAndStopVss(clearing).outcome()).isEqualTo(Outcome.CLEARED);
        clock.advance(QUIET.plusMinutes(15));
        assertThat(restarted(List.of()).hasFollowUps()).isFalse();
    }

    @Test
    void whatIsOnRecordAndWasNotKeptIsCountedAndNotWrittenAgain() {
        clearAndStopVss(clearing);
        List<StateLine> kept = clearing.saveState();
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", false)));
        cluster.silentForShadowCopies.add("NODE1");
        lookFor(clearing, QUIET);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");

        Clearing next = restarted(kept);
        assertThat(next.counts().suspect()).containsEntry(VOLUME1, 1L);
        lookFor(next, REST);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect", "unchecked");

        Clearing last = restarted(kept);
        assertThat(last.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(last.counts().last().suspect()).containsOnlyKeys(VOLUME1);
        assertThat(last.counts().unchecked()).isEqualTo(1);
        assertThat(last.hasFollowUps()).isFalse();
        Clearing again = restarted(last.saveState());
        assertThat(again.counts()).isEqualTo(last.counts());
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
        String id = clearAndStopVss(half).auditId();
        Instant cleared = clock.instant();
        lookFor(half, REST);
        Clearing next = clearing(true, audit::add, Duration.ofSeconds(5));
        next.restoreState(half.saveState());

        next.takeOver(List.of(intent(id, cleared)));

        assertThat(next.hasFollowUps()).isFalse();
        assertThat(kinds()).containsExactly("intent", "unfinished");
    }

    // Clears that return late.

    @Test
    void aClearThatReturnsLateIsLookedAfterAnew() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, audit::add);
        clearAndStopVss(slow);
        assertThat(askedIn(slow, QUIET)).containsExactly("NODE1", "NODE2");
        letReturnLate(release);
        cluster.shadowCopies.put("NODE2", List.of(copy("{a}", true)));

        assertThat(askedIn(slow, QUIET.minusSeconds(10))).isEmpty();
        assertThat(askedIn(slow, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");

        assertThat(slow.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsOnlyOnce("suspect");
    }

    @Test
    void aClearThatReturnsDuringALookIsLookedAfterAnew() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, audit::add);
        clearAndStopVss(slow);
        lookFor(slow, QUIET.minusSeconds(10));
        cluster.beforeAnsweringForShadowCopies = node -> letReturnLate(release);
        assertThat(askedIn(slow, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");

        assertThat(askedIn(slow, QUIET.minusSeconds(10))).isEmpty();
        assertThat(askedIn(slow, Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
    }

    @Test
    void aClearThatWasSuspectBeforeItReturnedLateIsSuspectOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, readable);
        clearAndStopVss(slow);
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", true)));
        lookFor(slow, QUIET);
        letReturnLate(release);
        lookFor(slow, REST);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect", "late");

        assertThat(restarted(slow.saveState()).counts().suspect()).containsEntry(VOLUME1, 1L);
    }
}
