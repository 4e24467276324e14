package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows which backups nobody could see when a state was cleared, and so which clears must become suspect: always if the copy was there for
 * longer than may pass from a question to the answer to the next, and if it was there for a shorter time, when that was at a look. A clear that the
 * agent's end cut off is told of as such.
 */
final class SuspicionOracle {
    /** Answers of a node that are further apart are told of. */
    private static final Duration MOST_APART = Duration.ofSeconds(30);
    /** So many chances to look are enough for quiet-time and three tries of the last look, with some restarts between them. */
    private static final int CHANCES = 400;

    private final Duration quietTime;
    private final List<Clear> clears = new ArrayList<>();
    private Instant lastCopy = Instant.MIN;
    private Instant lastTrouble = Instant.MIN;

    /** A clear that may have to become suspect. */
    private static final class Clear {
        final String auditId;
        final Instant at;
        final List<LiveBackup> unseen;
        int chances;

        Clear(String auditId, Instant at, List<LiveBackup> unseen) {
            this.auditId = auditId;
            this.at = at;
            this.unseen = List.copyOf(unseen);
        }
    }

    SuspicionOracle(Duration quietTime) {
        this.quietTime = quietTime;
    }

    /** A clear was executed while these were alive and no answer could show them. */
    void cleared(String auditId, Instant at, List<LiveBackup> unseen) {
        if (!unseen.isEmpty()) {
            clears.add(new Clear(auditId, at, unseen));
        }
    }

    /** True while there is a clear that may have to become suspect. */
    boolean watches() {
        return !clears.isEmpty();
    }

    /** A shadow copy of the volume was made. */
    void copied(Instant at) {
        lastCopy = at;
    }

    /** Something kept the agent from looking, or a node from answering, until then. */
    void troubled(Instant until) {
        lastTrouble = until;
    }

    /** What is wrong with a line that is about to be written; null if nothing is. */
    @Nullable
    String objection(AuditLine line, List<AuditLine> before) {
        Instant at = before.stream()
                .filter(each -> each.kind().equals("intent") && each.id().equals(line.id()))
                .map(AuditLine::at)
                .findFirst()
                .orElse(Instant.MIN);
        if (!line.kind().equals("suspect")) {
            return null;
        }
        if (isToldOf(line.id(), before, "suspect")) {
            return "a clear became suspect twice";
        }
        // Clocks of nodes may differ by five minutes.
        boolean copied = !lastCopy.isBefore(at.minus(Duration.ofMinutes(5)));
        boolean troubled = !lastTrouble.isBefore(at);
        if (isOfNothingSeen(line) ? !troubled : !copied) {
            return "a clear became suspect for no reason: " + line.fields().get("message");
        }
        return null;
    }

    /** The clear is suspect because nobody could look. */
    static boolean isOfNothingSeen(AuditLine line) {
        return String.valueOf(line.fields().get("message")).contains("may have begun");
    }

    private static boolean isToldOf(String auditId, List<AuditLine> audit, String kind) {
        return audit.stream()
                .anyMatch(line -> line.id().equals(auditId) && line.kind().equals(kind));
    }

    /**
     * After the agent had time to look: which promise is broken?
     *
     * @param pending the clears that it still looks after, by audit id
     * @param answered the nodes that listed their shadow copies just now
     */
    @Nullable
    String broken(List<AuditLine> audit, Set<String> pending, Set<String> answered, Instant now) {
        for (Clear clear : List.copyOf(clears)) {
            Instant end = clear.at.plus(quietTime);
            boolean unfinished = isToldOf(clear.auditId, audit, "unfinished");
            boolean settled = !pending.contains(clear.auditId) && now.isAfter(end.plus(MOST_APART));
            boolean suspect = isToldOf(clear.auditId, audit, "suspect");
            for (LiveBackup backup : suspect ? List.<LiveBackup>of() : clear.unseen) {
                Instant from = backup.firstCopy;
                if (from == null || !from.isBefore(end)) {
                    continue;
                }
                if (backup.ended == null && answered.contains(backup.node)) {
                    return "the copy of a backup that nobody could see when the state was cleared was there at a look, and the"
                            + " clear is not suspect";
                }
                // That the agent's end cut the clear off is told of; what it can see since it runs again, it has to
                // see.
                Instant since = unfinished && lastTrouble.isAfter(from) ? lastTrouble : from;
                Instant to = backup.ended == null ? now : backup.ended;
                if (settled
                        && since.isBefore(end)
                        && Duration.between(since, to).compareTo(MOST_APART) > 0) {
                    return "the copy of a backup that nobody could see when the state was cleared was there for "
                            + Duration.between(since, to) + ", and the clear is not suspect";
                }
            }
            if (pending.contains(clear.auditId) && ++clear.chances > CHANCES) {
                return "a clear is looked after without end";
            }
            if (suspect || settled) {
                clears.remove(clear);
            }
        }
        return null;
    }
}
