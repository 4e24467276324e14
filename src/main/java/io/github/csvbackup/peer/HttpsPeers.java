package io.github.csvbackup.peer;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.security.PeerTls;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Peers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the agents of other nodes over mutual TLS. Has no thread, and no connection that was not used for half a minute. Thread-safe. */
public final class HttpsPeers implements Peers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpsPeers.class);

    private final PeerSettings settings;
    private final PeerTls tls;
    private final Supplier<OwnCluster> own;
    private final PeerRecords records;
    private final Clock clock;
    private final AnswerCheck check;
    private final PeerClient client;
    private final SecureRandom random = new SecureRandom();

    /**
     * Asks no agent yet.
     *
     * @param own what the last poll says of this agent's cluster; must not block
     */
    public HttpsPeers(PeerSettings settings, PeerTls tls, Supplier<OwnCluster> own, PeerRecords records, Clock clock) {
        this(settings, tls, own, records, clock, System::nanoTime, AnswerCheck.ALL);
    }

    /** @param nanoTime monotonic, for the age of kept connections */
    HttpsPeers(
            PeerSettings settings,
            PeerTls tls,
            Supplier<OwnCluster> own,
            PeerRecords records,
            Clock clock,
            LongSupplier nanoTime,
            AnswerCheck check) {
        this.settings = settings;
        this.tls = tls;
        this.own = own;
        this.records = records;
        this.clock = clock;
        this.client = new PeerClient(tls, settings.connecting(), nanoTime);
        this.check = check;
    }

    @Override
    public boolean asks(String node) {
        return !settings.isOff(node) && !node.equalsIgnoreCase(own.get().node());
    }

    @Override
    public PeerEvidence ask(String node, boolean withShadowCopies) throws ClusterException {
        Asked asked = question(node, withShadowCopies);
        PeerEvidence evidence = asked.evidence();
        if (evidence == null) {
            throw ClusterException.unavailable(
                    asked.status().said(), asked.status().remedy());
        }
        return evidence;
    }

    /** The same for a person, about the services. */
    PeerStatus look(String node) {
        return question(node, false).status();
    }

    /** @param evidence null if there is no answer that counts */
    private record Asked(PeerStatus status, @Nullable PeerEvidence evidence) {}

    private Asked question(String node, boolean withShadowCopies) {
        String url = "";
        PeerOutcome outcome = PeerOutcome.ANSWERED;
        String said;
        String remedy = "";
        PeerEvidence evidence = null;
        try {
            OwnCluster cluster = own.get();
            PeerAddress address = address(node, cluster);
            url = address.url();
            Question question = Question.next(random, withShadowCopies);
            Duration patience = withShadowCopies ? settings.patienceWithShadowCopies() : settings.patience();
            String answer = client.ask(address, question, Deadline.in(patience));
            LocalEvidence told = check.evidence(answer, question, address, cluster, clock.instant());
            evidence = told.evidence();
            said = inWords(told);
        } catch (PeerException e) {
            outcome = e.outcome();
            said = e.text();
            remedy = e.remedy();
        } catch (RuntimeException e) {
            LOG.error("Asking the agent of {} failed", node, e);
            outcome = PeerOutcome.FAILED;
            said = "asking the agent of " + node + " failed: " + e;
            remedy = "This is a bug: report it with the agent's log.";
        }
        PeerStatus status = new PeerStatus(node, url, outcome, clock.instant(), said, remedy);
        records.add(status, outcome);
        return new Asked(status, evidence);
    }

    private PeerAddress address(String node, OwnCluster cluster) throws PeerException {
        if (cluster.node().isEmpty() || cluster.sharedDisks().isEmpty()) {
            throw new PeerException(
                    PeerOutcome.NOT_READY,
                    "the agent of " + node + " was not asked, because this agent has not read the shared disks of its"
                            + " own cluster yet",
                    "Try again after the next poll. If polls fail, their error says why.");
        }
        if (!cluster.knowsAllDisks()) {
            throw new PeerException(
                    PeerOutcome.NOT_READY,
                    "the agent of " + node + " was not asked, because this agent has not read all shared disks yet",
                    "Check with probe which disk cannot be read, and try again after the next poll.");
        }
        String name = tls.fullName(node, cluster.node())
                .orElseThrow(() -> new PeerException(
                        PeerOutcome.NOT_READY,
                        "the agent of " + node + " was not asked, because the certificate of this node has no full DNS"
                                + " name that begins with " + cluster.node() + ", which says the domain of all nodes",
                        "Give this node a certificate with its full DNS name in Subject Alternative Name; certificates"
                                + " create makes such ones."));
        return settings.address(node, name);
    }

    private static String inWords(LocalEvidence told) {
        PeerEvidence evidence = told.evidence();
        return "version " + PeerFailures.quoted(told.version()) + ": VSS " + inWords(evidence.vss()) + ", swprv "
                + inWords(evidence.softwareProvider());
    }

    private static String inWords(PeerEvidence.Seen seen) {
        return seen.status() == null
                ? "cannot be read"
                : seen.status().stateName()
                        + (seen.status().isStopped() && !seen.stoppedFor().isZero()
                                ? " for " + seen.stoppedFor().toSeconds() + " s"
                                : "");
    }

    /** True if the cluster lists the node. */
    boolean isListed(String node) {
        return own.get().nodes().stream().anyMatch(node::equalsIgnoreCase);
    }

    /** The last question to each other node, and the nodes that were not asked. Asks no agent. */
    public List<PeerStatus> status() {
        OwnCluster cluster = own.get();
        Set<String> unlisted = settings.named();
        List<PeerStatus> all = new ArrayList<>();
        for (String node : cluster.nodes()) {
            unlisted.remove(node);
            if (!node.equalsIgnoreCase(cluster.node())) {
                all.add(status(node));
            }
        }
        if (!cluster.nodes().isEmpty()) {
            unlisted.forEach(node -> all.add(new PeerStatus(
                    node, "", null, null, "is in the option peers, but not in the cluster", "Correct the option.")));
        }
        return all;
    }

    private PeerStatus status(String node) {
        PeerStatus last = records.last().get(node);
        return settings.isOff(node)
                ? PeerStatus.notAsked(node, "is not asked, because the option peers turns it off")
                : last == null ? PeerStatus.notAsked(node, "was not asked since this agent started") : last;
    }

    /** Closes connections that were not used for a while. Does not block; call it now and then. */
    public void closeIdle() {
        client.closeIdle();
    }

    /** Ends all questions in progress. */
    @Override
    public void close() {
        client.close();
    }
}
