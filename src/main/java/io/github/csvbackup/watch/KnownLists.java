package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The last list of shadow copies of each node, and when this agent asked for them. Thread-safe. */
final class KnownLists {
    private final OwnQuestions questions;
    private final AtomicLong asked = new AtomicLong();
    private final Map<String, Listing> last = new ConcurrentHashMap<>();

    /** A question that has begun. */
    record Asked(String node, long order, Instant at) {}

    /** A list of shadow copies, or why there never was one: then the order is 0. */
    private record Listing(long order, NodeAnswer<ShadowCopies> answer) {}

    KnownLists(Clock clock, LongSupplier nanoTime) {
        this.questions = new OwnQuestions(clock, nanoTime);
    }

    Asked begun(String node) {
        return new Asked(node, asked.incrementAndGet(), questions.begun(node));
    }

    /** @param answer null if the question failed */
    void ended(Asked question, @Nullable NodeAnswer<ShadowCopies> answer) {
        ShadowCopies told = answer == null ? null : answer.value();
        if (answer != null && told != null) {
            // A question that began later may have ended before.
            last.merge(
                    question.node(),
                    new Listing(question.order(), answer),
                    (known, list) -> known.order() > list.order() ? known : list);
        }
        questions.ended(question.node(), question.at(), told);
    }

    /** Keeps why a node that never gave a list gave none. */
    void failed(String node, NodeAnswer<ShadowCopies> answer) {
        last.putIfAbsent(node, new Listing(0, answer));
    }

    OwnQuestions questions() {
        return questions;
    }

    /** By the node's name. */
    Map<String, NodeAnswer<ShadowCopies>> all() {
        Map<String, NodeAnswer<ShadowCopies>> lists = new TreeMap<>();
        last.forEach((node, listing) -> lists.put(node, listing.answer()));
        return lists;
    }

    /** Null if the node was not asked since the agent started. */
    @Nullable
    NodeAnswer<ShadowCopies> of(String node) {
        Listing listing = last.get(node);
        return listing == null ? null : listing.answer();
    }
}
