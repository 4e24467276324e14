package io.github.csvbackup.peer;

import io.github.csvbackup.watch.PeerEvidence;
import java.util.List;

/** Changes one field of an answer. */
final class Told {
    private Told() {}

    static LocalEvidence question(LocalEvidence told, String question) {
        return of(told, question, told.sharedDisks(), told.node(), told.simulated(), told.evidence());
    }

    static LocalEvidence node(LocalEvidence told, String node) {
        return of(told, told.question(), told.sharedDisks(), node, told.simulated(), told.evidence());
    }

    static LocalEvidence disks(LocalEvidence told, String... disks) {
        return of(told, told.question(), List.of(disks), told.node(), told.simulated(), told.evidence());
    }

    static LocalEvidence simulated(LocalEvidence told) {
        return of(told, told.question(), told.sharedDisks(), told.node(), true, told.evidence());
    }

    static LocalEvidence withoutShadowCopies(LocalEvidence told) {
        return of(told, told.question(), told.sharedDisks(), told.node(), told.simulated(), PeerWorld.EVIDENCE);
    }

    private static LocalEvidence of(
            LocalEvidence told,
            String question,
            List<String> disks,
            String node,
            boolean simulated,
            PeerEvidence evidence) {
        return new LocalEvidence(question, told.cluster(), disks, node, told.version(), simulated, evidence);
    }
}
