package io.github.csvbackup.peer;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.ClusterException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks all agents at once when a person wants to know. One round at a time. Thread-safe. */
public final class PeerRound implements PeerReports {
    /** The nodes of the largest cluster. */
    private static final int AT_ONCE = 64;

    /** For looking up names, which has no deadline of its own. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final HttpsPeers peers;
    private final Duration patience;
    private final Clock clock;
    private final BoundedCalls calls = new BoundedCalls(AT_ONCE);

    /** @param patience how long an agent may take to answer */
    public PeerRound(HttpsPeers peers, Duration patience, Clock clock) {
        this.peers = peers;
        this.patience = patience.plus(MARGIN);
        this.clock = clock;
    }

    @Override
    public List<PeerStatus> last() {
        return peers.status();
    }

    @Override
    public synchronized List<PeerStatus> askAll() {
        List<PeerStatus> before = peers.status();
        Map<String, BoundedCalls.Pending<PeerStatus>> asked = new LinkedHashMap<>();
        for (PeerStatus each : before) {
            if (peers.asks(each.node()) && peers.isListed(each.node())) {
                asked.put(
                        each.node(), calls.start("asking the agent of " + each.node(), () -> peers.look(each.node())));
            }
        }
        long end = System.nanoTime() + patience.toNanos();
        List<PeerStatus> now = new ArrayList<>();
        for (PeerStatus each : before) {
            BoundedCalls.Pending<PeerStatus> pending = asked.get(each.node());
            now.add(pending == null ? each : await(each.node(), pending, end));
        }
        return now;
    }

    private PeerStatus await(String node, BoundedCalls.Pending<PeerStatus> pending, long end) {
        try {
            return pending.await(Duration.ofNanos(end - System.nanoTime()), patience);
        } catch (CallTimeoutException e) {
            return new PeerStatus(
                    node,
                    "",
                    PeerOutcome.TIMEOUT,
                    clock.instant(),
                    String.valueOf(e.getMessage()),
                    "Check that this node can look up the names of others.");
        } catch (ClusterException e) {
            return new PeerStatus(
                    node, "", PeerOutcome.FAILED, clock.instant(), String.valueOf(e.getMessage()), e.remedy());
        }
    }
}
