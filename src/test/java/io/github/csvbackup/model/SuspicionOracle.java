package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows which backups nobody could see when a state was cleared, and so which clears must become suspect. A copy that was there for longer than
 * answers may be apart makes its clear suspect always, unless the audit says that the clear is unchecked; a shorter one does when it was there
 * at a look.
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
        return switch (line.kind()) {
            case "suspect" -> {
                if (isToldOf(line.id(), before, "suspect")) {
                    yield "a clear became suspect twice";
                }
                // Clocks of nodes may differ by five minutes.
                yield lastCopy.isBefore(at.minus(Duration.ofMinutes(5)))
                        ? "a clear became suspect, and nobody made a shadow copy"
                        : null;
            }
            case "unchecked" ->
                lastTrouble.isBefore(at) ? "a clear is unchecked, and nothing kept anybody from looking" : null;
            default -> null;
        };
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
            boolean told = isToldOf(clear.auditId, audit, "suspect") || isToldOf(clear.auditId, audit, "unchecked");
            boolean ended = !pending.contains(clear.auditId);
            for (LiveBackup backup : told ? List.<LiveBackup>of() : clear.unseen) {
                Instant from = backup.firstCopy;
                if (from == null || from.isAfter(clear.at.plus(quietTime))) {
                    continue;
                }
                Instant to = backup.ended == null ? now : backup.ended;
                if (backup.ended == null && answered.contains(backup.node)) {
                    return "the copy of a backup that nobody could see when the state was cleared was there at a look, and the"
                            + " clear is not suspect";
                }
                if (ended && Duration.between(from, to).compareTo(MOST_APART) > 0) {
                    return "the copy of a backup that nobody could see when the state was cleared was there for "
                            + Duration.between(from, to) + ", and the clear is neither suspect nor unchecked";
                }
            }
            if (!ended && ++clear.chances > CHANCES) {
                return "a clear is looked after without end";
            }
            if (told || ended) {
                clears.remove(clear);
            }
        }
        return null;
    }
}
