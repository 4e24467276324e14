package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.watch.Answer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Gathers evidence about one volume and asks the guard. */
record Investigation(NodeEvidence evidence, Guard guard, Clock clock) {
    /** An assessment and the lists of shadow copies that it rests on, by node. */
    record Finding(Assessment assessment, Map<String, Answer<ShadowCopies>> shadowCopies) {}

    /** Asks only the nodes whose VSS service runs anyway, if the state is set at all. */
    Finding gentle(Snapshot snapshot, WatchedVolume volume) {
        List<String> running = volume.volume().backupState().isNone()
                ? List.of()
                : snapshot.nodeWatches().values().stream()
                        .filter(Investigation::isRunning)
                        .map(NodeWatch::node)
                        .toList();
        return look(snapshot, volume, running);
    }

    /** Asks every node that needs evidence, which starts the VSS service there. */
    Finding thorough(Snapshot snapshot, WatchedVolume volume) {
        return judge(snapshot, volume, ask(snapshot));
    }

    /** The shadow copies of every node that needs evidence. Starts the VSS service there. */
    Map<String, Answer<ShadowCopies>> ask(Snapshot snapshot) {
        return evidence.shadowCopies(nodesToAsk(snapshot));
    }

    /** The nodes that need evidence: all that are not proven to be down. */
    static List<String> nodesToAsk(Snapshot snapshot) {
        return snapshot.nodes().stream()
                .filter(node -> !node.isProvenDown())
                .map(Node::name)
                .toList();
    }

    private Finding look(Snapshot snapshot, WatchedVolume volume, List<String> nodes) {
        return judge(snapshot, volume, evidence.shadowCopies(nodes));
    }

    private Finding judge(Snapshot snapshot, WatchedVolume volume, Map<String, Answer<ShadowCopies>> answers) {
        return new Finding(guard.assess(snapshot, volume, answers, clock.instant()), answers);
    }

    private static boolean isRunning(NodeWatch watch) {
        ServiceStatus vss = watch.vss().status();
        return vss != null && vss.state() == ServiceStatus.RUNNING;
    }
}
