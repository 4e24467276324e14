package io.github.csvbackup.clear;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The clears that are still to be looked after, one look each, and those that were looked after last. Thread-safe. */
final class PendingLooks {
    private static final int LOOKED_KEPT = 100;

    private final List<PendingLook> pending = new ArrayList<>();
    private final List<PendingLook> underWay = new ArrayList<>();
    /** The clears that were looked after last, by audit id: was each suspect? */
    private final Map<String, Boolean> looked = new LinkedHashMap<>();

    /** A clear that has just been done; or whose call, given up before, has returned. */
    synchronized void add(PendingLook look) {
        PendingLook added = Stream.concat(pending.stream(), underWay.stream())
                .filter(earlier -> isSame(earlier, look))
                .findFirst()
                .map(look::goingOnFrom)
                .orElse(look);
        pending.removeIf(earlier -> isSame(earlier, look));
        pending.add(added);
    }

    /** A clear of an earlier run, unless it is known already. */
    synchronized void addUnlessKnown(PendingLook look) {
        if (!looked.containsKey(look.auditId())) {
            goOn(look);
        }
    }

    /** Another look, unless the clear has been added anew since the last. */
    synchronized void goOn(PendingLook look) {
        if (pending.stream().noneMatch(other -> isSame(other, look))) {
            pending.add(look);
        }
    }

    private static boolean isSame(PendingLook one, PendingLook other) {
        return one.auditId().equals(other.auditId());
    }

    /** If one is due, takes it and what is due within so short a time: one question to a node serves several clears. */
    synchronized List<PendingLook> takeDue(Instant now, Duration along) {
        if (pending.stream().noneMatch(look -> look.isDue(now))) {
            return List.of();
        }
        Instant soon = now.plus(along);
        List<PendingLook> due = pending.stream()
                .filter(look -> look.isDue(now) || !soon.isBefore(look.dueAt()))
                .toList();
        pending.removeAll(due);
        underWay.addAll(due);
        return due;
    }

    /** Those that were taken have been made. */
    synchronized void made() {
        underWay.clear();
    }

    /** Ends the looks after a clear that is suspect, as its record says; false if there was none to come. */
    synchronized boolean take(String auditId) {
        boolean taken = pending.removeIf(look -> look.auditId().equals(auditId));
        if (taken) {
            remember(auditId, true);
        }
        return taken;
    }

    synchronized boolean isSuspect(PendingLook look) {
        return Boolean.TRUE.equals(looked.get(look.auditId()));
    }

    /** Remembers how the looks after a clear ended; once suspect, it stays so. */
    synchronized void ended(PendingLook look, boolean suspect) {
        remember(look.auditId(), suspect);
        underWay.removeIf(other -> isSame(other, look));
    }

    private void remember(String auditId, boolean suspect) {
        boolean before = Boolean.TRUE.equals(looked.remove(auditId));
        looked.put(auditId, suspect || before);
        if (looked.size() > LOOKED_KEPT) {
            looked.remove(looked.keySet().iterator().next());
        }
    }

    /** What is still to be looked at, for a restart; a look that the end of the agent cuts off is one of them. */
    synchronized List<PendingLook> due() {
        List<PendingLook> due = new ArrayList<>(pending);
        underWay.stream()
                .filter(look -> pending.stream().noneMatch(other -> isSame(other, look)))
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
