package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.cluster.ShadowCopies;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again after a clear. A backup sets the state shortly before it opens its VSS session; on a volume whose state is set already,
 * that moment leaves no trace. So the shadow copies of the volume are asked for again and again until quiet-time after the clear: one that
 * was not there before makes the clear suspect. The VSS service runs anyway since the clear's own look. If a node's answers were too far
 * from each other, a copy may have come and gone between them, and the clear is unchecked.
 */
final class AfterClear {
    private static final Logger LOG = LoggerFactory.getLogger(AfterClear.class);
    /** From the beginning of a look to that of the next: no backup makes, reads and deletes a shadow copy in less. */
    private static final Duration EVERY = Duration.ofSeconds(10);

    private static final int FEWEST_LOOKS = 6;
    /** Answers of a node that are further from each other leave a gap: a look that took its time, and one without an answer. */
    private static final Duration MOST_APART = Duration.ofSeconds(30);

    private static final int TRIES = 3;
    private static final int LOOKED_KEPT = 100;
    /** A look that comes later than this, after a stop, sees what came later too. */
    private static final Duration LATE = Duration.ofMinutes(15);

    private final VolumeWatch volumes;
    private final NodeEvidence evidence;
    private final AuditTrail trail;
    private final Counters counters;
    private final Consumer<ClearEvent> events;
    private final Duration quietTime;
    private final Duration every;
    private final Clock clock;
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
        this.quietTime = quietTime;
        Duration step = quietTime.dividedBy(FEWEST_LOOKS);
        this.every = step.compareTo(EVERY) < 0 ? step : EVERY;
        this.trail = trail;
        this.counters = counters;
        this.events = events;
    }

    /** Remembers a clear; {@code before} holds what each node answered right before it. */
    synchronized void add(Volume volume, String auditId, Map<String, Answer<ShadowCopies>> before) {
        Map<String, Instant> told = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        Set<String> unanswered = new HashSet<>();
        Instant now = clock.instant();
        before.forEach((node, answer) -> {
            ShadowCopies list = answer.value();
            told.put(node, list == null ? now : answer.at());
            if (list == null) {
                unanswered.add(node);
            } else {
                list.copies().forEach(copy -> known.add(copy.id()));
            }
        });
        pending.removeIf(look -> look.auditId().equals(auditId));
        pending.add(new PendingLook(
                volume.friendlyPath(),
                volume.guidName(),
                auditId,
                now,
                now.plus(every),
                told,
                known,
                unanswered,
                Map.of(),
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
                    at.plus(every),
                    Map.of(),
                    Set.of(),
                    Set.of(),
                    Map.of(),
                    1));
        }
    }

    private boolean isLast(PendingLook look) {
        return !clock.instant().isBefore(look.clearedAt().plus(quietTime));
    }

    /** Asks for what is due and waits for the answers, once the nodes are known. Used by one thread at a time. */
    void look() {
        if (volumes.snapshot().lastPoll() == null) {
            return;
        }
        List<PendingLook> due = takeDue();
        if (due.isEmpty()) {
            return;
        }
        try {
            look(due);
        } catch (RuntimeException | Error e) {
            due.forEach(look -> failed(look, e));
        } finally {
            synchronized (this) {
                underWay.clear();
            }
            keep.run();
        }
    }

    /** What is almost due is taken along: one question to a node serves several clears. */
    private synchronized List<PendingLook> takeDue() {
        Instant now = clock.instant();
        if (pending.stream().noneMatch(look -> !now.isBefore(look.dueAt()))) {
            return List.of();
        }
        Instant soon = now.plus(every.dividedBy(2));
        List<PendingLook> due =
                pending.stream().filter(look -> !soon.isBefore(look.dueAt())).toList();
        pending.removeAll(due);
        underWay.addAll(due);
        return due;
    }

    private void look(List<PendingLook> due) {
        Instant begun = clock.instant();
        List<PendingLook> looks = due.stream().map(this::withNodes).toList();
        Set<String> nodes = new LinkedHashSet<>();
        looks.forEach(look -> nodes.addAll(look.told().keySet()));
        Map<String, Answer<ShadowCopies>> answers = evidence.shadowCopies(nodes);
        for (PendingLook look : looks) {
            try {
                judge(look, begun, answers);
            } catch (RuntimeException | Error e) {
                broken(look, e);
            }
        }
    }

    /** A node that was down at the clear and has come back can have a backup that began around it. */
    private PendingLook withNodes(PendingLook look) {
        List<String> now = Investigation.nodesToAsk(volumes.snapshot());
        if (look.told().isEmpty()) {
            return look.alsoAsking(now, look.clearedAt());
        }
        return look.tries() == 1 ? look.alsoAsking(now, clock.instant()) : look;
    }

    /** Nodes could not even be asked. */
    private void failed(PendingLook look, Throwable e) {
        if (isLast(look)) {
            broken(look, e);
        } else {
            LOG.error("A look after the clear of {} failed and is made again", look.volume(), e);
            later(look, clock.instant());
        }
    }

    private void broken(PendingLook look, Throwable e) {
        LOG.error("The look after the clear of {} failed", look.volume(), e);
        unchecked(look, "the look at the shadow copies failed (" + e + ")");
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

    private void judge(PendingLook due, Instant begunAt, Map<String, Answer<ShadowCopies>> answers) {
        Map<String, Instant> answered = new LinkedHashMap<>();
        Set<String> unanswered = new TreeSet<>();
        Map<String, ShadowCopy> begun = new LinkedHashMap<>();
        for (String node : due.told().keySet()) {
            Answer<ShadowCopies> answer = Objects.requireNonNull(answers.get(node));
            ShadowCopies list = answer.value();
            if (list == null) {
                unanswered.add(node);
            } else {
                answered.put(node, answer.at());
                list.copies().stream()
                        .filter(copy -> due.isNew(copy, node, latest(due).plus(LATE)))
                        .findFirst()
                        .ifPresent(copy -> begun.put(node, copy));
            }
        }
        PendingLook look = due.answered(answered, MOST_APART);
        if (!begun.isEmpty()) {
            suspect(look, begun);
        } else if (begunAt.isBefore(look.clearedAt().plus(quietTime))) {
            later(look, begunAt);
        } else if (!unanswered.isEmpty() || answered.isEmpty()) {
            again(look, unanswered);
        } else if (!look.gaps().isEmpty()) {
            unchecked(
                    look,
                    "these nodes were not seen for a time in which a shadow copy may have come and gone: "
                            + look.gaps().entrySet().stream()
                                    .map(gap -> gap.getKey() + " " + gap.getValue())
                                    .collect(Collectors.joining(", ")));
        } else {
            ended(look, false);
        }
    }

    /** There is another look before quiet-time is over, or then. */
    private synchronized void later(PendingLook look, Instant begun) {
        Instant end = look.clearedAt().plus(quietTime);
        Instant soon = begun.plus(every);
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
        events.accept(new ClearEvent.Suspect(volume, look.auditId(), message));
        trail.note(look.auditId(), "suspect", volume, message);
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
        List<PendingLook> due = new ArrayList<>(pending);
        underWay.stream()
                .filter(look -> !looked.containsKey(look.auditId())
                        && pending.stream().noneMatch(next -> next.auditId().equals(look.auditId())))
                .forEach(due::add);
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
