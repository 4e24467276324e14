package io.github.csvbackup.clear;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The clears with a pending follow-up, and those whose follow-up ended last, by audit id. Thread-safe. */
final class FollowUps {
    private static final int JUDGED_KEPT = 100;

    private final Map<String, FollowUp> pending = new LinkedHashMap<>();
    /** The clears that are suspect or whose follow-up ended last: is each suspect? */
    private final Map<String, Boolean> judged = new LinkedHashMap<>();

    private boolean closed;

    /** Adds a clear that has just completed, or whose late call has returned. */
    synchronized void add(FollowUp followUp) {
        pending.put(followUp.auditId(), followUp);
        notifyAll();
    }

    /** Adds a clear of an earlier run, unless it is known already. */
    synchronized void addUnlessKnown(FollowUp followUp) {
        if (!judged.containsKey(followUp.auditId())) {
            pending.putIfAbsent(followUp.auditId(), followUp);
            notifyAll();
        }
    }

    /** Waits for this time, and then for a follow-up; {@link #close} ends the wait. */
    synchronized void pause(Duration time) throws InterruptedException {
        long begun = System.nanoTime();
        long left = time.toMillis();
        while (!closed && (left > 0 || pending.isEmpty())) {
            wait(pending.isEmpty() ? 0 : left);
            left = time.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        }
    }

    /** Ends the pauses. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isEmpty() {
        return pending.isEmpty();
    }

    /** All pending clears. */
    synchronized List<FollowUp> all() {
        return new ArrayList<>(pending.values());
    }

    /** Records the first query, unless the clear was added again because its call has just returned. */
    synchronized void askedFirst(FollowUp followUp, FollowUp.Asked first) {
        pending.replace(followUp.auditId(), followUp, followUp.askedFirst(first));
    }

    /** Ends the follow-up, unless it was added again. */
    synchronized void end(FollowUp followUp) {
        if (pending.remove(followUp.auditId(), followUp)) {
            noteJudged(followUp.auditId(), false);
        }
    }

    /** Ends the follow-up because of its audit line; true if it was pending. */
    synchronized boolean endByRecord(String auditId) {
        noteJudged(auditId, false);
        return pending.remove(auditId) != null;
    }

    /** True if a pending clear becomes suspect because of its audit line. */
    synchronized boolean becomesSuspectByRecord(String auditId) {
        if (!pending.containsKey(auditId) || isSuspect(auditId)) {
            return false;
        }
        noteJudged(auditId, true);
        return true;
    }

    synchronized boolean isSuspect(String auditId) {
        return Boolean.TRUE.equals(judged.get(auditId));
    }

    synchronized void becomesSuspect(String auditId) {
        noteJudged(auditId, true);
    }

    /** A suspect clear stays suspect. */
    private void noteJudged(String auditId, boolean suspect) {
        boolean before = Boolean.TRUE.equals(judged.remove(auditId));
        judged.put(auditId, suspect || before);
        if (judged.size() > JUDGED_KEPT) {
            judged.remove(judged.keySet().iterator().next());
        }
    }

    /** The clears that are suspect or whose follow-up ended last: is each suspect? */
    synchronized Map<String, Boolean> judged() {
        return new LinkedHashMap<>(judged);
    }

    /** Restores the pending and ended follow-ups of an earlier run. */
    synchronized void restoreState(List<FollowUp> earlier, Map<String, Boolean> judgedBefore) {
        pending.clear();
        earlier.forEach(followUp -> pending.put(followUp.auditId(), followUp));
        notifyAll();
        judged.clear();
        judged.putAll(judgedBefore);
    }
}
