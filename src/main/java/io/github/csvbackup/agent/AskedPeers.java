package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.PeerOptions;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.peer.HttpsPeers;
import io.github.csvbackup.peer.OwnCluster;
import io.github.csvbackup.peer.PeerRecords;
import io.github.csvbackup.peer.PeerReports;
import io.github.csvbackup.peer.PeerRound;
import io.github.csvbackup.peer.PeerSettings;
import io.github.csvbackup.security.PeerTls;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The agents of other nodes that this agent asks, and who is told what became of the questions. */
final class AskedPeers implements AutoCloseable {
    private static final int USUAL_PORT = 8779;

    /** A host that drops packets is noticed early, and leaves the second source its time. */
    private static final Duration CONNECTING = Duration.ofMillis(4500);

    private static final Duration PATIENCE_WITH_SHADOW_COPIES = Pipeline.SHADOW_COPY_PATIENCE.minusSeconds(1);

    private final HttpsPeers peers;
    private final PeerRecords records;
    private final PeerReports reports;
    private volatile OwnCluster own = new OwnCluster("", List.of(), false, List.of(), false);

    private AskedPeers(PeerSettings settings, PeerTls tls, Clock clock) {
        this.records = new PeerRecords();
        this.peers = new HttpsPeers(settings, tls, () -> own, records, clock);
        this.reports = new PeerRound(peers, settings.patience(), clock);
    }

    /** Less than the half of the deadline that callers give an agent, so that its own reason is seen and no call is left behind. */
    static Duration patience(WatchSettings settings) {
        Duration half = settings.serviceDeadline().dividedBy(2);
        return half.minus(half.dividedBy(10));
    }

    /** Null if the options ask for none. */
    static @Nullable AskedPeers of(@Nullable RemoteAccess access, WatchSettings watching, ServerTls tls, Clock clock) {
        PeerOptions options = access == null ? null : access.peers();
        if (access == null || options == null) {
            return null;
        }
        Map<String, PeerSettings.Place> places = new HashMap<>();
        options.places().forEach((node, place) -> places.put(node, new PeerSettings.Place(place.host(), place.port())));
        return new AskedPeers(
                new PeerSettings(
                        places,
                        options.off(),
                        // A free port says nothing about other nodes.
                        access.port() == 0 ? USUAL_PORT : access.port(),
                        CONNECTING,
                        patience(watching),
                        PATIENCE_WITH_SHADOW_COPIES),
                tls.towardsPeers(clock),
                clock);
    }

    /** Learns from each poll which cluster this is, and closes connections that were not used for a while. */
    void follow(Watcher watcher, Backend backend) {
        watcher.onSnapshot(snapshot -> {
            own = new OwnCluster(
                    snapshot.localNode(),
                    snapshot.nodes().stream().map(Node::name).toList(),
                    backend == Backend.SIMULATED,
                    snapshot.sharedDisks(),
                    snapshot.knowsAllDiskIds());
            peers.closeIdle();
        });
    }

    HttpsPeers peers() {
        return peers;
    }

    PeerReports reports() {
        return reports;
    }

    void addTo(AgentMetrics metrics) {
        metrics.peers(records);
    }

    @Override
    public void close() {
        peers.close();
    }
}
