package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A clear that is still to be looked after.
 *
 * @param volume the friendly path
 * @param dueAt when the next look is due
 * @param told when each node that is to be asked was asked last, of the times that it answered; begins with the clear's own question
 * @param known ids of the shadow copies that were there before the clear
 * @param unanswered nodes that did not tell before the clear: of theirs only copies made since then are new
 * @param gaps the longest time, of each node that has one, in which nobody knows what it had
 * @param tries how often the last look was tried, from 1
 */
record PendingLook(
        String volume,
        String guidName,
        String auditId,
        Instant clearedAt,
        Instant dueAt,
        Map<String, Instant> told,
        Set<String> known,
        Set<String> unanswered,
        Map<String, Gap> gaps,
        int tries) {
    /** The clocks of two nodes of a domain may differ by this much (the default tolerance of Kerberos). */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** A time in which nobody knows what shadow copies a node had. It ends before it begins if the clock was set back. */
    record Gap(Instant from, Instant to) {
        Duration length() {
            return Duration.between(from, to).abs();
        }

        @Override
        public String toString() {
            return "from " + from + " to " + to + (to.isBefore(from) ? ", by a clock that was set back" : "");
        }
    }

    PendingLook {
        told = Collections.unmodifiableMap(new TreeMap<>(told));
        gaps = Collections.unmodifiableMap(new TreeMap<>(gaps));
    }

    /** The same with these nodes too, none of which told anything before the clear; of what they had before {@code from} nothing is asked. */
    PendingLook alsoAsking(Collection<String> others, Instant from) {
        Map<String, Instant> all = new LinkedHashMap<>(told);
        Set<String> silent = new HashSet<>(unanswered);
        for (String node : others) {
            if (all.putIfAbsent(node, from) == null) {
                silent.add(node);
            }
        }
        return new PendingLook(volume, guidName, auditId, clearedAt, dueAt, all, known, silent, gaps, tries);
    }

    /** Is it time to look? A time to come that is in the past of the clear or of an answer is of a clock that was set back. */
    boolean isDue(Instant now) {
        return !now.isBefore(dueAt)
                || now.isBefore(clearedAt)
                || told.values().stream().anyMatch(now::isBefore);
    }

    /**
     * The same once nodes have answered.
     *
     * @param asked when they were asked
     * @param answered when the answer of each came; what it tells of was so at some time between
     * @param mostApart more time from a question to the answer to the next is a gap
     */
    PendingLook answered(Instant asked, Map<String, Instant> answered, Duration mostApart) {
        Map<String, Instant> now = new LinkedHashMap<>(told);
        Map<String, Gap> longest = new LinkedHashMap<>(gaps);
        answered.forEach((node, at) -> {
            Instant before = now.put(node, asked);
            Gap gap = new Gap(before == null ? clearedAt : before, at);
            if (gap.length().compareTo(mostApart) > 0 || at.isBefore(gap.from())) {
                longest.merge(node, gap, (one, other) -> one.length().compareTo(other.length()) < 0 ? other : one);
            }
        });
        return new PendingLook(volume, guidName, auditId, clearedAt, dueAt, now, known, unanswered, longest, tries);
    }

    /** The same for a clear that was looked after already: what its nodes told since then counts. */
    PendingLook goingOnFrom(PendingLook earlier) {
        Map<String, Instant> all = new LinkedHashMap<>(told);
        all.putAll(earlier.told());
        Set<String> silent = new HashSet<>(unanswered);
        silent.addAll(earlier.unanswered());
        return new PendingLook(volume, guidName, auditId, clearedAt, dueAt, all, known, silent, earlier.gaps(), tries);
    }

    /** The next one, before the last. */
    PendingLook next(Instant at) {
        return new PendingLook(volume, guidName, auditId, clearedAt, at, told, known, unanswered, gaps, tries);
    }

    /** The last one, tried again with the nodes that have not answered. */
    PendingLook again(Set<String> remaining, Instant at) {
        Map<String, Instant> left = new LinkedHashMap<>(told);
        left.keySet().retainAll(remaining);
        return new PendingLook(volume, guidName, auditId, clearedAt, at, left, known, unanswered, gaps, tries + 1);
    }

    /**
     * Whether a shadow copy that a node lists began around the clear.
     *
     * @param latest one that was made after this is of a later backup
     */
    boolean isNew(ShadowCopy copy, String node, Instant latest) {
        Instant created = copy.created();
        boolean later = created != null && created.isAfter(latest);
        boolean old = unanswered.contains(node)
                && created != null
                && created.plus(CLOCK_SKEW).isBefore(clearedAt);
        return !old
                && !later
                && copy.volumeGuidName().equalsIgnoreCase(guidName)
                && !copy.isDead()
                && !known.contains(copy.id());
    }
}
