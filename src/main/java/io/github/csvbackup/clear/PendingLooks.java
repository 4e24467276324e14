package io.github.csvbackup.clear;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The clears that are looked after, and those that were looked after last; by audit id. Thread-safe. */
final class PendingLooks {
    private static final int LOOKED_KEPT = 100;

    private final Map<String, PendingLook> pending = new LinkedHashMap<>();
    /** The clears that are suspect or were looked after last: is each suspect? */
    private final Map<String, Boolean> looked = new LinkedHashMap<>();

    /** A clear that has just been done; or whose call, given up before, has returned. */
    synchronized void add(PendingLook look) {
        pending.put(look.auditId(), look);
    }

    /** A clear of an earlier run, unless it is known already. */
    synchronized void addUnlessKnown(PendingLook look) {
        if (!looked.containsKey(look.auditId())) {
            pending.putIfAbsent(look.auditId(), look);
        }
    }

    synchronized boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Those that are looked after. */
    synchronized List<PendingLook> all() {
        return new ArrayList<>(pending.values());
    }

    /** Unless the clear has been added anew since: its call has just returned. */
    synchronized void looked(PendingLook look, PendingLook.Asked first) {
        pending.replace(look.auditId(), look, look.looked(first));
    }

    /** Ends the looks after a clear, unless it has been added anew since. */
    synchronized void end(PendingLook look) {
        if (pending.remove(look.auditId(), look)) {
            noteLooked(look.auditId(), false);
        }
    }

    /** Ends the looks after a clear, as its record says; true if there were any. */
    synchronized boolean endByRecord(String auditId) {
        noteLooked(auditId, false);
        return pending.remove(auditId) != null;
    }

    /** True if a clear that is looked after becomes suspect, as its record says. */
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

    /** Once suspect, a clear stays so. */
    private void noteLooked(String auditId, boolean suspect) {
        boolean before = Boolean.TRUE.equals(looked.remove(auditId));
        looked.put(auditId, suspect || before);
        if (looked.size() > LOOKED_KEPT) {
            looked.remove(looked.keySet().iterator().next());
        }
    }

    /** What is suspect or was looked after last: is it suspect? */
    synchronized Map<String, Boolean> looked() {
        return new LinkedHashMap<>(looked);
    }

    /** What an earlier run had still to look at, and what it had looked at. */
    synchronized void restoreState(List<PendingLook> earlier, Map<String, Boolean> lookedBefore) {
        pending.clear();
        earlier.forEach(look -> pending.put(look.auditId(), look));
        looked.clear();
        looked.putAll(lookedBefore);
    }
}
