package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A clear that is looked after.
 *
 * @param volume the friendly path
 * @param told when each node was asked last, of the times that it answered; begins with the clear's own question, and for a node that came later
 *     with the time since when it is asked
 * @param owing nodes that came later and have not answered yet
 * @param known ids of the shadow copies that were there before the clear
 * @param unanswered nodes that did not tell before the clear
 * @param gaps the longest time, of each node that has one, in which nobody knows what it had
 * @param cutOff the agent's end cut it off, which has been told: nothing is asked of the time until the agent ran again
 */
record PendingLook(
        String volume,
        String guidName,
        String auditId,
        Instant clearedAt,
        Map<String, Instant> told,
        Set<String> owing,
        Set<String> known,
        Set<String> unanswered,
        Map<String, Gap> gaps,
        boolean cutOff) {
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

    /** A clear of an earlier run, of which nobody knows what was there before. */
    static PendingLook ofEarlierRun(String volume, String guidName, String auditId, Instant clearedAt, boolean cutOff) {
        return new PendingLook(
                volume, guidName, auditId, clearedAt, Map.of(), Set.of(), Set.of(), Set.of(), Map.of(), cutOff);
    }

    private PendingLook with(
            Map<String, Instant> nowTold, Set<String> nowOwing, Set<String> nowUnanswered, Map<String, Gap> nowGaps) {
        return new PendingLook(
                volume, guidName, auditId, clearedAt, nowTold, nowOwing, known, nowUnanswered, nowGaps, cutOff);
    }

    /**
     * The same with these nodes too, which told nothing before the clear. One that was down at the clear and has come back can have a backup
     * that began around it; of the time before it is asked first nothing is asked, unless no node at all was asked since the clear.
     */
    PendingLook alsoAsking(Collection<String> nodes, Instant now) {
        Instant from = told.isEmpty() && !cutOff ? clearedAt : now;
        Map<String, Instant> all = new TreeMap<>(told);
        Set<String> owingNow = new HashSet<>(owing);
        Set<String> silent = new HashSet<>(unanswered);
        for (String node : nodes) {
            if (all.putIfAbsent(node, from) == null) {
                owingNow.add(node);
                silent.add(node);
            }
        }
        return with(all, owingNow, silent, gaps);
    }

    /**
     * The same once a node has answered.
     *
     * @param askedAt when it was asked
     * @param answeredAt when the answer came; what it tells of was so at some time between
     * @param mostApart more time from a question to the answer to the next is a gap
     */
    PendingLook answered(String node, Instant askedAt, Instant answeredAt, Duration mostApart) {
        Map<String, Instant> now = new TreeMap<>(told);
        Instant before = now.put(node, askedAt);
        Set<String> left = new HashSet<>(owing);
        left.remove(node);
        Gap gap = new Gap(before == null ? clearedAt : before, answeredAt);
        if (gap.length().compareTo(mostApart) <= 0 && !answeredAt.isBefore(gap.from())) {
            return with(now, left, unanswered, gaps);
        }
        Map<String, Gap> longest = new TreeMap<>(gaps);
        longest.merge(node, gap, (one, other) -> one.length().compareTo(other.length()) < 0 ? other : one);
        return with(now, left, unanswered, longest);
    }

    /** The same for a clear that was looked after already: what its nodes told since then counts. */
    PendingLook goingOnFrom(PendingLook earlier) {
        Map<String, Instant> all = new TreeMap<>(told);
        all.putAll(earlier.told());
        Set<String> silent = new HashSet<>(unanswered);
        silent.addAll(earlier.unanswered());
        return with(all, earlier.owing(), silent, earlier.gaps());
    }

    /** The nodes that have not told what they had at that time or later. */
    Set<String> missing(Instant end) {
        Set<String> missing = new TreeSet<>(owing);
        told.forEach((node, at) -> {
            if (at.isBefore(end)) {
                missing.add(node);
            }
        });
        return missing;
    }

    /**
     * Whether a shadow copy that a node lists began around the clear, or was alive at it and could not be known.
     *
     * @param latest one that was made after this is of a later backup
     */
    boolean isNew(ShadowCopy copy, String node, Instant latest) {
        Instant created = copy.created();
        boolean later = created != null && created.isAfter(latest);
        boolean old = unanswered.contains(node)
                && copy.persistent()
                && created != null
                && created.plus(CLOCK_SKEW).isBefore(clearedAt);
        return !old
                && !later
                && copy.volumeName().equalsIgnoreCase(guidName)
                && !copy.isDead()
                && !known.contains(copy.id());
    }
}
