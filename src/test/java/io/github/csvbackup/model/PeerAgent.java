package io.github.csvbackup.model;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Peers;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The agent of NODE2, which the agent under test asks. It looks at its own services and machines each minute, and at the services for each question. */
final class PeerAgent implements Peers {
    /** What may happen to an answer. */
    enum Trouble {
        /** The agent does what was asked, and the answer is lost. */
        ANSWER_IS_LOST,
        /** The agent ends after the question arrived, and starts again. */
        AGENT_RESTARTS,
        /** The question does not arrive. */
        QUESTION_IS_LOST
    }

    private static final String NODE = NodeName.NODE2.name();

    /** From the first to the last of the looks that all saw a service stopped. */
    private record Row(long first, long last) {}

    private final Cluster real;
    private final Machines machines;
    private final ObservedCluster observed;
    private final CheckOracle oracle;
    private final MovableClock clock;
    private final Duration gap;
    private final Map<String, Row> rows = new HashMap<>();
    /** Those of an agent with the planted bug. */
    private final Map<String, Row> rowsOverRestarts = new HashMap<>();

    private boolean known;
    private boolean runs;
    private Trouble trouble = Trouble.QUESTION_IS_LOST;
    private int troubled;
    private Duration takes = Duration.ZERO;
    private long nanosInAnswers;
    /** What the machines said at the last look; null before the first. */
    private @Nullable Set<VolumeName> backedUp;

    private Instant lookedAtMachines = Instant.EPOCH;
    private @Nullable PeerEvidence lastAnswer;
    private @Nullable ShadowCopies lastList;

    /** Runs at a look of the agent itself, before it reads. */
    Runnable beforeLook = () -> {};
    /** Runs when a question got no answer that counts. */
    Runnable onTrouble = () -> {};

    // Planted bugs.
    boolean keepsTimesOverRestarts;
    boolean addsTheTimeOfTheOtherSource;
    boolean handsOutOlderLists;
    boolean repeatsTheLastAnswer;

    PeerAgent(
            Cluster real,
            Machines machines,
            ObservedCluster observed,
            CheckOracle oracle,
            MovableClock clock,
            Duration gap) {
        this.real = real;
        this.machines = machines;
        this.observed = observed;
        this.oracle = oracle;
        this.clock = clock;
        this.gap = gap;
    }

    /** It runs, or it is stopped. The agent under test knows of it from its first start on. */
    void setRunning(boolean running) {
        known |= running;
        if (runs != running) {
            ends();
        }
        runs = running;
    }

    boolean isKnown() {
        return known;
    }

    void restart() {
        ends();
    }

    private void ends() {
        rows.clear();
        backedUp = null;
    }

    /** The next answers do not come. */
    void troubleNext(Trouble kind, int answers) {
        trouble = kind;
        troubled = answers;
    }

    /** The next answer takes this time. */
    void slowNext(Duration time) {
        takes = time;
    }

    void healthy() {
        troubled = 0;
        takes = Duration.ZERO;
        setRunning(known);
    }

    /** How long its answers have taken. */
    long nanosInAnswers() {
        return nanosInAnswers;
    }

    /** It polls. */
    void look() {
        if (runs) {
            beforeLook.run();
            seen(Cluster.VSS);
            seen(Cluster.SOFTWARE_PROVIDER);
            backedUp = machines.backedUpOnNode2();
            lookedAtMachines = clock.instant();
        }
    }

    private MachineBackups machines() {
        Set<VolumeName> told = backedUp;
        return told == null
                ? MachineBackups.UNKNOWN
                : new MachineBackups(
                        true,
                        told.stream()
                                .map(volume -> new MachineBackup(volume.key(), NODE, "VM-" + volume, lookedAtMachines))
                                .toList());
    }

    private PeerEvidence.Seen seen(String service) {
        long now = clock.nanoTime();
        ServiceStatus status = null;
        Problem problem = null;
        try {
            status = real.service(NODE, service);
        } catch (ClusterException e) {
            problem = Problem.of(e);
        }
        if (status == null || !status.isStopped()) {
            rows.remove(service);
            rowsOverRestarts.remove(service);
            return new PeerEvidence.Seen(status, Duration.ZERO, problem);
        }
        rowsOverRestarts.merge(service, new Row(now, now), (row, look) -> new Row(row.first(), now));
        Row next = rows.merge(
                service,
                new Row(now, now),
                (row, look) -> now - row.last() > gap.toNanos() ? look : new Row(row.first(), now));
        return new PeerEvidence.Seen(status, Duration.ofNanos(now - next.first()), null);
    }

    @Override
    public boolean neverBlocks() {
        return true;
    }

    @Override
    public boolean asks(String node) {
        return known && node.equals(NODE);
    }

    @Override
    public PeerEvidence ask(String node, boolean withShadowCopies) throws ClusterException {
        observed.asksPeer(node, withShadowCopies);
        boolean isTroubled = troubled > 0;
        troubled -= isTroubled ? 1 : 0;
        if (!runs || (isTroubled && trouble == Trouble.QUESTION_IS_LOST)) {
            return lost();
        }
        if (isTroubled && trouble == Trouble.AGENT_RESTARTS) {
            ends();
            return lost();
        }
        PeerEvidence answer = answer(withShadowCopies);
        Duration time = takes;
        takes = Duration.ZERO;
        clock.advance(time);
        nanosInAnswers += time.toNanos();
        if (isTroubled) {
            return lost();
        }
        if (observed.isTooLate(time, withShadowCopies)) {
            onTrouble.run();
        } else {
            observed.peerAnswered(node, answer);
        }
        lastAnswer = said(answer);
        return said(answer);
    }

    private PeerEvidence lost() throws ClusterException {
        onTrouble.run();
        if (repeatsTheLastAnswer && lastAnswer != null) {
            return lastAnswer;
        }
        throw ClusterException.unavailable("the agent of " + NODE + " did not answer", "Start it.");
    }

    private PeerEvidence answer(boolean withShadowCopies) throws ClusterException {
        NodeAnswer<ShadowCopies> list = null;
        if (withShadowCopies) {
            ShadowCopies earlier = lastList;
            ShadowCopies now = earlier != null && handsOutOlderLists ? earlier : observed.listForPeer(NODE);
            lastList = now;
            list = NodeAnswer.of(clock.instant(), now);
        }
        PeerEvidence.Seen vss = seen(Cluster.VSS);
        PeerEvidence.Seen provider = seen(Cluster.SOFTWARE_PROVIDER);
        return new PeerEvidence(vss, provider, machines(), list);
    }

    /** With the planted bugs. */
    private PeerEvidence said(PeerEvidence truth) {
        return new PeerEvidence(
                said(Cluster.VSS, truth.vss()),
                said(Cluster.SOFTWARE_PROVIDER, truth.softwareProvider()),
                truth.machines(),
                truth.shadowCopies());
    }

    private PeerEvidence.Seen said(String service, PeerEvidence.Seen truth) {
        Duration stopped = truth.stoppedFor();
        Row row = rowsOverRestarts.get(service);
        if (keepsTimesOverRestarts && row != null) {
            stopped = Duration.ofNanos(row.last() - row.first());
        }
        if (addsTheTimeOfTheOtherSource) {
            stopped = stopped.plus(oracle.stoppedForOtherSource(service, NODE));
        }
        return new PeerEvidence.Seen(truth.status(), stopped, truth.problem());
    }
}
