package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists shadow copies for somebody who can wait: a node that was asked too early is asked again at the time that it told. */
record PatientLists(NodeEvidence evidence, Pause pause) {
    /** Each time another agent may take the turn. */
    private static final int MOST_QUESTIONS = 3;

    /** By node. Blocks for some minutes at most; a thread that is interrupted gets what there is, and stays interrupted. */
    Map<String, NodeAnswer<ShadowCopies>> of(Collection<String> nodes) {
        Map<String, NodeAnswer<ShadowCopies>> answers = new LinkedHashMap<>(evidence.shadowCopies(nodes));
        for (int asked = 1; asked < MOST_QUESTIONS; asked++) {
            List<String> early = new ArrayList<>();
            Duration wait = Duration.ZERO;
            for (Map.Entry<String, NodeAnswer<ShadowCopies>> answer : answers.entrySet()) {
                Problem problem = answer.getValue().problem();
                Duration againIn = problem == null ? null : problem.againIn();
                if (againIn != null) {
                    early.add(answer.getKey());
                    wait = againIn.compareTo(wait) > 0 ? againIn : wait;
                }
            }
            if (early.isEmpty()) {
                break;
            }
            try {
                pause.pause(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            answers.putAll(evidence.shadowCopies(early));
        }
        return answers;
    }
}
