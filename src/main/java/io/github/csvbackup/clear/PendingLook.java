package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A clear that is still to be looked after.
 *
 * @param volume the friendly path
 * @param dueAt when the next look is due
 * @param nodes the nodes that were asked before the clear; the first looks ask these and all that can be asked by then
 * @param known ids of the shadow copies that were there before the clear
 * @param unanswered nodes that did not tell before the clear: of theirs only copies made since then are new
 * @param tries how often the last look was tried, from 1
 */
record PendingLook(
        String volume,
        String guidName,
        String auditId,
        Instant clearedAt,
        Instant dueAt,
        Set<String> nodes,
        Set<String> known,
        Set<String> unanswered,
        int tries) {
    /** The clocks of two nodes of a domain may differ by this much (the default tolerance of Kerberos). */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** The same with these nodes too, none of which told anything before the clear. */
    PendingLook alsoAsking(List<String> others) {
        Set<String> all = new HashSet<>(nodes);
        Set<String> silent = new HashSet<>(unanswered);
        others.stream().filter(all::add).forEach(silent::add);
        return new PendingLook(volume, guidName, auditId, clearedAt, dueAt, all, known, silent, tries);
    }

    /** The next one, before the last. */
    PendingLook next(Instant at) {
        return new PendingLook(volume, guidName, auditId, clearedAt, at, nodes, known, unanswered, tries);
    }

    /** The last one, tried again with the nodes that have not answered. */
    PendingLook again(Set<String> remaining, Instant at) {
        return new PendingLook(volume, guidName, auditId, clearedAt, at, remaining, known, unanswered, tries + 1);
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
