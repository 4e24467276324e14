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
 * was not there before makes the clear suspect, and so does a time in which a node did not tell: one may have come and gone in it. The VSS
 * service runs anyway since the clear's own look.
 */
final class AfterClear {
    private static final Logger LOG = LoggerFactory.getLogger(AfterClear.class);
    /** From the beginning of a look to that of the next. A copy that is made, read and deleted in less is not seen. */
    private static final Duration EVERY = Duration.ofSeconds(10);

    private static final int FEWEST_LOOKS = 6;
    /** From a question to the answer to the next, for a look that took its time and one that got no answer; more is a gap. */
    private static final Duration MOST_APART = Duration.ofSeconds(30);

    private static final int TRIES = 3;
    private static final String SUSPECT = "suspect";
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
    private final Runnable keep;
    private final PendingLooks pending = new PendingLooks();

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

    /** Remembers a clear that rests on what the nodes answered right before it. */
    void add(Volume volume, String auditId, Investigation.Finding before) {
        Map<String, Instant> told = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        Set<String> unanswered = new HashSet<>();
        Instant now = clock.instant();
        before.shadowCopies().forEach((node, answer) -> {
            ShadowCopies list = answer.value();
            told.put(node, before.askedAt());
            if (list == null) {
                unanswered.add(node);
            } else {
                list.copies().forEach(copy -> known.add(copy.id()));
            }
        });
        pending.add(new PendingLook(
                volume.friendlyPath(), volume.guidName(), auditId, now, now, told, known, unanswered, Map.of(), 1));
    }

    /** Remembers a clear of an earlier run that was done or may have been, unless it is known: nobody knows what was there before. */
    void addUnfinished(AuditRecord intent) {
        Instant written = intent.time("at");
        Instant at = written == null ? clock.instant() : written;
        pending.addUnlessKnown(new PendingLook(
                intent.text("volume"),
                intent.text("guid"),
                intent.text("id"),
                at,
                at,
                Map.of(),
                Set.of(),
                Set.of(),
                Map.of(),
                1));
    }

    /**
     * Takes over what the audit knows of clears of an earlier run: the agent may have ended before it wrote down what it remembers.
     *
     * @param recent its last lines, oldest first
     */
    void reconcile(List<AuditRecord> recent) {
        Map<String, AuditRecord> intents = new LinkedHashMap<>();
        Instant oldest = clock.instant().minus(quietTime).minus(LATE);
        for (AuditRecord line : recent) {
            String id = line.text("id");
            AuditRecord intent = intents.get(id);
            Instant at = line.time("at");
            switch (line.text("kind")) {
                case "intent" -> intents.put(id, line);
                case "outcome" -> {
                    if (intent != null
                            && at != null
                            && at.isAfter(oldest)
                            && line.text("called").equals("true")) {
                        addUnfinished(intent);
                    }
                }
                case SUSPECT -> {
                    if (pending.take(id)) {
                        counters.suspect(line.text("volume"));
                    }
                }
                default -> {}
            }
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
        List<PendingLook> due = pending.takeDue(clock.instant(), every.dividedBy(2));
        if (due.isEmpty()) {
            return;
        }
        try {
            look(due);
        } catch (RuntimeException | Error e) {
            due.forEach(look -> failed(look, e));
        } finally {
            pending.made();
            keep.run();
        }
    }

    private void look(List<PendingLook> due) {
        Instant begun = clock.instant();
        List<PendingLook> looks = due.stream().map(this::withNodes).toList();
        Set<String> nodes = new LinkedHashSet<>();
        looks.forEach(look -> nodes.addAll(look.told().keySet()));
        Map<String, Answer<ShadowCopies>> answers = evidence.shadowCopies(nodes);
        if (Thread.currentThread().isInterrupted()) {
            // The agent ends. Answers that did not come say nothing of the nodes.
            due.forEach(pending::goOn);
            return;
        }
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
        return look.tries() == 1 || look.told().isEmpty() ? look.alsoAsking(now, clock.instant()) : look;
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
        unseen(look, "the look at the shadow copies failed (" + e + ")");
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
        PendingLook look = due.answered(begunAt, answered, MOST_APART);
        if (!begun.isEmpty()) {
            seen(look, begun);
        } else if (begunAt.isBefore(look.clearedAt().plus(quietTime))) {
            later(look, begunAt);
        } else if (!unanswered.isEmpty() || answered.isEmpty()) {
            again(look, unanswered);
        } else if (!look.gaps().isEmpty()) {
            unseen(
                    look,
                    "these nodes did not tell of their shadow copies for a time in which one may have come and gone: "
                            + look.gaps().entrySet().stream()
                                    .map(gap -> gap.getKey() + " " + gap.getValue())
                                    .collect(Collectors.joining(", ")));
        } else {
            pending.ended(look, false);
        }
    }

    /** There is another look before quiet-time is over, or then. */
    private void later(PendingLook look, Instant begun) {
        Instant end = look.clearedAt().plus(quietTime);
        Instant soon = begun.plus(every);
        pending.goOn(look.next(soon.isBefore(end) ? soon : end));
    }

    /** One clear is suspect once, on however many nodes a backup began. */
    private void seen(PendingLook look, Map<String, ShadowCopy> begun) {
        String where = begun.entrySet().stream()
                .map(entry ->
                        entry.getKey() + " (shadow copy " + entry.getValue().id() + ")")
                .collect(Collectors.joining(" and "));
        suspect(
                look,
                "A backup of " + look.volume() + " began around the clear of " + look.clearedAt() + " on " + where
                        + ": check that job; its result may be unusable.");
    }

    /** Nobody can say that no backup began. */
    private void unseen(PendingLook look, String why) {
        suspect(
                look,
                "A backup of " + look.volume() + " may have begun around the clear of " + look.clearedAt() + ": " + why
                        + ". Check the backup jobs of that time.");
    }

    private void suspect(PendingLook look, String message) {
        if (pending.isSuspect(look)) {
            return;
        }
        try {
            // On the disk before anything says that it has been told.
            trail.note(look.auditId(), SUSPECT, look.volume(), message);
        } finally {
            pending.ended(look, true);
            counters.suspect(look.volume());
            LOG.warn("{}", message);
            events.accept(new ClearEvent.Suspect(look.volume(), look.auditId(), message));
        }
    }

    private void again(PendingLook look, Set<String> nodes) {
        if (look.tries() < TRIES) {
            pending.goOn(look.again(nodes, clock.instant().plus(quietTime)));
            return;
        }
        unseen(
                look,
                nodes.isEmpty()
                        ? "no node of the cluster could be asked for shadow copies"
                        : "these nodes could not be asked for shadow copies: " + String.join(", ", nodes));
    }

    /** What is still to be looked at and what was, for a restart. */
    PendingLooks pending() {
        return pending;
    }
}
