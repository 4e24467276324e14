package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.watch.PeerEvidence.Seen;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The services of this agent's own node, for the agents of other nodes: read for each of their questions, and for how long each was seen stopped at
 * every read, of polls and questions, without a gap. Thread-safe.
 */
public final class OwnServices {
    private static final int READS_AT_ONCE = 4;

    /** A node that asked goes on asking for as long as a look after a clear may be due. */
    private static final Duration POLLS_READ_FOR = Duration.ofMinutes(20);

    private final Cluster cluster;
    private final WatchSettings settings;
    private final Clock clock;
    private final LongSupplier nanoTime;
    /** However many questions come, polls have a place of their own. */
    private final BoundedCalls forPolls;

    private final BoundedCalls forQuestions;
    private final Row vss = new Row();
    private final Row softwareProvider = new Row();
    private @Nullable Moment lastQuestion;

    /** The two services, as read for one question. */
    public record Both(Seen vss, Seen softwareProvider) {}

    OwnServices(Cluster cluster, WatchSettings settings, Clock clock, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.forQuestions = new BoundedCalls(READS_AT_ONCE, cluster);
        this.forPolls = new BoundedCalls(1, cluster);
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads both services for a question; polls then read them for some time, too.
     *
     * @param node this agent's own node
     */
    public Both forQuestion(String node) {
        synchronized (this) {
            lastQuestion = now();
        }
        return read(node, forQuestions);
    }

    /** Reads both services for a poll, if a question came recently. */
    void forPoll(String node) {
        Moment last;
        synchronized (this) {
            last = lastQuestion;
        }
        if (last != null && now().since(last).compareTo(POLLS_READ_FOR) < 0) {
            Both unused = read(node, forPolls);
        }
    }

    private Both read(String node, BoundedCalls calls) {
        Moment begun = now();
        String what = "asking " + node + " for its services";
        try {
            return calls.call(what, settings.serviceDeadline(), () -> {
                // One after the other: both queries go to the same service control manager.
                NodeAnswer<ServiceStatus> vss = service(node, Cluster.VSS);
                return add(vss, service(node, Cluster.SOFTWARE_PROVIDER), begun);
            });
        } catch (ClusterException e) {
            return unread(Problem.of(e), begun);
        } catch (CallTimeoutException e) {
            return unread(Problem.of(e), begun);
        }
    }

    private NodeAnswer<ServiceStatus> service(String node, String service) {
        try {
            return NodeAnswer.of(clock.instant(), cluster.service(node, service));
        } catch (ClusterException e) {
            return NodeAnswer.none(clock.instant(), Problem.of(e));
        }
    }

    private Both unread(Problem problem, Moment begun) {
        NodeAnswer<ServiceStatus> none = NodeAnswer.none(clock.instant(), problem);
        return add(none, none, begun);
    }

    /**
     * Both services were read.
     *
     * @param begun before the reads began
     */
    synchronized Both add(NodeAnswer<ServiceStatus> ofVss, NodeAnswer<ServiceStatus> ofSoftwareProvider, Moment begun) {
        Moment ended = now();
        vss.add(ofVss.value(), begun, ended);
        softwareProvider.add(ofSoftwareProvider.value(), begun, ended);
        return new Both(vss.seen(ofVss), softwareProvider.seen(ofSoftwareProvider));
    }

    private Moment now() {
        return Moment.now(clock, nanoTime);
    }

    /** The consecutive reads that found a service stopped. What is uncertain makes it shorter: a status was so at some moment of its read. */
    private final class Row {
        private @Nullable Moment since;
        private @Nullable Moment last;
        private @Nullable Moment otherwise;

        void add(@Nullable ServiceStatus status, Moment begun, Moment ended) {
            if (status == null || !status.isStopped()) {
                since = null;
                last = null;
                otherwise = ended;
                return;
            }
            // Of reads at the same time, one that found the service running may be the later one.
            if (isBefore(begun, otherwise) || isBefore(begun, last)) {
                return;
            }
            if (last == null || settings.isGap(last, begun)) {
                since = ended;
            }
            last = begun;
        }

        private boolean isBefore(Moment begun, @Nullable Moment other) {
            return other != null && begun.isBefore(other);
        }

        Seen seen(NodeAnswer<ServiceStatus> told) {
            ServiceStatus status = told.value();
            return new Seen(
                    status, status != null && status.isStopped() ? stoppedFor() : Duration.ZERO, told.problem());
        }

        private Duration stoppedFor() {
            return since == null || last == null || last.isBefore(since) ? Duration.ZERO : last.since(since);
        }
    }
}
