package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.Answer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.VolumeWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again after a clear. A backup sets the state shortly before it opens its VSS session; on a volume whose state is set already,
 * that moment leaves no trace. So the shadow copies of the volume are asked for again until quiet-time after the clear: one that was not
 * there before makes the clear suspect. The looks before the last see a copy that is gone by then; the VSS service runs anyway since
 * the clear's own look.
 */
final class AfterClear {
    private static final Logger LOG = LoggerFactory.getLogger(AfterClear.class);
    private static final int TRIES = 3;
    private static final int LOOKS = 6;
    private static final int LOOKED_KEPT = 100;
    /** A look that comes later than this, after a stop, sees what came later too. */
    private static final Duration LATE = Duration.ofMinutes(15);

    private final VolumeWatch volumes;
    private final NodeEvidence evidence;
    private final AuditTrail trail;
    private final Counters counters;
    private final Consumer<ClearEvent> events;
    private final Duration quietTime;
    private final Clock clock;
    private final Executor executor;
    /** The clears that were looked after last, by audit id: was each suspect? */
    private final Map<String, Boolean> looked = new LinkedHashMap<>();

    private final Runnable keep;
    private final List<PendingLook> pending = new ArrayList<>();
    private final List<PendingLook> underWay = new ArrayList<>();

    AfterClear(
            ClearPorts ports,
            Duration quietTime,
            AuditTrail trail,
            Counters counters,
            Runnable keep,
            Consumer<ClearEvent> events) {
        this.volumes = ports.watch();
        this.keep = keep;
        this.evidence = ports.evidence();
        this.clock = ports.clock();
        this.executor = ports.executor();
        this.quietTime = quietTime;
        this.trail = trail;
        this.counters = counters;
        this.events = events;
    }

    /** Remembers a clear; {@code before} holds what each node answered right before it. */
    synchronized void add(Volume volume, String auditId, Map<String, Answer<List<ShadowCopy>>> before) {
        Set<String> known = new HashSet<>();
        Set<String> unanswered = new HashSet<>();
        before.forEach((node, answer) -> {
            List<ShadowCopy> copies = answer.value();
            if (copies == null) {
                unanswered.add(node);
            } else {
                copies.forEach(copy -> known.add(copy.id()));
            }
        });
        Instant now = clock.instant();
        pending.removeIf(look -> look.auditId().equals(auditId));
        pending.add(new PendingLook(
                volume.friendlyPath(),
                volume.guidName(),
                auditId,
                now,
                now.plus(step()),
                Set.copyOf(before.keySet()),
                known,
                unanswered,
                1));
    }

    /** Remembers a clear of an earlier run that may have been done: nobody knows what was there before. */
    synchronized void addUnfinished(AuditRecord intent) {
        String id = intent.text("id");
        if (!looked.containsKey(id)
                && pending.stream().noneMatch(look -> look.auditId().equals(id))) {
            Instant written = intent.time("at");
            Instant at = written == null ? clock.instant() : written;
            pending.add(new PendingLook(
                    intent.text("volume"),
                    intent.text("guid"),
                    id,
                    at,
                    at.plus(step()),
                    Set.of(),
                    Set.of(),
                    Set.of(),
                    1));
        }
    }

    private Duration step() {
        return quietTime.dividedBy(LOOKS);
    }

    private boolean isLast(PendingLook look) {
        return !clock.instant().isBefore(look.clearedAt().plus(quietTime));
    }

    /** Asks for what is due, on the executor. */
    void tick() {
        for (PendingLook look : takeDue()) {
            executor.execute(() -> lookAndForget(look));
        }
    }

    private synchronized List<PendingLook> takeDue() {
        Instant now = clock.instant();
        List<PendingLook> due =
                pending.stream().filter(look -> !now.isBefore(look.dueAt())).toList();
        pending.removeAll(due);
        underWay.addAll(due);
        return due;
    }

    private void lookAndForget(PendingLook look) {
        try {
            look(look);
        } catch (RuntimeException | Error e) {
            LOG.error("The look after the clear of {} failed", look.volume(), e);
            if (isLast(look)) {
                unchecked(look, "the look at the shadow copies failed (" + e + ")");
            } else {
                later(look);
            }
        } finally {
            synchronized (this) {
                underWay.remove(look);
            }
            keep.run();
        }
    }

    /** Remembers how a look ended; false if the clear was found suspect before. */
    private synchronized boolean ended(PendingLook look, boolean suspect) {
        boolean before = Boolean.TRUE.equals(looked.remove(look.auditId()));
        looked.put(look.auditId(), suspect || before);
        if (looked.size() > LOOKED_KEPT) {
            looked.remove(looked.keySet().iterator().next());
        }
        return !before;
    }

    /** When it is due, and its clear's last look at the earliest. */
    private Instant latest(PendingLook look) {
        Instant end = look.clearedAt().plus(quietTime);
        return look.dueAt().isAfter(end) ? look.dueAt() : end;
    }

    private void look(PendingLook due) {
        boolean last = isLast(due);
        // A node that was down at the clear and has come back can have a backup that began around it.
        PendingLook look = due.tries() == 1 || due.nodes().isEmpty()
                ? due.alsoAsking(Investigation.nodesToAsk(volumes.snapshot()))
                : due;
        Map<String, Answer<List<ShadowCopy>>> answers = evidence.shadowCopies(look.nodes());
        Set<String> unanswered = new HashSet<>();
        Map<String, ShadowCopy> begun = new LinkedHashMap<>();
        answers.forEach((node, answer) -> {
            List<ShadowCopy> copies = answer.value();
            if (copies == null) {
                unanswered.add(node);
            } else {
                copies.stream()
                        .filter(copy -> look.isNew(copy, node, latest(look).plus(LATE)))
                        .findFirst()
                        .ifPresent(copy -> begun.put(node, copy));
            }
        });
        if (!begun.isEmpty()) {
            suspect(look, begun);
            return;
        }
        if (!last) {
            later(look);
            return;
        }
        if (clock.instant().isAfter(latest(look).plus(LATE))) {
            unchecked(look, "the agent did not run when it was time to look, and copies may have come and gone since");
            return;
        }
        if (!unanswered.isEmpty() || answers.isEmpty()) {
            again(look, unanswered);
        } else {
            ended(look, false);
        }
    }

    /** There is another look before quiet-time is over, or then. */
    private synchronized void later(PendingLook look) {
        Instant end = look.clearedAt().plus(quietTime);
        Instant soon = clock.instant().plus(step());
        pending.add(look.next(soon.isBefore(end) ? soon : end));
    }

    /** One clear is suspect once, on however many nodes a backup began. */
    private void suspect(PendingLook look, Map<String, ShadowCopy> begun) {
        if (!ended(look, true)) {
            return;
        }
        String volume = look.volume();
        String where = begun.entrySet().stream()
                .map(entry ->
                        entry.getKey() + " (shadow copy " + entry.getValue().id() + ")")
                .collect(Collectors.joining(" and "));
        String message = "A backup of " + volume + " began around the clear of " + look.clearedAt() + " on " + where
                + ": check that job; its result may be unusable.";
        counters.suspect(volume);
        LOG.warn("{}", message);
        trail.note(look.auditId(), "suspect", volume, message);
        events.accept(new ClearEvent.Suspect(volume, look.auditId(), message));
    }

    private void again(PendingLook look, Set<String> nodes) {
        if (look.tries() < TRIES) {
            synchronized (this) {
                pending.add(look.again(nodes, clock.instant().plus(quietTime)));
            }
            return;
        }
        unchecked(
                look,
                nodes.isEmpty()
                        ? "no node of the cluster could be asked for shadow copies"
                        : "these nodes could not be asked for shadow copies: " + String.join(", ", nodes));
    }

    private void unchecked(PendingLook look, String why) {
        ended(look, false);
        String message = "After the clear of " + look.volume() + " at " + look.clearedAt() + " " + why
                + ". Check the backup jobs of that time.";
        LOG.warn("{}", message);
        trail.note(look.auditId(), "unchecked", look.volume(), message);
    }

    /** What is still to be looked at, for a restart; a look that the end of the agent cuts off is one of them. */
    synchronized List<PendingLook> due() {
        List<PendingLook> due = new ArrayList<>(underWay);
        due.addAll(pending);
        return due;
    }

    /** What was looked after last, by audit id: was it suspect? */
    synchronized Map<String, Boolean> looked() {
        return new LinkedHashMap<>(looked);
    }

    /** What an earlier run had still to look at, and what it had looked at. */
    synchronized void remember(List<PendingLook> earlier, Map<String, Boolean> lookedBefore) {
        pending.clear();
        pending.addAll(earlier);
        looked.clear();
        looked.putAll(lookedBefore);
    }
}
