package io.github.csvbackup.clear;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The clears with pending checks, and those checked last, by audit id. Thread-safe. */
final class PendingLooks {
    private static final int LOOKED_KEPT = 100;

    private final Map<String, PendingLook> pending = new LinkedHashMap<>();
    /** The clears that are suspect or were checked last: is each suspect? */
    private final Map<String, Boolean> looked = new LinkedHashMap<>();

    /** Adds a clear that has just completed, or whose late call has returned. */
    synchronized void add(PendingLook look) {
        pending.put(look.auditId(), look);
    }

    /** Adds a clear of an earlier run, unless it is known already. */
    synchronized void addUnlessKnown(PendingLook look) {
        if (!looked.containsKey(look.auditId())) {
            pending.putIfAbsent(look.auditId(), look);
        }
    }

    synchronized boolean isEmpty() {
        return pending.isEmpty();
    }

    /** All pending clears. */
    synchronized List<PendingLook> all() {
        return new ArrayList<>(pending.values());
    }

    /** Records the first check, unless the clear was added again because its call has just returned. */
    synchronized void looked(PendingLook look, PendingLook.Asked first) {
        pending.replace(look.auditId(), look, look.looked(first));
    }

    /** Ends the checks after a clear, unless it was added again. */
    synchronized void end(PendingLook look) {
        if (pending.remove(look.auditId(), look)) {
            noteLooked(look.auditId(), false);
        }
    }

    /** Ends the checks after a clear because of its audit line; true if any were pending. */
    synchronized boolean endByRecord(String auditId) {
        noteLooked(auditId, false);
        return pending.remove(auditId) != null;
    }

    /** True if a pending clear becomes suspect because of its audit line. */
    synchronized boolean becomesSuspectByRecord(String auditId) {
        if (!pending.containsKey(auditId) || isSuspect(auditId)) {
            return false;
        }
        noteLooked(auditId, true);
        return true;
    }

    synchronized boolean isSuspect(String auditId) {
        return Boolean.TRUE.equals(looked.get(auditId));
    }

    synchronized void becomesSuspect(String auditId) {
        noteLooked(auditId, true);
    }

    /** A suspect clear stays suspect. */
    private void noteLooked(String auditId, boolean suspect) {
        boolean before = Boolean.TRUE.equals(looked.remove(auditId));
        looked.put(auditId, suspect || before);
        if (looked.size() > LOOKED_KEPT) {
            looked.remove(looked.keySet().iterator().next());
        }
    }

    /** The clears that are suspect or were checked last: is each suspect? */
    synchronized Map<String, Boolean> looked() {
        return new LinkedHashMap<>(looked);
    }

    /** Restores the pending and completed checks of an earlier run. */
    synchronized void restoreState(List<PendingLook> earlier, Map<String, Boolean> lookedBefore) {
        pending.clear();
        earlier.forEach(look -> pending.put(look.auditId(), look));
        looked.clear();
        looked.putAll(lookedBefore);
    }
}
