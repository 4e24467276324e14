package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.model.LiveBackup.Phase;
import io.github.csvbackup.model.SuspicionOracle.ClearedState;
import io.github.csvbackup.model.SuspicionOracle.Look;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The promises of the agent. Records the first broken one, with the backups that ran at that time. */
final class Promises {
    /** Which promises count. */
    enum Scope {
        EVERYTHING,
        /** Only effects on the volume and its backups; not the result of a check, the counter of suspect clears, or the number of queries. */
        EFFECTS
    }

    private static final Duration EVIDENCE_HOLDS_FOR = Duration.ofSeconds(45);
    private static final Duration READS_HOLD_FOR = Duration.ofSeconds(5);

    private final Scope scope;
    private final Surroundings surroundings;
    private final BatchPromises ofBatches;
    private @Nullable String broken;

    Promises(Scope scope, Surroundings surroundings) {
        this.scope = scope;
        this.surroundings = surroundings;
        this.ofBatches = new BatchPromises(scope, surroundings, this::breaks);
    }

    /** Those about requests to clear several volumes. */
    BatchPromises ofBatches() {
        return ofBatches;
    }

    /** The first promise that did not hold; null if all held. */
    @Nullable
    String broken() {
        return broken;
    }

    private void breaks(String sentence) {
        if (broken == null) {
            broken = sentence + " [backups " + surroundings.backups.alive() + ", states set since "
                    + surroundings.states + ", now " + surroundings.clock.instant() + "]";
        }
    }

    // At any time.

    boolean areAboutChecks() {
        return scope == Scope.EVERYTHING;
    }

    void aCheckPassesOnlyOnWhatTheClusterSaid(VolumeName volume, List<Check> checks) {
        for (Check check : checks) {
            if (check.result() == CheckResult.PASSED
                    && !surroundings.checks.mayPass(volume, check.name(), surroundings.clock.instant())) {
                breaks(check.name() + " PASSED for " + volume + " on \"" + check.seen()
                        + "\", and the cluster did not say so");
            }
        }
    }

    void aNodeThatDeniedAccessIsNotAskedForAnHour() {
        String place = surroundings.checks.askedAfterDenial();
        if (place != null) {
            breaks("a node was asked within an hour after it denied access: " + place);
        }
    }

    void anAssessmentFailsOnlyIfTheVolumeIsUnknown(Snapshot snapshot, VolumeName volume, RuntimeException failure) {
        if (snapshot.volumes().stream().anyMatch(watched -> VolumeName.of(watched.volume()) == volume)) {
            breaks("an assessment failed, and the volume is known: " + failure.getMessage());
        }
    }

    // When the intent is written.

    /** A clear that must not begin for what they say has no intent. */
    void theLastReadsComeBeforeTheIntent(VolumeName volume) {
        if (surroundings.cluster.request().sinceReread(volume).isEmpty()) {
            breaks("an intent was written before its volume was read again");
        }
        surroundings
                .cluster
                .request()
                .nodeOfAnotherVssProcess()
                .ifPresent(node -> breaks("an intent was written although the VSS service of " + node
                        + " was not seen to be the one that listed"));
    }

    // When the native clear is called.

    void beforeNativeClear(VolumeName volume) {
        onlyRequestedVolumesAreCleared(volume);
        theIntentIsInTheAuditBeforeTheClear(volume);
        for (LiveBackup backup : surroundings.backups.of(volume)) {
            noBackupWithAVisibleSessionIsAlive(backup);
            noBackupReadsACopyYoungerThanTheState(backup);
        }
        theClustersOwnTimerIsOver(volume);
        noMachineSaidThatItIsBeingBackedUp(volume);
        noEvidenceIsOld();
        theLastReadsAreNotOld(volume);
        eachVssServiceIsTheOneThatListed();
        ofBatches.beforeNativeClear(volume);
    }

    private void noEvidenceIsOld() {
        Duration age = surroundings.cluster.request().sinceFirstQuestion();
        if (age.compareTo(EVIDENCE_HOLDS_FOR) > 0) {
            breaks("a clear was executed " + age + " after its first question");
        }
    }

    private void theLastReadsAreNotOld(VolumeName volume) {
        Duration age = surroundings.cluster.request().sinceReread(volume).orElse(null);
        if (age == null) {
            breaks("a clear was executed without its volume having been read again");
        } else if (age.compareTo(READS_HOLD_FOR) > 0) {
            breaks("a clear was executed " + age + " after its volume was read again");
        }
    }

    private void eachVssServiceIsTheOneThatListed() {
        surroundings
                .cluster
                .request()
                .nodeOfAnotherVssProcess()
                .ifPresent(node -> breaks("a clear was executed although the VSS service of " + node
                        + " is not the one that listed any more"));
    }

    private void onlyRequestedVolumesAreCleared(VolumeName volume) {
        if (!surroundings.cluster.request().isFor(volume)) {
            breaks("a volume was cleared that was not requested");
        }
    }

    /** And the intents before it have their outcomes. */
    private void theIntentIsInTheAuditBeforeTheClear(VolumeName volume) {
        List<AuditRecord> open = surroundings.audit.unfinished();
        if (open.size() != 1 || !open.get(0).text("volume").equals(volume.path)) {
            breaks("a clear was executed without its intent in the audit before it, or with that of another");
        }
    }

    private void noBackupWithAVisibleSessionIsAlive(LiveBackup backup) {
        long look = surroundings.cluster.shadowCopyLook(backup.node);
        if (backup.hasSessionSince(look) || (backup.hasSession() && backup.hasCopySince(look))) {
            breaks("a clear was executed while a backup with an open VSS session was alive");
        }
        if (backup.hasSession() && !surroundings.cluster.answers().containsKey(backup.node.name())) {
            breaks(
                    "a clear was executed while a backup with an open VSS session was alive on a node that had not answered");
        }
    }

    private void noBackupReadsACopyYoungerThanTheState(LiveBackup backup) {
        Instant created = backup.copyCreated;
        Instant set = surroundings.states.setSince(backup.volume);
        if (backup.phase == Phase.READING && created != null && set != null && !created.isBefore(set)) {
            breaks("a clear was executed while a backup was reading a copy younger than the state");
        }
    }

    private void noMachineSaidThatItIsBeingBackedUp(VolumeName volume) {
        if (surroundings.cluster.isMachineBackedUp(volume)) {
            breaks("a clear was executed although a machine on the volume said that it is being backed up");
        }
    }

    private void theClustersOwnTimerIsOver(VolumeName volume) {
        if (!surroundings.states.isSetFor(volume, AgentUnderTest.SETTINGS.staleAfter())) {
            breaks("a clear was executed on a state that the cluster's own timer may still end");
        }
    }

    // When an outcome is written, and after a request to clear.

    /** When it is written. Later it may not be true any more: another backup may begin. */
    void theOutcomeIsTrue(AuditLine line) {
        if (!line.kind().equals(AuditInMemory.OUTCOME)) {
            return;
        }
        String outcome = AuditInMemory.text(line, "outcome");
        boolean isSet = surroundings.states.isSet(AuditInMemory.volume(line));
        if (outcome.equals(Outcome.CLEARED.name()) && isSet) {
            breaks("a clear that was reported as CLEARED left the state");
        }
        if (outcome.equals(Outcome.NOT_CLEARED.name()) && !isSet) {
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

    /** The refusal names the first operator and is one line of the audit. */
    void aSecondOperatorIsRefused(ClearResult result, int auditLines) {
        boolean namesTheFirst = result.message().contains("is already running, requested by ann through test");
        if (result.outcome() != Outcome.REFUSED || !namesTheFirst || auditLines != 1) {
            breaks("a second operator was not told that a clear is already running: " + result.message());
        }
    }

    // When the agent writes the result of a check after a clear.

    void aLookIsRecordedOnceAndForACause(AuditLine line) {
        switch (line.kind()) {
            case AuditInMemory.SUSPECT -> {
                aLineIsWrittenOnce(line);
                aClearBecomesSuspectForACause(line);
            }
            case AuditInMemory.UNCHECKED -> {
                aLineIsWrittenOnce(line);
                aNodeIsRecordedAsSilentForACause(line);
            }
            default -> {}
        }
    }

    private void aLineIsWrittenOnce(AuditLine line) {
        if (surroundings.audit.has(line.kind(), line.id())) {
            breaks("a clear became " + line.kind() + " twice");
        }
    }

    private Instant intended(AuditLine line) {
        return surroundings
                .audit
                .find(AuditInMemory.INTENT, line.id())
                .map(AuditLine::at)
                .orElse(Instant.MAX);
    }

    private void aClearBecomesSuspectForACause(AuditLine line) {
        if (!surroundings.suspicion.hasCause(line, intended(line), surroundings.cluster.answers())) {
            breaks("a clear became suspect for no cause: " + line.fields().get("message"));
        }
    }

    private void aNodeIsRecordedAsSilentForACause(AuditLine line) {
        if (!surroundings.suspicion.wasTroubledSince(intended(line))) {
            breaks("a clear became unchecked for no cause: " + line.fields().get("message"));
        }
    }

    // After the checks after a clear.

    void suspectAndUncheckedClearsAreCounted(ClearCounts counts) {
        if (scope == Scope.EFFECTS) {
            return;
        }
        long suspect =
                counts.suspect().values().stream().mapToLong(each -> each).sum();
        if (suspect != surroundings.audit.clearsWith(AuditInMemory.SUSPECT)) {
            breaks("the counter of suspect clears is not what the audit says");
        }
        if (counts.unchecked() != surroundings.audit.clearsWith(AuditInMemory.UNCHECKED)) {
            breaks("the counter of unchecked clears is not what the audit says");
        }
    }

    void afterLook(Look look) {
        surroundings.suspicion.count(look);
        for (ClearedState clear : surroundings.suspicion.open()) {
            aCopyAtALookMakesTheClearSuspect(clear, look);
            aNodeThatDoesNotAnswerIsRecorded(clear, look);
            aBackupThatRunsAtTheLastLookIsFound(clear, look);
            looksAfterAClearEnd(clear, look);
        }
        nodesAreAskedAsOftenAsLooksNeed();
        surroundings.suspicion.forgetDecided(look);
    }

    /** The agent ended right after it wrote down what a look found. The clears that this decided are judged now, and by no later poll. */
    void afterCrashInLook(Look look) {
        for (ClearedState clear : surroundings.suspicion.decided(look)) {
            clear.count(look);
            aNodeThatDoesNotAnswerIsRecorded(clear, look);
            aBackupThatRunsAtTheLastLookIsFound(clear, look);
        }
        surroundings.suspicion.forgetDecided(look);
    }

    private void aCopyAtALookMakesTheClearSuspect(ClearedState clear, Look look) {
        if (!clear.missed(look).isEmpty()) {
            breaks("the shadow copies " + clear.missed(look)
                    + " were not there before the clear and existed at a look, and the clear is not suspect");
        }
    }

    private void aNodeThatDoesNotAnswerIsRecorded(ClearedState clear, Look look) {
        if (!clear.silentAndUnrecorded(look).isEmpty()) {
            breaks("these nodes listed no shadow copies after a clear, and that is not on record: "
                    + clear.silentAndUnrecorded(look));
        }
    }

    private void aBackupThatRunsAtTheLastLookIsFound(ClearedState clear, Look look) {
        if (surroundings.backups.alive().stream().anyMatch(backup -> clear.misses(backup, look))) {
            breaks("VSS ran at a poll for a backup after a clear, and its node was not asked at the last look");
        }
    }

    private void looksAfterAClearEnd(ClearedState clear, Look look) {
        if (clear.isLookedAfterWithoutEnd(look)) {
            breaks("a clear is looked after without end");
        }
    }

    private void nodesAreAskedAsOftenAsLooksNeed() {
        if (surroundings.suspicion.isAskedTooOften()) {
            breaks("nodes were asked for shadow copies more often than twice after a clear");
        }
    }

    // After a crash.

    void anIntentWithoutOutcomeIsReported(int intents, int reported, ClearCounts counts) {
        if (reported != intents || counts.unfinished() != intents) {
            breaks("an intent without outcome is not reported after a crash");
        }
    }

    // At the end.

    void aStaleStateWithoutBackupsIsCleared(VolumeName volume, Verdict verdict) {
        if (surroundings.states.isSet(volume)) {
            breaks("a stale state with full evidence and no backup is not cleared, but " + verdict + ": " + volume);
        }
    }
}
