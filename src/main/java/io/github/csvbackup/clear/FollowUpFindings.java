package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.guard.CopyOrigin;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records, counts and reports the results of follow-ups. */
final class FollowUpFindings {
    static final String SUSPECT = "suspect";
    static final String UNCHECKED = "unchecked";

    private static final Logger LOG = LoggerFactory.getLogger(FollowUpFindings.class);

    private final FollowUps pending;
    private final AuditTrail trail;
    private final Counters counters;
    private final Times times;
    private final Consumer<ClearEvent> events;

    FollowUpFindings(FollowUps pending, AuditTrail trail, Counters counters, Times times, Consumer<ClearEvent> events) {
        this.pending = pending;
        this.trail = trail;
        this.counters = counters;
        this.times = times;
        this.events = events;
    }

    /**
     * A clear becomes suspect once, however many nodes have a new copy.
     *
     * @param sinceClear how long after the clear the nodes were asked
     */
    void judge(
            FollowUp followUp, Map<String, NodeAnswer<ShadowCopies>> answers, Snapshot snapshot, Duration sinceClear) {
        if (pending.isSuspect(followUp.auditId())) {
            return;
        }
        List<String> found = new ArrayList<>();
        answers.forEach((node, answer) -> {
            ShadowCopies list = answer.value();
            if (list != null) {
                list.copies().stream()
                        .filter(copy -> mayBeOfTheVolume(copy, list, followUp, snapshot))
                        .filter(copy -> !copy.isDead() && !followUp.wasThereBefore(copy, node))
                        .findFirst()
                        .ifPresent(copy -> found.add(node + " (" + describe(copy, followUp) + ")"));
            }
        });
        if (!found.isEmpty()) {
            suspect(
                    followUp,
                    "A shadow copy that no node listed before the clear of " + followUp.volume() + " at "
                            + times.time(followUp.clearedAt()) + " exists on " + String.join(" and on ", found)
                            + ". A backup began around this clear, or within "
                            + sinceClear.plusSeconds(59).toMinutes()
                            + " min after it: check that job, its backup may be unusable.");
        }
    }

    private static boolean mayBeOfTheVolume(ShadowCopy copy, ShadowCopies list, FollowUp followUp, Snapshot snapshot) {
        return CopyOrigin.of(copy, list, followUp.guidName(), snapshot) != CopyOrigin.OTHER_VOLUME;
    }

    private String describe(ShadowCopy copy, FollowUp followUp) {
        Instant created = copy.created();
        boolean known = copy.volumeName().equalsIgnoreCase(followUp.guidName());
        return copy.id() + (known ? "" : ", of the unknown volume " + copy.volumeName()) + ", created "
                + (created == null ? "at an unknown time" : times.time(created));
    }

    private void suspect(FollowUp followUp, String message) {
        try {
            // On the disk before it is reported anywhere else.
            trail.note(followUp.auditId(), SUSPECT, followUp.volume(), message);
        } finally {
            pending.becomesSuspect(followUp.auditId());
            counters.suspect(followUp.volume());
            LOG.warn("{}", message);
            events.accept(new ClearEvent.Suspect(followUp.volume(), followUp.auditId(), message));
        }
    }

    /**
     * Ends the follow-up without a result.
     *
     * @param silent the nodes that did not answer; empty if no node could be asked
     */
    void unchecked(FollowUp followUp, Set<String> silent) {
        String message = (silent.isEmpty()
                        ? "No node could be asked for shadow copies"
                        : "These nodes did not list their shadow copies: " + String.join(", ", silent))
                + ". A backup of " + followUp.volume() + " may have begun there around the clear at "
                + times.time(followUp.clearedAt()) + ": check the backup jobs of that time.";
        try {
            trail.note(followUp.auditId(), UNCHECKED, followUp.volume(), message);
        } finally {
            pending.end(followUp);
            counters.unchecked();
            LOG.warn("{}", message);
        }
    }

    /** Takes over a finding that an earlier run recorded but did not save in its state. */
    void reconcile(String kind, String auditId, String volume) {
        if (kind.equals(SUSPECT) && pending.becomesSuspectByRecord(auditId)) {
            counters.suspect(volume);
        } else if (kind.equals(UNCHECKED) && pending.endByRecord(auditId)) {
            counters.unchecked();
        }
    }
}
