package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.model.LiveBackup.Phase;
import io.github.csvbackup.model.SuspicionOracle.DoubtfulClear;
import io.github.csvbackup.model.SuspicionOracle.Look;
import io.github.csvbackup.watch.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the model promises of the agent. The first promise that does not hold is remembered with what was alive at that time. */
final class Promises {
    /** Which promises count. */
    enum Scope {
        EVERYTHING,
        /** Only effects on the volume and its backups; not the result of a check, nor the counter of suspect clears. */
        EFFECTS
    }

    private final Scope scope;
    private final Surroundings surroundings;
    private @Nullable String broken;

    Promises(Scope scope, Surroundings surroundings) {
        this.scope = scope;
        this.surroundings = surroundings;
    }

    /** The first promise that did not hold; null if all held. */
    @Nullable
    String broken() {
        return broken;
    }

    private void breaks(String sentence) {
        if (broken == null) {
            broken = sentence + " [backups " + surroundings.backups.alive() + ", state set since "
                    + surroundings.state.setSince() + ", now " + surroundings.clock.instant() + "]";
        }
    }

    // At any time.

    void aCheckPassesOnlyOnWhatTheClusterSaid(List<Check> checks) {
        if (scope == Scope.EFFECTS) {
            return;
        }
        for (Check check : checks) {
            if (check.result() == CheckResult.PASSED
                    && !surroundings.checks.mayPass(check.name(), surroundings.clock.instant())) {
                breaks(check.name() + " PASSED on \"" + check.seen() + "\", and the cluster did not say so");
            }
        }
    }

    void anAssessmentFailsOnlyIfTheVolumeIsUnknown(Snapshot snapshot, RuntimeException failure) {
        if (snapshot.volumes().stream().anyMatch(World::isTheVolume)) {
            breaks("an assessment failed, and the volume is known: " + failure.getMessage());
        }
    }

    // When the native clear is called.

    void beforeNativeClear(Volume volume) {
        onlyTheRequestedVolumeIsCleared(volume);
        theIntentIsInTheAuditBeforeTheClear();
        for (LiveBackup backup : surroundings.backups.alive()) {
            noBackupWithAVisibleSessionIsAlive(backup);
            noBackupReadsACopyYoungerThanTheState(backup);
        }
        theClustersOwnTimerIsOver();
    }

    private void onlyTheRequestedVolumeIsCleared(Volume volume) {
        if (!volume.friendlyPath().equals(World.VOLUME)) {
            breaks("the neighbour was cleared");
        }
    }

    private void theIntentIsInTheAuditBeforeTheClear() {
        if (surroundings.audit.unfinished().isEmpty()) {
            breaks("a clear was executed without its intent in the audit before it");
        }
    }

    private void noBackupWithAVisibleSessionIsAlive(LiveBackup backup) {
        long look = surroundings.cluster.shadowCopyLook(backup.node);
        if (backup.hasSessionSince(look) || (backup.hasSession() && backup.hasCopySince(look))) {
            breaks("a clear was executed while a backup with an open VSS session was alive");
        }
    }

    private void noBackupReadsACopyYoungerThanTheState(LiveBackup backup) {
        Instant created = backup.copyCreated;
        Instant set = surroundings.state.setSince();
        if (backup.phase == Phase.READING && created != null && set != null && !created.isBefore(set)) {
            breaks("a clear was executed while a backup was reading a copy younger than the state");
        }
    }

    private void theClustersOwnTimerIsOver() {
        if (!surroundings.state.isSetFor(AgentUnderTest.SETTINGS.staleAfter())) {
            breaks("a clear was executed on a state that the cluster's own timer may still end");
        }
    }

    // After a request to clear.

    void theOutcomeIsTrue(ClearResult result) {
        if (result.outcome() == Outcome.CLEARED && surroundings.state.isSet()) {
            breaks("a clear that was reported as CLEARED left the state");
        }
        if (result.outcome() == Outcome.NOT_CLEARED && !surroundings.state.isSet()) {
            breaks("a clear that was reported as NOT_CLEARED cleared the state");
        }
    }

    void outcomesAreCounted(Map<Outcome, Long> outcomes, ClearCounts counts) {
        for (Outcome outcome : Outcome.values()) {
            if (counts.total(outcome) != outcomes.getOrDefault(outcome, 0L)) {
                breaks("the counter of " + outcome + " is not what happened");
            }
        }
    }

    /** The refusal names the first operator and stands in the audit, in one line. */
    void aSecondOperatorIsRefused(ClearResult result, int auditLines) {
        boolean namesTheFirst = result.message().contains("is under way, asked for by ann through test");
        if (result.outcome() != Outcome.REFUSED || !namesTheFirst || auditLines != 1) {
            breaks("a second operator did not learn that a clear is under way: " + result.message());
        }
    }

    // When a clear becomes suspect.

    void aClearBecomesSuspectOnce(AuditLine line) {
        if (line.kind().equals(AuditInMemory.SUSPECT) && surroundings.audit.has(AuditInMemory.SUSPECT, line.id())) {
            breaks("a clear became suspect twice");
        }
    }

    void aClearBecomesSuspectForACause(AuditLine line) {
        if (!line.kind().equals(AuditInMemory.SUSPECT)) {
            return;
        }
        Instant cleared = surroundings
                .audit
                .find(AuditInMemory.INTENT, line.id())
                .map(AuditLine::at)
                .orElse(Instant.MAX);
        if (!surroundings.suspicion.hasCause(line, cleared)) {
            breaks("a clear became suspect for no cause: " + line.fields().get("message"));
        }
    }

    // After the agent looked after its clears.

    void suspectClearsAreCounted(ClearCounts counts) {
        long counted =
                counts.suspect().values().stream().mapToLong(each -> each).sum();
        if (scope == Scope.EVERYTHING && counted != surroundings.audit.suspects()) {
            breaks("the counter of suspect clears is not what the audit says");
        }
    }

    void afterLook(Look look) {
        for (DoubtfulClear clear : surroundings.suspicion.doubtful()) {
            aCopyAtALookMakesTheClearSuspect(clear, look);
            aCopyThatStaysMakesTheClearSuspect(clear, look);
            looksAfterAClearEnd(clear, look);
        }
        surroundings.suspicion.forgetDecided(look);
    }

    private void aCopyAtALookMakesTheClearSuspect(DoubtfulClear clear, Look look) {
        if (clear.missesACopyAtALook(look)) {
            breaks("the copy of a backup that no answer showed when the state was cleared was there at a look, and the"
                    + " clear is not suspect");
        }
    }

    private void aCopyThatStaysMakesTheClearSuspect(DoubtfulClear clear, Look look) {
        clear.missesACopyFor(look)
                .ifPresent(time ->
                        breaks("the copy of a backup that no answer showed when the state was cleared was there for "
                                + time + ", and the clear is not suspect"));
    }

    private void looksAfterAClearEnd(DoubtfulClear clear, Look look) {
        if (clear.isLookedAfterWithoutEnd(look)) {
            breaks("a clear is looked after without end");
        }
    }

    // After a crash.

    void anIntentWithoutOutcomeIsReported(int intents, int reported, ClearCounts counts) {
        if (reported != intents || counts.unfinished() != intents) {
            breaks("an intent without outcome is not reported after a crash");
        }
    }

    // At the end.

    void aStaleStateWithoutBackupsIsCleared(Verdict verdict) {
        if (surroundings.state.isSet()) {
            breaks("a stale state with full evidence and no backup is not cleared, but " + verdict);
        }
    }
}
