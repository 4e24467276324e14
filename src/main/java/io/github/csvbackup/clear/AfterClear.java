package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.Answer;
import io.github.csvbackup.watch.NodeEvidence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once more after a clear. A backup sets the state shortly before it opens its VSS session; on a volume whose state is set
 * already, that moment leaves no trace. So quiet-time after each clear the shadow copies of the volume are asked for again: one that
 * was not there before makes the clear suspect.
 */
final class AfterClear {
    private static final Logger LOG = LoggerFactory.getLogger(AfterClear.class);
    private static final int TRIES = 3;

    private final NodeEvidence evidence;
    private final AuditTrail trail;
    private final Counters counters;
    private final Consumer<ClearEvent> events;
    private final Duration quietTime;
    private final Clock clock;
    private final Executor executor;
    private final List<Watch> watches = new ArrayList<>();

    AfterClear(ClearPorts ports, Duration quietTime, AuditTrail trail, Counters counters, Consumer<ClearEvent> events) {
        this.evidence = ports.evidence();
        this.clock = ports.clock();
        this.executor = ports.executor();
        this.quietTime = quietTime;
        this.trail = trail;
        this.counters = counters;
        this.events = events;
    }

    /**
     * A clear to look after.
     *
     * @param nodes the nodes to ask
     * @param known ids of the shadow copies that were there before the clear
     */
    private record Watch(
            Volume volume,
            String auditId,
            Instant clearedAt,
            Instant dueAt,
            Set<String> nodes,
            Set<String> known,
            int tries) {}

    /** Remembers a clear; {@code before} holds what each node answered right before it. */
    synchronized void add(Volume volume, String auditId, Map<String, Answer<List<ShadowCopy>>> before) {
        Set<String> known = new HashSet<>();
        for (Answer<List<ShadowCopy>> answer : before.values()) {
            List<ShadowCopy> copies = answer.value();
            if (copies != null) {
                copies.forEach(copy -> known.add(copy.id()));
            }
        }
        Instant now = clock.instant();
        watches.add(new Watch(volume, auditId, now, now.plus(quietTime), Set.copyOf(before.keySet()), known, 1));
    }

    /** Asks for what is due, on the executor. */
    synchronized void tick() {
        Instant now = clock.instant();
        List<Watch> due =
                watches.stream().filter(watch -> !now.isBefore(watch.dueAt())).toList();
        watches.removeAll(due);
        due.forEach(watch -> executor.execute(() -> look(watch)));
    }

    private void look(Watch watch) {
        Map<String, Answer<List<ShadowCopy>>> answers = evidence.shadowCopies(watch.nodes());
        Set<String> unanswered = new HashSet<>();
        answers.forEach((node, answer) -> {
            List<ShadowCopy> copies = answer.value();
            if (copies == null) {
                unanswered.add(node);
            } else {
                copies.stream()
                        .filter(copy -> isNew(copy, watch))
                        .findFirst()
                        .ifPresent(copy -> suspect(watch, node, copy));
            }
        });
        if (!unanswered.isEmpty()) {
            again(watch, unanswered);
        }
    }

    private static boolean isNew(ShadowCopy copy, Watch watch) {
        return copy.volumeGuidName().equalsIgnoreCase(watch.volume().guidName())
                && !copy.isDead()
                && !watch.known().contains(copy.id());
    }

    private void suspect(Watch watch, String node, ShadowCopy copy) {
        String volume = watch.volume().friendlyPath();
        String message = "A backup of " + volume + " began on " + node + " around the clear of " + watch.clearedAt()
                + " (shadow copy " + copy.id() + "): check that job; its result may be unusable.";
        counters.suspect(volume);
        LOG.warn("{}", message);
        trail.note(watch.auditId(), "suspect", volume, message);
        events.accept(new ClearEvent.Suspect(volume, watch.auditId(), message));
    }

    private void again(Watch watch, Set<String> nodes) {
        if (watch.tries() < TRIES) {
            Watch next = new Watch(
                    watch.volume(),
                    watch.auditId(),
                    watch.clearedAt(),
                    clock.instant().plus(quietTime),
                    nodes,
                    watch.known(),
                    watch.tries() + 1);
            synchronized (this) {
                watches.add(next);
            }
            return;
        }
        String message = "After the clear of " + watch.volume().friendlyPath()
                + " these nodes could not be asked for shadow copies: " + String.join(", ", nodes)
                + ". Check the backup jobs of that time.";
        LOG.warn("{}", message);
        trail.note(watch.auditId(), "unchecked", watch.volume().friendlyPath(), message);
    }
}
