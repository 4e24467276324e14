package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes in parallel: first the agent of a node, and the second source where that agent gave no answer that counts. Each node has its own
 * limit of calls, so a hung node does not delay others. Thread-safe.
 */
final class EvidenceSources {
    /** One for a poll or an assessment, one for a clear, one for the check after a clear, one for the agent of another node. */
    private static final int CALLS_PER_NODE = 4;

    /** The second source is not asked for a list if less of the time is left: a list that comes too late has only started VSS. */
    private static final int LEAST_PART_FOR_A_LIST = 3;

    /** The queries to one node. Each kind has its own limit, so that none uses the places of another. */
    private record Place(String node, String kind) {}

    private final Cluster cluster;
    private final Peers peers;
    private final SecondSource second;
    private final KnownLists lists;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<Place, BoundedCalls> calls = new ConcurrentHashMap<>();

    EvidenceSources(
            Cluster cluster, Peers peers, SecondSource second, KnownLists lists, Clock clock, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.peers = peers;
        this.second = second;
        this.lists = lists;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** True if the agent of the node is asked first. */
    boolean asksAgentOf(String node) {
        return peers.asks(node) && !second.isOwn(node);
    }

    /**
     * Asks all nodes.
     *
     * @param deadline of both sources together
     * @param patience how long the agent of a node may take, at most the deadline
     * @return by node, in the same order
     */
    Map<String, NodeLook> ask(Collection<String> nodes, Wish wish, Duration deadline, Duration patience) {
        long begun = System.nanoTime();
        long begunByClock = nanoTime.getAsLong();
        Map<String, BoundedCalls.Pending<NodeLook>> ofPeers = new LinkedHashMap<>();
        Map<String, Asked> asked = new LinkedHashMap<>();
        for (String node : nodes) {
            if (asksAgentOf(node)) {
                ofPeers.put(node, beginAgent(node, wish, patience));
                asked.put(node, new Asked(NodeLook.NOTHING, null));
            } else {
                asked.put(node, askSecond(node, wish, NodeLook.NOTHING));
            }
        }
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        ofPeers.forEach((node, pending) -> pending.whenEnded(() -> ended.add(node)));
        while (!ofPeers.isEmpty()) {
            String node = next(ended, begun + patience.toNanos());
            String late = node == null ? ofPeers.keySet().iterator().next() : node;
            BoundedCalls.Pending<NodeLook> pending = ofPeers.remove(late);
            if (pending != null) {
                NodeLook told = ofAgent(late, wish, pending, patience);
                asked.put(
                        late,
                        isLateFor(wish, begunByClock, deadline) ? new Asked(told, null) : askSecond(late, wish, told));
            }
        }
        long end = begun + deadline.toNanos();
        Map<String, NodeLook> looks = new LinkedHashMap<>();
        asked.forEach((node, each) -> looks.put(node, ended(wish, each, end, deadline)));
        return looks;
    }

    /** What is known of a node, and the second source's answer to come; null if it is not asked. */
    private record Asked(NodeLook known, BoundedCalls.@Nullable Pending<NodeLook> pending) {}

    /** A node whose agent has answered; null if the time is over. */
    private static @Nullable String next(BlockingQueue<String> ended, long end) {
        try {
            return ended.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private boolean isLateFor(Wish wish, long begun, Duration deadline) {
        long left = deadline.toNanos() - (nanoTime.getAsLong() - begun);
        return wish.shadowCopies() && left < deadline.toNanos() / LEAST_PART_FOR_A_LIST;
    }

    private Asked askSecond(String node, Wish wish, NodeLook known) {
        Wish missing = known.missing(wish);
        if (missing.isNothing()) {
            return new Asked(known, null);
        }
        NodeLook denied = second.denied(node, missing);
        return denied != null
                ? new Asked(known.orElse(denied), null)
                : new Asked(
                        known,
                        calls(node, wish.thing(), cluster.neverBlocks())
                                .start("asking " + node + " for its " + wish.thing(), () -> second.ask(node, missing)));
    }

    private NodeLook ended(Wish wish, Asked asked, long end, Duration deadline) {
        BoundedCalls.Pending<NodeLook> pending = asked.pending();
        if (pending == null) {
            return asked.known();
        }
        Wish missing = asked.known().missing(wish);
        NodeLook answer;
        try {
            answer = pending.await(Duration.ofNanos(end - System.nanoTime()), deadline);
        } catch (ClusterException e) {
            answer = NodeLook.failed(missing, SecondSource.sourceOf(missing), clock.instant(), Problem.of(e));
        } catch (CallTimeoutException e) {
            answer = NodeLook.failed(missing, SecondSource.sourceOf(missing), clock.instant(), Problem.of(e));
        }
        return asked.known().orElse(answer);
    }

    private BoundedCalls.Pending<NodeLook> beginAgent(String node, Wish wish, Duration patience) {
        return calls(node, "agent " + wish.thing(), peers.neverBlocks())
                .start("asking the agent of " + node, () -> askAgent(node, wish, patience));
    }

    private NodeLook askAgent(String node, Wish wish, Duration patience) throws ClusterException {
        if (!wish.shadowCopies()) {
            return inTime(node, false, patience);
        }
        KnownLists.Asked question = lists.begun(node);
        NodeLook look = null;
        try {
            look = inTime(node, true, patience);
            return look.shadowCopies() == null ? look.orElse(noList(node)) : look;
        } finally {
            lists.ended(question, look == null ? null : look.shadowCopies());
        }
    }

    /** An answer that took too long says little about the present. */
    private NodeLook inTime(String node, boolean withShadowCopies, Duration patience) throws ClusterException {
        long begun = nanoTime.getAsLong();
        PeerEvidence told = peers.ask(node, withShadowCopies);
        if (nanoTime.getAsLong() - begun > patience.toNanos()) {
            Problem late = late(node, patience);
            throw ClusterException.unavailable(late.message(), late.remedy());
        }
        return NodeLook.ofPeer(told, node, clock.instant());
    }

    private NodeLook noList(String node) {
        return NodeLook.failed(
                Wish.SHADOW_COPIES,
                Source.AGENT_OF_NODE,
                clock.instant(),
                new Problem("the agent of " + node + " gave no list of shadow copies", "Update that agent."));
    }

    private static Problem late(String node, Duration patience) {
        return new Problem(
                "the agent of " + node + " did not answer within " + text(patience),
                "Check that it runs and that " + node + " can be reached.");
    }

    private static String text(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private NodeLook ofAgent(String node, Wish wish, BoundedCalls.Pending<NodeLook> pending, Duration patience) {
        Problem problem;
        try {
            return pending.await(Duration.ZERO, patience);
        } catch (ClusterException e) {
            problem = e.wasStarted() ? Problem.of(e) : late(node, patience);
        } catch (CallTimeoutException e) {
            problem = Thread.currentThread().isInterrupted() ? Problem.of(e) : late(node, patience);
        }
        return NodeLook.failed(wish, Source.AGENT_OF_NODE, clock.instant(), problem);
    }

    /**
     * The same for the list of one node, without waiting: one source after the other. <strong>Starts the VSS service there.</strong>
     *
     * @param deadline of both together; the agent of the node may take all of it
     */
    BoundedCalls.Pending<NodeAnswer<ShadowCopies>> beginList(String node, Duration deadline) {
        String thing = Wish.SHADOW_COPIES.thing();
        boolean agent = asksAgentOf(node);
        return calls(node, agent ? thing + " of both" : thing, cluster.neverBlocks() && (!agent || peers.neverBlocks()))
                .start("asking " + node + " for its " + thing, () -> list(node, agent, deadline));
    }

    private NodeAnswer<ShadowCopies> list(String node, boolean agent, Duration deadline) {
        long begun = nanoTime.getAsLong();
        NodeLook look = NodeLook.NOTHING;
        if (agent) {
            try {
                look = askAgent(node, Wish.SHADOW_COPIES, deadline);
            } catch (ClusterException e) {
                look = NodeLook.failed(Wish.SHADOW_COPIES, Source.AGENT_OF_NODE, clock.instant(), Problem.of(e));
            }
        }
        Wish missing = look.missing(Wish.SHADOW_COPIES);
        if (!missing.isNothing() && !isLateFor(missing, begun, deadline)) {
            NodeLook denied = second.denied(node, missing);
            look = look.orElse(denied == null ? second.ask(node, missing) : denied);
        }
        return Objects.requireNonNull(look.shadowCopies());
    }

    private BoundedCalls calls(String node, String kind, boolean neverBlock) {
        return calls.computeIfAbsent(new Place(node, kind), place -> new BoundedCalls(CALLS_PER_NODE, neverBlock));
    }
}
