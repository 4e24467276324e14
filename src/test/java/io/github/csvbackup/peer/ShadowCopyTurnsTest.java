package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists for the agents of other nodes: one after the other, at most one a minute, and for each question one that began after it. */
@Timeout(60)
class ShadowCopyTurnsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(35);

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final NodeEvidence evidence = new NodeEvidence(cluster, DEADLINE, DEADLINE, clock, clock::nanoTime);
    private final Semaphore listBegins = new Semaphore(0);
    private final CountDownLatch listEnds = new CountDownLatch(1);

    private ShadowCopyTurns turns(ShadowCopyTurns.Waiting waiting) {
        return new ShadowCopyTurns(evidence, Times.UTC, clock, clock::nanoTime, waiting);
    }

    /** Time passes while a question waits. */
    private void pass(Condition condition, long nanos) {
        clock.advance(Duration.ofNanos(nanos));
    }

    private int lists() {
        return cluster.askedForShadowCopies.size();
    }

    private static CompletableFuture<NodeAnswer<ShadowCopies>> ask(ShadowCopyTurns turns) {
        return CompletableFuture.supplyAsync(() -> turns.ask("NODE1"), task -> new Thread(task).start());
    }

    private void listsHangUntilTheyMayEnd() {
        cluster.onShadowCopies = () -> {
            listBegins.release();
            try {
                listEnds.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static void awaitWaiting(ShadowCopyTurns turns, int number) throws InterruptedException {
        while (turns.waiting() < number) {
            if (Thread.interrupted()) {
                throw new InterruptedException(turns.waiting() + " questions wait");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @AfterEach
    void letGo() {
        listEnds.countDown();
    }

    @Test
    void theFirstQuestionGetsItsListAtOnceAndTheNextWithinAMinuteIsToldWhen() {
        ShadowCopyTurns turns = turns(this::pass);
        NodeAnswer<ShadowCopies> first = turns.ask("NODE1");
        assertThat(first.value()).isNotNull();
        assertThat(first.value().vssBefore().isStopped()).isTrue();
        clock.advance(Duration.ofSeconds(20));

        NodeAnswer<ShadowCopies> second = turns.ask("NODE1");

        assertThat(second.value()).isNull();
        assertThat(second.problem())
                .isEqualTo(new Problem(
                                "NODE1 lists its shadow copies at most once a minute; the next can begin at 03:01:00 UTC",
                                "Try again then.")
                        .later(Duration.ofSeconds(38)));
        assertThat(lists()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(40));
        assertThat(turns.ask("NODE1").value()).isNotNull();
        assertThat(lists()).isEqualTo(2);
    }

    @Test
    void aQuestionShortlyBeforeTheNextListWaitsForIt() {
        ShadowCopyTurns turns = turns(this::pass);
        turns.ask("NODE1");
        clock.advance(ShadowCopyTurns.EVERY.minus(ShadowCopyTurns.PATIENCE).minusNanos(1));
        assertThat(turns.ask("NODE1").value()).as("too early").isNull();
        clock.advance(Duration.ofNanos(1));
        long before = clock.nanoTime();

        assertThat(turns.ask("NODE1").value()).isNotNull();

        assertThat(lists()).isEqualTo(2);
        assertThat(clock.nanoTime() - before).isEqualTo(ShadowCopyTurns.PATIENCE.toNanos());
    }

    /** Each list keeps VSS running, whoever asks for it. */
    @Test
    void theListsOfTheAgentsOwnClearsCountAndNeverWait() {
        ShadowCopyTurns turns = turns(this::pass);
        evidence.shadowCopies(List.of("NODE1"));
        clock.advance(Duration.ofSeconds(1));

        assertThat(turns.ask("NODE1").problem().message()).endsWith("the next can begin at 03:01:00 UTC");

        evidence.shadowCopies(List.of("NODE1"));
        assertThat(lists()).isEqualTo(2);
    }

    @Test
    void anOwnListThatBeginsWhileAQuestionWaitsMovesItsTurn() {
        ShadowCopyTurns turns = turns((condition, nanos) -> {
            pass(condition, nanos);
            if (lists() == 1) {
                evidence.shadowCopies(List.of("NODE1"));
            }
        });
        turns.ask("NODE1");
        clock.advance(Duration.ofSeconds(58));

        assertThat(turns.ask("NODE1").problem().message()).endsWith("the next can begin at 03:02:00 UTC");
        assertThat(lists()).isEqualTo(2);
    }

    @Test
    void aListThatFailsIsToldAndAlsoCountsForTheMinute() {
        ShadowCopyTurns turns = turns(this::pass);
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);

        assertThat(turns.ask("NODE1").problem().message()).startsWith("Win32_ShadowCopy failed");
        cluster.shadowCopyFailure = null;

        assertThat(turns.ask("NODE1").problem().message()).contains("at most once a minute");
    }

    /** The thread that makes the list does not keep the turn. */
    @Test
    void aBugInAListIsToldAndTheNextListIsMade() {
        ShadowCopyTurns turns = turns(this::pass);
        cluster.onShadowCopies = () -> {
            throw new IllegalStateException("a bug");
        };
        assertThat(turns.ask("NODE1").problem().message()).contains("a bug");
        cluster.onShadowCopies = () -> {};
        clock.advance(ShadowCopyTurns.EVERY);

        assertThat(turns.ask("NODE1").value()).isNotNull();
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void allWhoWaitShareTheNextListAndWhoComesDuringItDoesNot() throws Exception {
        listsHangUntilTheyMayEnd();
        ShadowCopyTurns turns = turns(ShadowCopyTurns.Waiting.REAL);
        CompletableFuture<NodeAnswer<ShadowCopies>> first = ask(turns);
        listBegins.acquire();
        assertThat(lists()).isZero();

        NodeAnswer<ShadowCopies> during = turns.ask("NODE1");

        assertThat(during.problem().message()).contains("the next can begin at 03:01:00 UTC");
        clock.advance(Duration.ofSeconds(58));
        List<CompletableFuture<NodeAnswer<ShadowCopies>>> later = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            later.add(ask(turns));
        }
        awaitWaiting(turns, 4);
        assertThat(listBegins.tryAcquire()).as("one at a time").isFalse();
        clock.advance(Duration.ofSeconds(2));
        assertThat(listBegins.tryAcquire()).as("one at a time").isFalse();
        listEnds.countDown();
        assertThat(first.get().value()).isNotNull();
        NodeAnswer<ShadowCopies> shared = later.get(0).get();
        for (CompletableFuture<NodeAnswer<ShadowCopies>> each : later) {
            assertThat(each.get()).isSameAs(shared).isNotSameAs(first.get());
        }
        assertThat(lists()).isEqualTo(2);
    }

    @Test
    void noMoreThanAFewWait() throws Exception {
        listsHangUntilTheyMayEnd();
        ShadowCopyTurns turns = turns(ShadowCopyTurns.Waiting.REAL);
        List<CompletableFuture<NodeAnswer<ShadowCopies>>> asked = new ArrayList<>();
        asked.add(ask(turns));
        listBegins.acquire();
        clock.advance(Duration.ofSeconds(58));
        for (int i = 1; i < ShadowCopyTurns.MOST_WAITING; i++) {
            asked.add(ask(turns));
        }
        awaitWaiting(turns, ShadowCopyTurns.MOST_WAITING);

        assertThat(turns.ask("NODE1").problem())
                .isEqualTo(new Problem(
                                "16 agents already wait for a list of the shadow copies of NODE1",
                                "Try again in a minute.")
                        .later(ShadowCopyTurns.EVERY));
        clock.advance(Duration.ofSeconds(2));
        listEnds.countDown();
        for (CompletableFuture<NodeAnswer<ShadowCopies>> each : asked) {
            assertThat(each.get().value()).isNotNull();
        }
    }

    @Test
    void aThreadThatIsInterruptedGivesUp() {
        ShadowCopyTurns turns = turns(ShadowCopyTurns.Waiting.REAL);
        turns.ask("NODE1");
        clock.advance(Duration.ofSeconds(58));
        Thread.currentThread().interrupt();

        assertThat(turns.ask("NODE1").problem().message()).isEqualTo("the agent of NODE1 is stopping");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(turns.waiting()).isZero();
    }
}
