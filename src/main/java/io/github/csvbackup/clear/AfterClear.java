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

    /** The clocks of two nodes of a domain may differ by this much (the default tolerance of Kerberos). */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

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
    private final List<Watch> watches = new ArrayList<>();
    private final List<Watch> underWay = new ArrayList<>();

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

    /**
     * A clear to look after.
     *
     * @param volume the friendly path
     * @param nodes the nodes that were asked before the clear; the first look asks these and all that can be asked by then
     * @param known ids of the shadow copies that were there before the clear
     * @param unanswered nodes that did not tell before the clear: of theirs only copies made since then are new
     */
    record Watch(
            String volume,
            String guidName,
            String auditId,
            Instant clearedAt,
            Instant dueAt,
            Set<String> nodes,
            Set<String> known,
            Set<String> unanswered,
            int tries) {
        /** The same with these nodes too, none of which told anything before the clear. */
        private Watch alsoAsking(List<String> others) {
            Set<String> all = new HashSet<>(nodes);
            Set<String> silent = new HashSet<>(unanswered);
            others.stream().filter(all::add).forEach(silent::add);
            return new Watch(volume, guidName, auditId, clearedAt, dueAt, all, known, silent, tries);
        }

        private Watch next(Instant at) {
            return new Watch(volume, guidName, auditId, clearedAt, at, nodes, known, unanswered, tries);
        }

        private Watch again(Set<String> remaining, Instant at) {
            return new Watch(volume, guidName, auditId, clearedAt, at, remaining, known, unanswered, tries + 1);
        }
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
        watches.removeIf(watch -> watch.auditId().equals(auditId));
        watches.add(new Watch(
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
                && watches.stream().noneMatch(watch -> watch.auditId().equals(id))) {
            Instant written = intent.time("at");
            Instant at = written == null ? clock.instant() : written;
            watches.add(new Watch(
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

    private boolean isLast(Watch watch) {
        return !clock.instant().isBefore(watch.clearedAt().plus(quietTime));
    }

    /** Asks for what is due, on the executor. */
    void tick() {
        for (Watch watch : takeDue()) {
            executor.execute(() -> lookAndForget(watch));
        }
    }

    private synchronized List<Watch> takeDue() {
        Instant now = clock.instant();
        List<Watch> due =
                watches.stream().filter(watch -> !now.isBefore(watch.dueAt())).toList();
        watches.removeAll(due);
        underWay.addAll(due);
        return due;
    }

    private void lookAndForget(Watch watch) {
        try {
            look(watch);
        } catch (RuntimeException | Error e) {
            LOG.error("The look after the clear of {} failed", watch.volume(), e);
            if (isLast(watch)) {
                unchecked(watch, "the look at the shadow copies failed (" + e + ")");
            } else {
                later(watch);
            }
        } finally {
            synchronized (this) {
                underWay.remove(watch);
            }
            keep.run();
        }
    }

    /** Remembers how a look ended; false if the clear was found suspect before. */
    private synchronized boolean ended(Watch watch, boolean suspect) {
        boolean before = Boolean.TRUE.equals(looked.remove(watch.auditId()));
        looked.put(watch.auditId(), suspect || before);
        if (looked.size() > LOOKED_KEPT) {
            looked.remove(looked.keySet().iterator().next());
        }
        return !before;
    }

    /** When it is due, and its clear's last look at the earliest. */
    private Instant latest(Watch watch) {
        Instant end = watch.clearedAt().plus(quietTime);
        return watch.dueAt().isAfter(end) ? watch.dueAt() : end;
    }

    private void look(Watch due) {
        boolean last = isLast(due);
        // A node that was down at the clear and has come back can have a backup that began around it.
        Watch watch = due.tries() == 1 || due.nodes().isEmpty()
                ? due.alsoAsking(Investigation.nodesToAsk(volumes.snapshot()))
                : due;
        Map<String, Answer<List<ShadowCopy>>> answers = evidence.shadowCopies(watch.nodes());
        Set<String> unanswered = new HashSet<>();
        Map<String, ShadowCopy> begun = new LinkedHashMap<>();
        answers.forEach((node, answer) -> {
            List<ShadowCopy> copies = answer.value();
            if (copies == null) {
                unanswered.add(node);
            } else {
                copies.stream()
                        .filter(copy -> isNew(copy, node, watch))
                        .findFirst()
                        .ifPresent(copy -> begun.put(node, copy));
            }
        });
        if (!begun.isEmpty()) {
            suspect(watch, begun);
            return;
        }
        if (!last) {
            later(watch);
            return;
        }
        if (clock.instant().isAfter(latest(watch).plus(LATE))) {
            unchecked(watch, "the agent did not run when it was time to look, and copies may have come and gone since");
            return;
        }
        if (!unanswered.isEmpty() || answers.isEmpty()) {
            again(watch, unanswered);
        } else {
            ended(watch, false);
        }
    }

    /** There is another look before quiet-time is over, or then. */
    private synchronized void later(Watch watch) {
        Instant end = watch.clearedAt().plus(quietTime);
        Instant soon = clock.instant().plus(step());
        watches.add(watch.next(soon.isBefore(end) ? soon : end));
    }

    private boolean isNew(ShadowCopy copy, String node, Watch watch) {
        Instant created = copy.created();
        boolean later = created != null && created.isAfter(latest(watch).plus(LATE));
        boolean old = watch.unanswered().contains(node)
                && created != null
                && created.plus(CLOCK_SKEW).isBefore(watch.clearedAt());
        return !old
                && !later
                && copy.volumeGuidName().equalsIgnoreCase(watch.guidName())
                && !copy.isDead()
                && !watch.known().contains(copy.id());
    }

    /** One clear is suspect once, on however many nodes a backup began. */
    private void suspect(Watch watch, Map<String, ShadowCopy> begun) {
        if (!ended(watch, true)) {
            return;
        }
        String volume = watch.volume();
        String where = begun.entrySet().stream()
                .map(entry ->
                        entry.getKey() + " (shadow copy " + entry.getValue().id() + ")")
                .collect(Collectors.joining(" and "));
        String message = "A backup of " + volume + " began around the clear of " + watch.clearedAt() + " on " + where
                + ": check that job; its result may be unusable.";
        counters.suspect(volume);
        LOG.warn("{}", message);
        trail.note(watch.auditId(), "suspect", volume, message);
        events.accept(new ClearEvent.Suspect(volume, watch.auditId(), message));
    }

    private void again(Watch watch, Set<String> nodes) {
        if (watch.tries() < TRIES) {
            synchronized (this) {
                watches.add(watch.again(nodes, clock.instant().plus(quietTime)));
            }
            return;
        }
        unchecked(
                watch,
                nodes.isEmpty()
                        ? "no node of the cluster could be asked for shadow copies"
                        : "these nodes could not be asked for shadow copies: " + String.join(", ", nodes));
    }

    private void unchecked(Watch watch, String why) {
        ended(watch, false);
        String message = "After the clear of " + watch.volume() + " at " + watch.clearedAt() + " " + why
                + ". Check the backup jobs of that time.";
        LOG.warn("{}", message);
        trail.note(watch.auditId(), "unchecked", watch.volume(), message);
    }

    /** What is still to be looked at, for a restart; a look that the end of the agent cuts off is one of them. */
    synchronized List<Watch> due() {
        List<Watch> due = new ArrayList<>(underWay);
        due.addAll(watches);
        return due;
    }

    /** What was looked after last, by audit id: was it suspect? */
    synchronized Map<String, Boolean> looked() {
        return new LinkedHashMap<>(looked);
    }

    /** What an earlier run had still to look at, and what it had looked at. */
    synchronized void remember(List<Watch> earlier, Map<String, Boolean> lookedBefore) {
        watches.clear();
        watches.addAll(earlier);
        looked.clear();
        looked.putAll(lookedBefore);
    }
}
