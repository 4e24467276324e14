package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes in parallel. Each node has its own deadline and its own limit of calls, so a hung node does not delay others.
 * Thread-safe.
 */
public final class NodeEvidence {
    /** One for a poll or an assessment, one for a clear, one for the check after a clear. */
    private static final int CALLS_PER_NODE = 3;

    private static final String SHADOW_COPIES = "shadow copies";

    /** The queries to one node. Each kind has its own limit, so that none uses the places of another. */
    private record Place(String node, String kind) {}

    /** A list of shadow copies, or why there never was one: then the order is 0. */
    private record Listing(long order, NodeAnswer<ShadowCopies> answer) {}

    private final Cluster cluster;
    private final Duration serviceDeadline;
    private final Duration shadowCopyDeadline;
    private final Clock clock;
    private final OwnQuestions questions;
    private final Map<Place, BoundedCalls> calls = new ConcurrentHashMap<>();
    private final Map<String, Listing> lastLists = new ConcurrentHashMap<>();
    private final AtomicLong queries = new AtomicLong();

    /**
     * @param serviceDeadline how long a node may take to report a service
     * @param shadowCopyDeadline how long a node may take to list its shadow copies
     * @param nanoTime monotonic, for the time of the last query to a node
     */
    public NodeEvidence(
            Cluster cluster,
            Duration serviceDeadline,
            Duration shadowCopyDeadline,
            Clock clock,
            LongSupplier nanoTime) {
        this.cluster = cluster;
        this.serviceDeadline = serviceDeadline;
        this.shadowCopyDeadline = shadowCopyDeadline;
        this.clock = clock;
        this.questions = new OwnQuestions(clock, nanoTime);
    }

    /** The services that a backup uses, for each node. Changes nothing. */
    Map<String, NodeServices> services(Collection<String> nodes) {
        Map<String, NodeServices> answers = new LinkedHashMap<>();
        ask(nodes, "services", serviceDeadline, this::services).forEach((node, answer) -> {
            NodeServices told = answer.value();
            Problem problem = answer.problem();
            answers.put(
                    node,
                    told == null && problem != null
                            ? new NodeServices(
                                    NodeAnswer.none(answer.at(), problem), NodeAnswer.none(answer.at(), problem))
                            : Objects.requireNonNull(told));
        });
        return answers;
    }

    /** One after the other: both queries go to the same service control manager. */
    private NodeServices services(String node) {
        return new NodeServices(service(node, Cluster.VSS), service(node, Cluster.SOFTWARE_PROVIDER));
    }

    /** The VSS service of each node, read now. Changes nothing. */
    public Map<String, NodeAnswer<ServiceStatus>> vss(Collection<String> nodes) {
        return ask(nodes, "VSS service", serviceDeadline, node -> cluster.service(node, Cluster.VSS));
    }

    private NodeAnswer<ServiceStatus> service(String node, String service) {
        try {
            ServiceStatus status = cluster.service(node, service);
            return NodeAnswer.of(clock.instant(), status);
        } catch (ClusterException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        }
    }

    /** The shadow copies of each node. <strong>Starts the VSS service there.</strong> */
    public Map<String, NodeAnswer<ShadowCopies>> shadowCopies(Collection<String> nodes) {
        Map<String, NodeAnswer<ShadowCopies>> answers =
                ask(nodes, SHADOW_COPIES, shadowCopyDeadline, this::shadowCopies);
        answers.forEach((node, answer) -> {
            if (answer.value() == null) {
                lastLists.putIfAbsent(node, new Listing(0, answer));
            }
        });
        return answers;
    }

    /** The last list of each node that was asked for its shadow copies since the agent started, or why there is none, by name. Asks no node. */
    public Map<String, NodeAnswer<ShadowCopies>> lastShadowCopies() {
        Map<String, NodeAnswer<ShadowCopies>> lists = new TreeMap<>();
        lastLists.forEach((node, listing) -> lists.put(node, listing.answer()));
        return lists;
    }

    /** The last answer of one node; null if it was not asked since the agent started. */
    public @Nullable NodeAnswer<ShadowCopies> lastShadowCopies(String node) {
        Listing listing = lastLists.get(node);
        return listing == null ? null : listing.answer();
    }

    /** The same query to one node, without waiting. <strong>Starts the VSS service there.</strong> */
    BoundedCalls.Pending<NodeAnswer<ShadowCopies>> beginShadowCopies(String node) {
        return begin(node, SHADOW_COPIES, this::shadowCopies);
    }

    /** How long a node may take to list its shadow copies. */
    Duration shadowCopyDeadline() {
        return shadowCopyDeadline;
    }

    /** The answer to such a query; gives the query up if there is none yet. */
    <T> NodeAnswer<T> ended(BoundedCalls.Pending<NodeAnswer<T>> asked) {
        return await(asked, System.nanoTime(), shadowCopyDeadline);
    }

    /** When the nodes were asked for their shadow copies. */
    public OwnQuestions questions() {
        return questions;
    }

    private ShadowCopies shadowCopies(String node) throws ClusterException {
        long order = queries.incrementAndGet();
        Instant begun = questions.begun(node);
        ShadowCopies told = null;
        try {
            told = cluster.shadowCopies(node);
            Listing now = new Listing(order, NodeAnswer.of(clock.instant(), told));
            // A query that began later may have ended before.
            lastLists.merge(node, now, (known, list) -> known.order() > list.order() ? known : list);
            return told;
        } finally {
            questions.ended(node, begun, told);
        }
    }

    /** Asks a node. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(String node) throws ClusterException;
    }

    private <T> Map<String, NodeAnswer<T>> ask(
            Collection<String> nodes, String thing, Duration deadline, Question<T> question) {
        Map<String, BoundedCalls.Pending<NodeAnswer<T>>> asked = new LinkedHashMap<>();
        nodes.forEach(node -> asked.put(node, begin(node, thing, question)));
        long end = System.nanoTime() + deadline.toNanos();
        Map<String, NodeAnswer<T>> answers = new LinkedHashMap<>();
        asked.forEach((node, pending) -> answers.put(node, await(pending, end, deadline)));
        return answers;
    }

    private <T> BoundedCalls.Pending<NodeAnswer<T>> begin(String node, String thing, Question<T> question) {
        BoundedCalls bounded =
                calls.computeIfAbsent(new Place(node, thing), place -> new BoundedCalls(CALLS_PER_NODE, cluster));
        return bounded.start("asking " + node + " for its " + thing, () -> {
            T value = question.ask(node);
            // The time of the answer, not of its collection.
            return NodeAnswer.of(clock.instant(), value);
        });
    }

    private <T> NodeAnswer<T> await(BoundedCalls.Pending<NodeAnswer<T>> pending, long end, Duration deadline) {
        try {
            return pending.await(Duration.ofNanos(end - System.nanoTime()), deadline);
        } catch (ClusterException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        } catch (CallTimeoutException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        }
    }
}
