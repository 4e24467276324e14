package io.github.csvbackup.peer;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.OwnQuestions;
import io.github.csvbackup.watch.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists the shadow copies of this node for the agents of other nodes: one list at a time, at most one a minute. Each list starts the VSS service or keeps
 * it running, and the running service prevents clears. A list answers all questions that arrived before it began, and no other: an older list does not
 * show a backup that began since. Thread-safe.
 */
final class ShadowCopyTurns {
    static final Duration EVERY = Duration.ofMinutes(1);

    /** Each keeps a thread of the HTTP server waiting. */
    static final int MOST_WAITING = 16;

    /** The agent that asks waits 34 seconds, and a list may take 30: after a longer wait it would come too late, and would have started VSS for nothing. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Who comes back this much before the next list waits for it. Who comes at its time may find that another has just begun it. */
    private static final Duration EARLY = PATIENCE.minusSeconds(1);

    private final NodeEvidence evidence;
    private final Times times;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Waiting pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Turn next = new Turn();
    private boolean listing;
    private int waiting;

    /** A list that answers all who came before it began. */
    private static final class Turn {
        private boolean begun;
        private @Nullable NodeAnswer<ShadowCopies> answer;
    }

    /** Waits for a condition. A test moves its clock instead. */
    @FunctionalInterface
    interface Waiting {
        @SuppressWarnings("WaitNotInLoop") // the caller loops
        Waiting REAL = (condition, nanos) -> {
            long unused = condition.awaitNanos(nanos);
        };

        void await(Condition condition, long nanos) throws InterruptedException;
    }

    /**
     * No list yet.
     *
     * @param nanoTime monotonic; the same as that of the evidence
     */
    ShadowCopyTurns(NodeEvidence evidence, Times times, Clock clock, LongSupplier nanoTime, Waiting pause) {
        this.evidence = evidence;
        this.times = times;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /**
     * A list that begins after this call, or why there is none. Blocks for as long as the node may take to list them, and for {@link #PATIENCE}.
     *
     * @param node this agent's own node
     */
    NodeAnswer<ShadowCopies> ask(String node) {
        long arrived = nanoTime.getAsLong();
        lock.lock();
        try {
            if (waiting >= MOST_WAITING) {
                return none(new Problem(
                                MOST_WAITING + " agents already wait for a list of the shadow copies of " + node,
                                "Try again in a minute.")
                        .later(EVERY));
            }
            waiting++;
            try {
                return await(node, next, arrived);
            } finally {
                waiting--;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return none(new Problem("the agent of " + node + " is stopping", "Try again when it runs."));
        } finally {
            lock.unlock();
        }
    }

    private NodeAnswer<ShadowCopies> await(String node, Turn turn, long arrived) throws InterruptedException {
        while (turn.answer == null) {
            if (turn.begun) {
                // The list has its own deadline.
                pause.await(changed, EVERY.toNanos());
                continue;
            }
            long pauseNanos = nanosToNext(node);
            if (pauseNanos <= 0 && !listing) {
                return list(node, turn);
            }
            long patience = PATIENCE.toNanos() - (nanoTime.getAsLong() - arrived);
            if (Math.max(pauseNanos, 1) > patience) {
                return later(node, pauseNanos);
            }
            pause.await(changed, pauseNanos > 0 ? pauseNanos : patience);
        }
        return turn.answer;
    }

    /** Negative if a list may begin now. All lists of this agent count: each of them keeps the VSS service running. */
    private long nanosToNext(String node) {
        OwnQuestions.Last last = evidence.questions().to(node);
        return last == null ? -1 : EVERY.toNanos() - (nanoTime.getAsLong() - last.askedNanos());
    }

    private NodeAnswer<ShadowCopies> list(String node, Turn turn) {
        turn.begun = true;
        next = new Turn();
        listing = true;
        NodeAnswer<ShadowCopies> answer = none(new Problem(
                "listing the shadow copies of " + node + " failed", "The log of the agent there says why."));
        lock.unlock();
        try {
            answer = evidence.shadowCopies(List.of(node)).getOrDefault(node, answer);
        } finally {
            lock.lock();
            listing = false;
            turn.answer = answer;
            changed.signalAll();
        }
        return answer;
    }

    private NodeAnswer<ShadowCopies> later(String node, long pauseNanos) {
        Instant now = clock.instant();
        Duration pause = Duration.ofNanos(Math.max(0, pauseNanos));
        Duration earlier = pause.minus(EARLY);
        return none(new Problem(
                        node + " lists its shadow copies at most once a minute; the next can begin at "
                                + times.timeOn(now, now.plus(pause)),
                        "Try again then.")
                .later(earlier.isNegative() ? Duration.ZERO : earlier));
    }

    private NodeAnswer<ShadowCopies> none(Problem why) {
        return NodeAnswer.none(clock.instant(), why);
    }

    /** How many questions wait for a list, or for their turn. */
    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }
}
