package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.Win32Error;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes' service control managers and WMI tell this agent. One that denied access is not asked again for an hour: the answer would be the
 * same, and fills the node's security log. Until then the old failure stands, with its time. The agent's own node is always asked. Thread-safe.
 */
final class SecondSource {
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofHours(1);

    private final Cluster cluster;
    private final KnownLists lists;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<Place, Denial> denials = new ConcurrentHashMap<>();
    private volatile String ownNode = "";

    private record Place(String node, Source source) {}

    private record Denial(Instant at, Problem problem, long nanos) {}

    /** Asks a node. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws ClusterException;
    }

    SecondSource(Cluster cluster, KnownLists lists, Clock clock, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.lists = lists;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void setOwnNode(String node) {
        ownNode = node;
    }

    boolean isOwn(String node) {
        return node.equalsIgnoreCase(ownNode);
    }

    static Source sourceOf(Wish wish) {
        return wish.shadowCopies() ? Source.WMI : Source.SERVICE_MANAGER;
    }

    /** The failure that stands because access was denied lately; null if the node can be asked. */
    @Nullable
    NodeLook denied(String node, Wish wish) {
        Source source = sourceOf(wish);
        Denial denial = denials.get(new Place(node, source));
        return denial == null || isOver(denial) ? null : NodeLook.failed(wish, source, denial.at(), denial.problem());
    }

    private boolean isOver(Denial denial) {
        return nanoTime.getAsLong() - denial.nanos() >= ASKED_AGAIN_AFTER.toNanos();
    }

    /** One after the other: both services are asked of the same service control manager. Blocks as long as the cluster does. */
    NodeLook ask(String node, Wish wish) {
        return new NodeLook(
                wish.vss() ? ServiceLook.of(service(node, Cluster.VSS)) : null,
                wish.softwareProvider() ? ServiceLook.of(service(node, Cluster.SOFTWARE_PROVIDER)) : null,
                wish.shadowCopies() ? shadowCopies(node) : null);
    }

    private NodeAnswer<ServiceStatus> service(String node, String service) {
        return ask(node, Source.SERVICE_MANAGER, () -> cluster.service(node, service));
    }

    /** Starts the VSS service there. */
    private NodeAnswer<ShadowCopies> shadowCopies(String node) {
        KnownLists.Asked asked = lists.begun(node);
        NodeAnswer<ShadowCopies> answer = null;
        try {
            answer = ask(node, Source.WMI, () -> cluster.shadowCopies(node));
            return answer;
        } finally {
            lists.ended(asked, answer);
        }
    }

    private <T> NodeAnswer<T> ask(String node, Source source, Question<T> question) {
        Place place = new Place(node, source);
        Denial denial = denials.get(place);
        if (denial != null && !isOver(denial)) {
            return NodeAnswer.<T>none(denial.at(), denial.problem()).from(source);
        }
        try {
            T value = question.ask();
            denials.remove(place);
            // The time of the answer, not of its collection.
            return NodeAnswer.of(clock.instant(), value).from(source);
        } catch (ClusterException e) {
            Instant at = clock.instant();
            Problem problem = Problem.of(e);
            Integer code = e.code();
            if (code != null && code == Win32Error.ACCESS_DENIED && !isOwn(node)) {
                denials.put(place, new Denial(at, problem, nanoTime.getAsLong()));
            }
            return NodeAnswer.<T>none(at, problem).from(source);
        }
    }
}
