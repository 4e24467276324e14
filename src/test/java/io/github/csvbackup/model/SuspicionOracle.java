package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Knows which backups no answer could show when a state was cleared, and so which clears must become suspect; and what may have given the
 * agent a reason to suspect a clear.
 */
final class SuspicionOracle {
    /** The agent reports answers of a node that are further apart. */
    private static final Duration MOST_APART = Duration.ofSeconds(30);
    /** So many looks are enough for quiet-time and three tries of the last look, with some restarts between them. */
    private static final int MOST_LOOKS = 400;
    /** The clocks of nodes may differ by as much. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private final Duration quietTime;
    private final Clock clock;
    private final AuditInMemory audit;
    private final List<DoubtfulClear> clears = new ArrayList<>();
    private Instant lastCopy = Instant.MIN;
    private Instant lastTrouble = Instant.MIN;

    /**
     * What is known after the agent had time to look.
     *
     * @param pending the ids of the clears that the agent still looks after
     * @param answered the nodes that listed their shadow copies just now
     */
    record Look(Set<String> pending, Set<String> answered) {}

    /** A clear that was executed while backups were alive which no answer could show. */
    final class DoubtfulClear {
        private final String auditId;
        private final List<LiveBackup> unseen;
        private final Instant end;
        private int looks;

        DoubtfulClear(String auditId, List<LiveBackup> unseen) {
            this.auditId = auditId;
            this.unseen = List.copyOf(unseen);
            this.end = clock.instant().plus(quietTime);
        }

        private boolean isSuspect() {
            return audit.has(AuditInMemory.SUSPECT, auditId);
        }

        /** The agent's last look at this clear is over. */
        private boolean isSettled(Look look) {
            return !look.pending().contains(auditId) && clock.instant().isAfter(end.plus(MOST_APART));
        }

        private List<LiveBackup> copiesInTime() {
            return isSuspect()
                    ? List.of()
                    : unseen.stream()
                            .filter(backup -> backup.firstCopy != null && backup.firstCopy.isBefore(end))
                            .toList();
        }

        /** True if a copy is there just when its node is asked, and the clear is not suspect all the same. */
        boolean missesACopyAtALook(Look look) {
            return copiesInTime().stream()
                    .anyMatch(backup -> backup.ended == null && look.answered().contains(backup.node.name()));
        }

        /** For how long a copy was there, if the agent cannot have overlooked it and the clear is not suspect all the same. */
        Optional<Duration> missesACopyFor(Look look) {
            if (!isSettled(look)) {
                return Optional.empty();
            }
            return copiesInTime().stream()
                    .filter(backup -> visibleSince(backup).isBefore(end))
                    .map(backup -> Duration.between(
                            visibleSince(backup), backup.ended == null ? clock.instant() : backup.ended))
                    .filter(time -> time.compareTo(MOST_APART) > 0)
                    .findFirst();
        }

        /** Of a clear that the agent's own end cut off, the agent must see what is there since it runs again. */
        private Instant visibleSince(LiveBackup backup) {
            boolean cutOff = audit.has(AuditInMemory.UNFINISHED, auditId);
            return cutOff && lastTrouble.isAfter(backup.firstCopy) ? lastTrouble : backup.firstCopy;
        }

        /** Counts a look. True if the agent looks after this clear for too long. */
        boolean isLookedAfterWithoutEnd(Look look) {
            return look.pending().contains(auditId) && ++looks > MOST_LOOKS;
        }
    }

    SuspicionOracle(Duration quietTime, Clock clock, AuditInMemory audit) {
        this.quietTime = quietTime;
        this.clock = clock;
        this.audit = audit;
    }

    /** A clear is executed while these backups are alive, which no answer could show. */
    void cleared(String auditId, List<LiveBackup> unseen) {
        if (!unseen.isEmpty()) {
            clears.add(new DoubtfulClear(auditId, unseen));
        }
    }

    /** A shadow copy of the volume was made. */
    void copied() {
        lastCopy = clock.instant();
    }

    /** Until now something kept the agent from looking or a node from answering. */
    void troubled() {
        lastTrouble = clock.instant();
    }

    /** The clears that may have to become suspect. */
    List<DoubtfulClear> doubtful() {
        return List.copyOf(clears);
    }

    /** Forgets the clears that are suspect, and those that cannot become suspect any more. */
    void forgetDecided(Look look) {
        clears.removeIf(clear -> clear.isSuspect() || clear.isSettled(look));
    }

    /** True if this line, by which a clear becomes suspect, has a cause. */
    boolean hasCause(AuditLine suspicion, Instant cleared) {
        return isAboutUnseenTime(suspicion)
                ? !lastTrouble.isBefore(cleared)
                : !lastCopy.isBefore(cleared.minus(CLOCK_DIFFERENCE));
    }

    /** True if the clear is suspect because the agent could not look for a time, and not because it saw a backup. */
    static boolean isAboutUnseenTime(AuditLine suspicion) {
        return String.valueOf(suspicion.fields().get("message")).contains("may have begun");
    }
}
