package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.ShadowCopyQuestions;
import io.github.csvbackup.watch.VolumeWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
    /** From question to question of a node. A copy that is made, read and deleted in less is not seen. */
    private static final Duration EVERY = Duration.ofSeconds(10);

    private static final int FEWEST_LOOKS = 6;
    /** From a question to the answer to the next, for a node that took its time and one question without an answer; more is a gap. */
    private static final Duration MOST_APART = Duration.ofSeconds(30);
    /** A copy that is found to be made later than this after quiet-time is of a later backup. */
    private static final Duration LATE = Duration.ofMinutes(15);

    private static final String SUSPECT = "suspect";

    private final VolumeWatch volumes;
    private final ShadowCopyQuestions questions;
    private final AuditTrail trail;
    private final Counters counters;
    private final Consumer<ClearEvent> events;
    private final Duration quietTime;
    private final Clock clock;
    private final Runnable saveNow;
    private final PendingLooks pending = new PendingLooks();
    private @Nullable Instant lookingSince;
    /** When the last clear was added, by {@link System#nanoTime}: a question that was asked before says nothing of it. */
    private volatile long addedLast = System.nanoTime();

    AfterClear(
            ClearContext context,
            Duration quietTime,
            AuditTrail trail,
            Counters counters,
            Runnable saveNow,
            Consumer<ClearEvent> events) {
        this.volumes = context.watch();
        this.saveNow = saveNow;
        this.clock = context.clock();
        this.quietTime = quietTime;
        Duration step = quietTime.dividedBy(FEWEST_LOOKS);
        Duration every = step.compareTo(EVERY) < 0 ? step : EVERY;
        this.questions = new ShadowCopyQuestions(context.evidence(), clock, every, () -> {});
        this.trail = trail;
        this.counters = counters;
        this.events = events;
    }

    /** Remembers a clear that rests on what the nodes answered right before it. */
    void add(String name, Volume volume, String auditId, EvidenceGatherer.Finding before) {
        Map<String, Instant> told = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        Set<String> unanswered = new HashSet<>();
        before.shadowCopies().forEach((node, answer) -> {
            ShadowCopies list = answer.value();
            told.put(node, before.askedAt());
            if (list == null) {
                unanswered.add(node);
            } else {
                list.copies().forEach(copy -> known.add(copy.id()));
            }
        });
        addedLast = System.nanoTime();
        pending.add(new PendingLook(
                name, volume.guidName(), auditId, clock.instant(), told, Set.of(), known, unanswered, Map.of(), false));
    }

    /** Remembers a clear that the end of an earlier run cut off: it may have been done. */
    void addCutOff(AuditRecord intent) {
        addOfEarlierRun(intent, intent.time("at"), true);
    }

    private void addOfEarlierRun(AuditRecord intent, @Nullable Instant at, boolean cutOff) {
        pending.addUnlessKnown(PendingLook.ofEarlierRun(
                intent.text("volume"),
                intent.text("guid"),
                intent.text("id"),
                at == null ? clock.instant() : at,
                cutOff));
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
            boolean isRecent = intent != null && at != null && at.isAfter(oldest);
            switch (line.text("kind")) {
                case "intent" -> intents.put(id, line);
                case "outcome" -> {
                    if (isRecent && line.text("called").equals("true")) {
                        addOfEarlierRun(Objects.requireNonNull(intent), at, false);
                    }
                }
                case "late", "unfinished" -> {
                    if (isRecent) {
                        addOfEarlierRun(
                                Objects.requireNonNull(intent),
                                at,
                                line.text("kind").equals("unfinished"));
                    }
                }
                case SUSPECT -> {
                    if (pending.endByRecord(id)) {
                        counters.suspect(line.text("volume"));
                    }
                }
                default -> {}
            }
        }
    }

    /**
     * Asks the nodes whose time it is and takes what has been answered, once the nodes are known. Returns within a second; to be called about
     * as often, by one thread.
     */
    void look() {
        if (volumes.snapshot().lastPoll() == null) {
            return;
        }
        if (lookingSince == null) {
            lookingSince = clock.instant();
        }
        List<PendingLook> looks = pending.all();
        if (looks.isEmpty()) {
            return;
        }
        boolean changed = false;
        try {
            questions.dropAskedBefore(addedLast);
            Map<String, ShadowCopyQuestions.Told> told = questions.ask(nodesToAsk(looks));
            // An agent that ends interrupts its questions: that they have no answer says nothing of the nodes.
            if (!told.isEmpty() && !Thread.currentThread().isInterrupted()) {
                changed = true;
                judge(told);
            }
        } finally {
            changed |= endWhatIsOver();
            if (changed) {
                saveNow.run();
            }
        }
    }

    private Set<String> nodesToAsk(List<PendingLook> looks) {
        List<String> known = EvidenceGatherer.nodesToAsk(volumes.snapshot());
        Set<String> nodes = new LinkedHashSet<>();
        for (PendingLook look : looks) {
            PendingLook now = pending.change(look.auditId(), each -> each.alsoAsking(known, clock.instant()));
            if (now != null) {
                nodes.addAll(now.missing(end(now)));
            }
        }
        return nodes;
    }

    private Instant end(PendingLook look) {
        return look.clearedAt().plus(quietTime);
    }

    private void judge(Map<String, ShadowCopyQuestions.Told> told) {
        for (PendingLook look : pending.all()) {
            Map<String, ShadowCopy> begun = new LinkedHashMap<>();
            told.forEach((node, each) -> {
                ShadowCopies list = each.answer().value();
                if (list != null && look.told().containsKey(node)) {
                    list.copies().stream()
                            .filter(copy -> look.isNew(copy, node, end(look).plus(LATE)))
                            .findFirst()
                            .ifPresent(copy -> begun.put(node, copy));
                    Instant answeredAt = each.answer().at();
                    pending.change(look.auditId(), now -> now.answered(node, each.askedAt(), answeredAt, MOST_APART));
                }
            });
            if (!begun.isEmpty()) {
                seen(look, begun);
            }
        }
    }

    /** True if anything was. */
    private boolean endWhatIsOver() {
        boolean ended = false;
        Instant now = clock.instant();
        for (PendingLook look : pending.all()) {
            Set<String> missing = look.missing(end(look));
            if (now.plus(MOST_APART).isBefore(look.clearedAt())) {
                unseen(look, "the clock was set back to " + now);
            } else if (missing.isEmpty() && !look.told().isEmpty()) {
                if (look.gaps().isEmpty()) {
                    pending.endIfUnchanged(look);
                } else {
                    unseen(look, gaps(look));
                }
            } else if (now.isAfter(giveUpAt(look))) {
                String nodes = missing.isEmpty()
                        ? "no node of the cluster could be asked for shadow copies"
                        : "these nodes could not be asked for shadow copies: " + String.join(", ", missing);
                unseen(look, look.gaps().isEmpty() ? nodes : nodes + "; and " + gaps(look));
            } else {
                continue;
            }
            ended = true;
        }
        return ended;
    }

    /** A node that does not answer is asked for so long after quiet-time, or after a start that comes later. */
    private Instant giveUpAt(PendingLook look) {
        Instant since = Objects.requireNonNull(lookingSince);
        Instant end = end(look);
        return (since.isAfter(end) ? since : end).plus(quietTime.multipliedBy(2));
    }

    private static String gaps(PendingLook look) {
        return "these nodes did not tell of their shadow copies for a time in which one may have come and gone: "
                + look.gaps().entrySet().stream()
                        .map(gap -> gap.getKey() + " " + gap.getValue())
                        .collect(Collectors.joining(", "));
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
        boolean before = pending.isSuspect(look.auditId());
        try {
            if (!before) {
                // On the disk before anything says that it has been told.
                trail.note(look.auditId(), SUSPECT, look.volume(), message);
            }
        } finally {
            pending.endSuspect(look.auditId());
            if (!before) {
                counters.suspect(look.volume());
                LOG.warn("{}", message);
                events.accept(new ClearEvent.Suspect(look.volume(), look.auditId(), message));
            }
        }
    }

    /** Why the VSS service runs, if it is this agent itself that uses it; empty if it does not. */
    String usesVss() {
        return pending.all().stream()
                .max(Comparator.comparing(PendingLook::clearedAt))
                .map(look -> " This agent itself asks for shadow copies until "
                        + end(look).truncatedTo(ChronoUnit.SECONDS) + ", after the clear of " + look.volume()
                        + ", and that keeps the VSS service running.")
                .orElse("");
    }

    /** What is still to be looked at and what was, for a restart. */
    PendingLooks pending() {
        return pending;
    }
}
