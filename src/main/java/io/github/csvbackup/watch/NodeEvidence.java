package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes in parallel for evidence about backups. Where an agent of the node is known it is asked first; this agent asks the node itself only
 * if that one gave no answer that counts. Each node has its own deadline, so a hung node does not delay others. Thread-safe.
 */
public final class NodeEvidence {
    private final Duration serviceDeadline;
    private final Duration shadowCopyDeadline;
    private final Clock clock;
    private final KnownLists lists;
    private final SecondSource second;
    private final EvidenceSources sources;

    /** One that asks no agents of other nodes. */
    public NodeEvidence(
            Cluster cluster,
            Duration serviceDeadline,
            Duration shadowCopyDeadline,
            Clock clock,
            LongSupplier nanoTime) {
        this(cluster, Peers.NONE, serviceDeadline, shadowCopyDeadline, clock, nanoTime);
    }

    /**
     * Nothing is asked yet.
     *
     * @param serviceDeadline how long a node may take to report a service
     * @param shadowCopyDeadline how long a node may take to list its shadow copies
     * @param nanoTime monotonic, for the time of the last query to a node
     */
    public NodeEvidence(
            Cluster cluster,
            Peers peers,
            Duration serviceDeadline,
            Duration shadowCopyDeadline,
            Clock clock,
            LongSupplier nanoTime) {
        this.serviceDeadline = serviceDeadline;
        this.shadowCopyDeadline = shadowCopyDeadline;
        this.clock = clock;
        this.lists = new KnownLists(clock, nanoTime);
        this.second = new SecondSource(cluster, lists, clock, nanoTime);
        this.sources = new EvidenceSources(cluster, peers, second, lists, clock, nanoTime);
    }

    /** The node that this agent runs on is asked directly. */
    void setOwnNode(String node) {
        second.setOwnNode(node);
    }

    /** True if the agent of the node is asked first. */
    public boolean asksAgentOf(String node) {
        return sources.asksAgentOf(node);
    }

    /** The services that a backup uses, for each node. One question to each agent. Changes nothing. */
    Map<String, NodeServices> services(Collection<String> nodes) {
        Map<String, NodeServices> services = new LinkedHashMap<>();
        ask(nodes, Wish.SERVICES)
                .forEach((node, look) -> services.put(
                        node,
                        new NodeServices(
                                Objects.requireNonNull(look.vss()),
                                Objects.requireNonNull(look.softwareProvider()),
                                look.machines())));
        return services;
    }

    /** The VSS service of each node, read now. Changes nothing. */
    public Map<String, NodeAnswer<ServiceStatus>> vss(Collection<String> nodes) {
        Map<String, NodeAnswer<ServiceStatus>> answers = new LinkedHashMap<>();
        ask(nodes, Wish.VSS)
                .forEach((node, look) ->
                        answers.put(node, Objects.requireNonNull(look.vss()).answer()));
        return answers;
    }

    /** Half of the time is left for the second source if an agent does not answer. */
    private Map<String, NodeLook> ask(Collection<String> nodes, Wish services) {
        return sources.ask(nodes, services, serviceDeadline, serviceDeadline.dividedBy(2));
    }

    /**
     * What nodes said of their shadow copies and, where they listed them, of the VSS service afterwards.
     *
     * @param vssAfter of the nodes that gave a list
     */
    public record Lists(
            Map<String, NodeAnswer<ShadowCopies>> shadowCopies, Map<String, NodeAnswer<ServiceStatus>> vssAfter) {}

    /** The shadow copies of each node. <strong>Starts the VSS service there.</strong> */
    public Map<String, NodeAnswer<ShadowCopies>> shadowCopies(Collection<String> nodes) {
        return listsOf(looks(nodes));
    }

    /** The same, and then the VSS service of the nodes that gave a list. <strong>Starts that service.</strong> */
    public Lists listsAndVss(Collection<String> nodes) {
        Map<String, NodeLook> looks = looks(nodes);
        Map<String, NodeAnswer<ShadowCopies>> answers = listsOf(looks);
        Map<String, NodeAnswer<ServiceStatus>> vss = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        answers.forEach((node, answer) -> {
            if (answer.value() != null) {
                NodeAnswer<ServiceStatus> told = runningWith(Objects.requireNonNull(looks.get(node)));
                if (told == null) {
                    unknown.add(node);
                } else {
                    vss.put(node, told);
                }
            }
        });
        vss.putAll(vss(unknown));
        return new Lists(answers, vss);
    }

    /**
     * The service as the agent of the node saw it with its list: the process is compared later, so it does not matter whether it looked before or
     * after. One that was stopped was looked at before, and is asked for again.
     */
    private static @Nullable NodeAnswer<ServiceStatus> runningWith(NodeLook look) {
        ServiceLook vss = look.vss();
        ServiceStatus status = vss == null ? null : vss.answer().value();
        return vss == null || status == null || status.state() != ServiceStatus.RUNNING ? null : vss.answer();
    }

    private Map<String, NodeLook> looks(Collection<String> nodes) {
        Map<String, NodeLook> looks = sources.ask(nodes, Wish.SHADOW_COPIES, shadowCopyDeadline, shadowCopyDeadline);
        listsOf(looks).forEach((node, answer) -> {
            if (answer.value() == null) {
                lists.failed(node, answer);
            }
        });
        return looks;
    }

    private static Map<String, NodeAnswer<ShadowCopies>> listsOf(Map<String, NodeLook> looks) {
        Map<String, NodeAnswer<ShadowCopies>> answers = new LinkedHashMap<>();
        looks.forEach((node, look) -> answers.put(node, Objects.requireNonNull(look.shadowCopies())));
        return answers;
    }

    /** The last list of each node that was asked for its shadow copies since the agent started, or why there is none, by name. Asks no node. */
    public Map<String, NodeAnswer<ShadowCopies>> lastShadowCopies() {
        return lists.all();
    }

    /** The last answer of one node; null if it was not asked since the agent started. */
    public @Nullable NodeAnswer<ShadowCopies> lastShadowCopies(String node) {
        return lists.of(node);
    }

    /** The same query to one node, without waiting. <strong>Starts the VSS service there.</strong> */
    BoundedCalls.Pending<NodeAnswer<ShadowCopies>> beginShadowCopies(String node) {
        return sources.beginList(node, shadowCopyDeadline);
    }

    /** How long a node may take to list its shadow copies. */
    Duration shadowCopyDeadline() {
        return shadowCopyDeadline;
    }

    /** The answer to such a query; gives the query up if there is none yet. */
    <T> NodeAnswer<T> ended(BoundedCalls.Pending<NodeAnswer<T>> asked) {
        try {
            return asked.await(Duration.ZERO, shadowCopyDeadline);
        } catch (ClusterException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        } catch (CallTimeoutException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        }
    }

    /** When the nodes were asked for their shadow copies. */
    public OwnQuestions questions() {
        return lists.questions();
    }
}
