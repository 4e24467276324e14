package io.github.csvbackup.clear;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The clears that are looked after, and those that were looked after last; by audit id. Thread-safe. */
final class PendingLooks {
    private static final int LOOKED_KEPT = 100;

    private final Map<String, PendingLook> pending = new LinkedHashMap<>();
    /** The clears that were looked after last: was each suspect? */
    private final Map<String, Boolean> looked = new LinkedHashMap<>();

    /** A clear that has just been done; or whose call, given up before, has returned. */
    synchronized void add(PendingLook look) {
        pending.merge(look.auditId(), look, (earlier, now) -> now.goingOnFrom(earlier));
    }

    /** A clear of an earlier run, unless it is known already. */
    synchronized void addUnlessKnown(PendingLook look) {
        if (!looked.containsKey(look.auditId())) {
            pending.putIfAbsent(look.auditId(), look);
        }
    }

    /** Those that are looked after. */
    synchronized List<PendingLook> all() {
        return new ArrayList<>(pending.values());
    }

    /** Changes it as it is now; null if it is not looked after any more. */
    synchronized @Nullable PendingLook change(String auditId, UnaryOperator<PendingLook> change) {
        return pending.computeIfPresent(auditId, (id, look) -> change.apply(look));
    }

    /** Ends the looks after a clear that is suspect, as its record says; true if that has not been counted. */
    synchronized boolean endByRecord(String auditId) {
        return pending.containsKey(auditId) && !isSuspect(auditId) && endSuspect(auditId);
    }

    synchronized boolean isSuspect(String auditId) {
        return Boolean.TRUE.equals(looked.get(auditId));
    }

    /** Ends the looks after a clear that nothing speaks against, unless it has been added anew since: its call has just returned. */
    synchronized void endIfUnchanged(PendingLook look) {
        if (pending.remove(look.auditId(), look)) {
            noteLooked(look.auditId(), false);
        }
    }

    /** Ends the looks after a clear that is suspect. False if there were none. */
    synchronized boolean endSuspect(String auditId) {
        noteLooked(auditId, true);
        return pending.remove(auditId) != null;
    }

    /** Once suspect, a clear stays so. */
    private void noteLooked(String auditId, boolean suspect) {
        boolean before = Boolean.TRUE.equals(looked.remove(auditId));
        looked.put(auditId, suspect || before);
        if (looked.size() > LOOKED_KEPT) {
            looked.remove(looked.keySet().iterator().next());
        }
    }

    /** What was looked after last: was it suspect? */
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
