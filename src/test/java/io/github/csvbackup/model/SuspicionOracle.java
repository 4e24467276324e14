package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Knows from the nodes' answers which shadow copies existed before a clear, and so which clears must become suspect. */
final class SuspicionOracle {
    /** Enough for both checks after a clear, with some restarts between them. */
    private static final int MOST_LOOKS = 400;
    /** The clocks of nodes may differ by this much. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private final Clock clock;
    private final AuditInMemory audit;
    private final List<ClearedState> open = new ArrayList<>();
    private Instant lastTrouble = Instant.MIN;
    private int rounds;
    private int interrupted;

    /**
     * The state after the agent had time for a check.
     *
     * @param pending the ids of the clears with pending checks
     * @param answers what the nodes answered just now
     * @param up the nodes that are up, as far as the agent can know
     * @param lastPoll the event at which the last successful poll began
     */
    record Look(Set<String> pending, Map<String, ShadowCopies> answers, Set<String> up, long lastPoll) {}

    /** An executed clear, until its last check is over. */
    final class ClearedState {
        private final String auditId;
        private final VolumeName volume;
        private final Set<String> known;
        private final Instant cleared = clock.instant();
        private final Set<String> answered = new HashSet<>();
        private int looks;

        private ClearedState(String auditId, VolumeName volume, Set<String> known) {
            this.auditId = auditId;
            this.volume = volume;
            this.known = known;
        }

        private boolean isSuspect() {
            return audit.has(AuditInMemory.SUSPECT, auditId);
        }

        /** Ids of the shadow copies that were not there before, and were made after this time or end with their backup. */
        private Set<String> newCopies(
                Map<String, ShadowCopies> answers, Instant after, Predicate<ShadowCopy> maybeOfTheVolume) {
            return answers.values().stream()
                    .flatMap(list -> list.copies().stream())
                    .filter(maybeOfTheVolume)
                    .filter(copy -> !copy.isDead() && !known.contains(copy.id()))
                    .filter(copy -> !copy.persistent() || isAfter(copy, after))
                    .map(ShadowCopy::id)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private static boolean isAfter(ShadowCopy copy, Instant time) {
            Instant created = copy.created();
            return created == null || !created.isBefore(time);
        }

        /** Ids of the shadow copies in these answers for which the clear must be suspect, if it is not. */
        Set<String> missed(Look look) {
            return isSuspect() ? Set.of() : newCopies(look.answers(), cleared, this::isOfTheVolume);
        }

        private boolean isOfTheVolume(ShadowCopy copy) {
            return copy.volumeName().equals(volume.guidName)
                    || copy.volumeName().equals(volume.hiddenGuidName);
        }

        /** The agent cannot know which volume a hidden one belongs to. */
        private boolean mayBeOfTheVolume(ShadowCopy copy) {
            return isOfTheVolume(copy) || HiddenVolumes.isOfOne(copy);
        }

        /** The nodes that never answered a check and are not recorded, once the checks are over. */
        Set<String> silentAndUnrecorded(Look look) {
            if (look.pending().contains(auditId)) {
                return Set.of();
            }
            Set<String> missing = new TreeSet<>(look.up());
            missing.removeAll(answered);
            missing.removeIf(this::isNamed);
            return missing;
        }

        private boolean isNamed(String node) {
            return audit.find(AuditInMemory.UNCHECKED, auditId)
                    .map(line -> message(line).contains(node))
                    .orElse(false);
        }

        /** True if the checks are over and this backup had its copy at a poll, but neither was it found nor its node recorded. */
        boolean misses(LiveBackup backup, Look look) {
            return !look.pending().contains(auditId)
                    && backup.volume == volume
                    && backup.phase == LiveBackup.Phase.COPY
                    && backup.hasCopySince(look.lastPoll())
                    && look.up().contains(backup.node.name())
                    && !isSuspect()
                    && !isNamed(backup.node.name());
        }

        /** True if checks of this clear are pending for too long. */
        boolean isLookedAfterWithoutEnd(Look look) {
            return look.pending().contains(auditId) && looks > MOST_LOOKS;
        }

        void count(Look look) {
            looks++;
            answered.addAll(look.answers().keySet());
        }
    }

    SuspicionOracle(Clock clock, AuditInMemory audit) {
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * A clear is executed.
     *
     * @param answers what the nodes answered right before
     */
    void cleared(String auditId, VolumeName volume, Collection<ShadowCopies> answers) {
        open.add(new ClearedState(
                auditId,
                volume,
                answers.stream()
                        .flatMap(list -> list.copies().stream())
                        .map(ShadowCopy::id)
                        .collect(Collectors.toSet())));
    }

    /** Until now something prevented a node from answering. */
    void troubled() {
        lastTrouble = clock.instant();
    }

    /** The agent crashed in a check, which it may repeat. */
    void interrupted() {
        interrupted++;
    }

    /** The clears whose checks may not be over. */
    List<ClearedState> open() {
        return List.copyOf(open);
    }

    /** Of these, the clears that the agent no longer checks. */
    List<ClearedState> decided(Look look) {
        return open.stream()
                .filter(clear -> !look.pending().contains(clear.auditId))
                .toList();
    }

    /** Counts a check before it is judged. */
    void count(Look look) {
        open.forEach(clear -> clear.count(look));
    }

    /** A check with queries to nodes begins. */
    void asked() {
        rounds++;
    }

    /** True if nodes were asked more often than the checks after clears need. */
    boolean isAskedTooOften() {
        return rounds > 2 * audit.clearsWith(AuditInMemory.INTENT) + interrupted;
    }

    /** Forgets the clears without pending checks. */
    void forgetDecided(Look look) {
        open.removeIf(clear -> !look.pending().contains(clear.auditId));
    }

    /**
     * True if this line, which makes a clear suspect, has a cause.
     *
     * @param answers the nodes' answers in this check
     */
    boolean hasCause(AuditLine suspicion, Instant intended, Map<String, ShadowCopies> answers) {
        Instant after = intended.minus(CLOCK_DIFFERENCE);
        return open.stream()
                .filter(clear -> clear.auditId.equals(suspicion.id()))
                .findFirst()
                .or(() -> cutOff(suspicion.id()))
                .map(clear -> clear.newCopies(answers, after, clear::mayBeOfTheVolume))
                .orElse(Set.of())
                .stream()
                .anyMatch(id -> message(suspicion).contains(id));
    }

    /** A clear that a crash interrupted before it was executed: the agent cannot know that, nor which copies existed before. */
    private Optional<ClearedState> cutOff(String auditId) {
        return audit.find(AuditInMemory.INTENT, auditId)
                .map(intent -> new ClearedState(auditId, AuditInMemory.volume(intent), Set.of()));
    }

    /** True if something has prevented a node from answering since then. */
    boolean wasTroubledSince(Instant time) {
        return !lastTrouble.isBefore(time);
    }

    private static String message(AuditLine line) {
        return String.valueOf(line.fields().get("message"));
    }
}
