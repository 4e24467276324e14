package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.OwnQuestions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents that ask at random moments: each list that they get began after their question. Bugs that hand out older ones are found. */
@Timeout(60)
class OlderListsTest {
    private static final int AGENTS = 4;
    private static final int QUESTIONS = 100;
    private static final Duration DEADLINE = Duration.ofSeconds(35);

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final NodeEvidence evidence = new NodeEvidence(cluster, DEADLINE, DEADLINE, clock, clock::nanoTime);

    @SuppressWarnings("WaitNotInLoop") // who asks for a list waits in a loop
    private final ShadowCopyTurns turns =
            new ShadowCopyTurns(evidence, Times.UTC, clock, clock::nanoTime, (condition, nanos) -> {
                clock.advance(Duration.ofSeconds(1));
                long unused = condition.awaitNanos(TimeUnit.MICROSECONDS.toNanos(100));
            });

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger older = new AtomicInteger();

    /** What hands out the lists. */
    @FunctionalInterface
    private interface Lists {
        NodeAnswer<ShadowCopies> ask(String node);
    }

    private static void pause(Random random) {
        LockSupport.parkNanos(random.nextInt(300_000));
    }

    /** The id of its only copy tells which list it is. */
    private void numberTheLists() {
        Random random = new Random(3);
        cluster.onShadowCopies = () -> {
            String id = Integer.toString(begun.incrementAndGet());
            pause(random);
            cluster.shadowCopies.put(
                    "NODE1", List.of(new ShadowCopy(id, "", "", StubCluster.guid(1), "NODE1", false, 12, null)));
        };
    }

    private void askAtRandom(Lists lists) throws Exception {
        numberTheLists();
        List<CompletableFuture<?>> agents = new ArrayList<>();
        for (int agent = 0; agent < AGENTS; agent++) {
            Random random = new Random(agent);
            Runnable asks = () -> {
                for (int i = 0; i < QUESTIONS; i++) {
                    clock.advance(Duration.ofSeconds(random.nextInt(30)));
                    pause(random);
                    int before = begun.get();
                    ShadowCopies told = lists.ask("NODE1").value();
                    if (told != null) {
                        answered.incrementAndGet();
                        if (Integer.parseInt(told.copies().get(0).id()) <= before) {
                            older.incrementAndGet();
                        }
                    }
                }
            };
            agents.add(CompletableFuture.runAsync(asks, task -> new Thread(task).start()));
        }
        CompletableFuture.allOf(agents.toArray(CompletableFuture[]::new)).get();
        assertThat(answered.get()).isGreaterThan(AGENTS * QUESTIONS / 10);
    }

    @Test
    void noListIsOlderThanItsQuestion() throws Exception {
        askAtRandom(turns::ask);

        assertThat(older.get()).isZero();
        assertThat(begun.get()).as("shared").isLessThan(answered.get());
    }

    @Test
    void aListOfTheLastMinuteIsFound() throws Exception {
        askAtRandom(node -> {
            NodeAnswer<ShadowCopies> told = turns.ask(node);
            NodeAnswer<ShadowCopies> last = evidence.lastShadowCopies(node);
            return told.value() == null && last != null ? last : told;
        });

        assertThat(older.get()).isPositive();
    }

    @Test
    void aListThatHadBegunIsFound() throws Exception {
        askAtRandom(node -> {
            OwnQuestions.Last last = evidence.questions().to(node);
            if (last == null || !last.isUnderWay()) {
                return turns.ask(node);
            }
            while (evidence.questions().to(node).isUnderWay()) {
                LockSupport.parkNanos(10_000);
            }
            return evidence.lastShadowCopies(node);
        });

        assertThat(older.get()).isPositive();
    }
}
