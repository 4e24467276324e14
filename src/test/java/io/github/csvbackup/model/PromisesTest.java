package io.github.csvbackup.model;

import static io.github.csvbackup.model.NodeName.NODE1;
import static io.github.csvbackup.model.VolumeName.VOLUME1;
import static io.github.csvbackup.model.VolumeName.VOLUME2;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.model.SuspicionOracle.Look;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Shows that the promises that no planted {@link Bug} breaks can be broken too. */
class PromisesTest {
    private final Surroundings surroundings = new Surroundings(AgentUnderTest.SETTINGS);
    private final Promises promises = new Promises(Promises.Scope.EVERYTHING, surroundings);

    private void assertBroken(String sentence) {
        assertThat(promises.broken()).startsWith(sentence);
    }

    private static ClearResult result(Outcome outcome) {
        return new ClearResult(outcome, VOLUME1.path, null, "", "", null, List.of(), null, "", "", "", "");
    }

    private static ClearCounts counts(long suspect, long unfinished) {
        return new ClearCounts(Map.of(), Map.of(), Map.of(VOLUME1.path, suspect), 0, unfinished, ClearTimes.NONE);
    }

    private AuditLine found(String kind, String message) {
        return new AuditLine("1", kind, surroundings.clock.instant(), Map.of("message", (Object) message));
    }

    private AuditLine intent() {
        return line(AuditInMemory.INTENT, Map.of());
    }

    private AuditLine outcome(Outcome outcome) {
        return line(AuditInMemory.OUTCOME, Map.of("outcome", outcome.name()));
    }

    private AuditLine line(String kind, Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(more);
        fields.put("volume", VOLUME1.path);
        return new AuditLine("1", kind, surroundings.clock.instant(), fields);
    }

    @Test
    void anAssessmentFailsOnlyIfTheVolumeIsUnknown() {
        NodeEvidence evidence = new NodeEvidence(
                surroundings.cluster, Duration.ZERO, Duration.ZERO, surroundings.clock, surroundings.clock::nanoTime);
        Watcher watcher = new Watcher(
                surroundings.cluster,
                evidence,
                AgentUnderTest.SETTINGS,
                surroundings.clock,
                surroundings.clock::nanoTime);

        promises.anAssessmentFailsOnlyIfTheVolumeIsUnknown(watcher.snapshot(), VOLUME1, new IllegalStateException());
        assertThat(promises.broken()).isNull();

        promises.anAssessmentFailsOnlyIfTheVolumeIsUnknown(watcher.refresh(), VOLUME1, new IllegalStateException());
        assertBroken("an assessment failed, and the volume is known");
    }

    @Test
    void onlyRequestedVolumesAreCleared() {
        surroundings.cluster.requestBegins(List.of(VOLUME2));

        promises.beforeNativeClear(VOLUME1);

        assertBroken("a volume was cleared that was not requested");
    }

    @Test
    void theIntentIsInTheAuditBeforeTheClear() {
        surroundings.cluster.requestBegins(List.of(VOLUME1));

        promises.beforeNativeClear(VOLUME1);

        assertBroken("a clear was executed without its intent in the audit before it");
    }

    @Test
    void theIntentIsThatOfTheVolume() {
        surroundings.audit.append(intent());
        surroundings.cluster.requestBegins(List.of(VOLUME1, VOLUME2));

        promises.beforeNativeClear(VOLUME2);

        assertBroken("a clear was executed without its intent in the audit before it, or with that of another");
    }

    @Test
    void theVolumeIsReadAgainBeforeTheIntent() {
        surroundings.cluster.requestBegins(List.of(VOLUME1));
        surroundings.cluster.request().rereads(VOLUME1);
        promises.theLastReadsComeBeforeTheIntent(VOLUME1);
        assertThat(promises.broken()).isNull();
        surroundings.cluster.request().calls(VOLUME1);

        promises.theLastReadsComeBeforeTheIntent(VOLUME1);

        assertBroken("an intent was written before its volume was read again");
    }

    @Test
    void theVssProcessesAreReadAgainBeforeTheIntent() {
        surroundings.cluster.requestBegins(List.of(VOLUME1));
        surroundings.cluster.request().rereads(VOLUME1);
        surroundings.cluster.request().listed("NODE1");

        promises.theLastReadsComeBeforeTheIntent(VOLUME1);

        assertBroken("an intent was written although the VSS service of NODE1 was not seen to be the one that listed");
    }

    @Test
    void clearedMeansThatNoStateIsSet() {
        surroundings.backups.prepare(VOLUME1, NODE1);

        promises.theOutcomeIsTrue(outcome(Outcome.CLEARED));

        assertBroken("a clear that was reported as CLEARED left the state");
    }

    @Test
    void notClearedMeansThatTheStateIsSet() {
        promises.theOutcomeIsTrue(outcome(Outcome.NOT_CLEARED));

        assertBroken("a clear that was reported as NOT_CLEARED cleared the state");
    }

    @Test
    void outcomesAreCounted() {
        promises.outcomesAreCounted(Map.of(Outcome.CLEARED, 1L), counts(0, 0));

        assertBroken("the counter of CLEARED is not what happened");
    }

    @Test
    void aSecondOperatorIsRefused() {
        promises.aSecondOperatorIsRefused(result(Outcome.CLEARED), 1);

        assertBroken("a second operator was not told that a clear is already running");
    }

    private void clearedWithNoCopyBefore() {
        surroundings.audit.append(intent());
        surroundings.suspicion.cleared("1", VOLUME1, List.of());
    }

    private static Look look(Set<String> pending, Map<String, ShadowCopies> answers, long lastPoll) {
        return new Look(pending, answers, Set.of(NODE1.name()), lastPoll);
    }

    private Map<String, ShadowCopies> answers() throws ClusterException {
        surroundings.cluster.forgetAnswers();
        surroundings.cluster.shadowCopies(NODE1.name());
        return surroundings.cluster.answers();
    }

    @Test
    void aClearBecomesSuspectOnce() throws ClusterException {
        clearedWithNoCopyBefore();
        surroundings.backups.start(VOLUME1, NODE1);
        AuditLine suspicion = found(AuditInMemory.SUSPECT, answers().toString());
        promises.aLookIsRecordedOnceAndForACause(suspicion);
        assertThat(promises.broken()).isNull();
        surroundings.audit.append(suspicion);

        promises.aLookIsRecordedOnceAndForACause(suspicion);

        assertBroken("a clear became suspect twice");
    }

    @Test
    void aClearBecomesSuspectOnlyByACopyInAnAnswer() {
        clearedWithNoCopyBefore();
        surroundings.backups.start(VOLUME1, NODE1);

        promises.aLookIsRecordedOnceAndForACause(found(AuditInMemory.SUSPECT, "NODE1"));

        assertBroken("a clear became suspect for no cause");
    }

    @Test
    void aClearBecomesSuspectOnlyByACopyThatWasNotThereBefore() throws ClusterException {
        surroundings.audit.append(intent());
        surroundings.backups.start(VOLUME1, NODE1);
        surroundings.suspicion.cleared("1", VOLUME1, answers().values());

        promises.aLookIsRecordedOnceAndForACause(
                found(AuditInMemory.SUSPECT, answers().toString()));

        assertBroken("a clear became suspect for no cause");
    }

    @Test
    void aClearBecomesUncheckedOnlyAfterTrouble() {
        clearedWithNoCopyBefore();

        promises.aLookIsRecordedOnceAndForACause(found(AuditInMemory.UNCHECKED, "NODE1"));

        assertBroken("a clear became unchecked for no cause");
    }

    @Test
    void suspectClearsAreCounted() {
        promises.suspectAndUncheckedClearsAreCounted(counts(1, 0));

        assertBroken("the counter of suspect clears is not what the audit says");
    }

    @Test
    void uncheckedClearsAreCounted() {
        surroundings.audit.append(found(AuditInMemory.UNCHECKED, "NODE1"));

        promises.suspectAndUncheckedClearsAreCounted(counts(0, 0));

        assertBroken("the counter of unchecked clears is not what the audit says");
    }

    @Test
    void aCopyAtALookMakesTheClearSuspect() throws ClusterException {
        clearedWithNoCopyBefore();
        surroundings.backups.start(VOLUME1, NODE1);

        promises.afterLook(look(Set.of("1"), answers(), 0));

        assertBroken("the shadow copies [");
    }

    @Test
    void aNodeThatDoesNotAnswerIsRecorded() {
        clearedWithNoCopyBefore();

        promises.afterLook(look(Set.of("1"), Map.of(), 0));
        assertThat(promises.broken()).isNull();
        promises.afterLook(look(Set.of(), Map.of(), 0));

        assertBroken("these nodes listed no shadow copies after a clear, and that is not on record: [NODE1]");
    }

    @Test
    void aBackupThatRunsAtTheLastLookIsFound() throws ClusterException {
        clearedWithNoCopyBefore();
        promises.afterLook(look(Set.of("1"), answers(), 0));
        surroundings.backups.start(VOLUME1, NODE1);
        assertThat(promises.broken()).isNull();

        promises.afterLook(look(Set.of(), Map.of(), surroundings.events.incrementAndGet()));

        assertBroken("VSS ran at a poll for a backup after a clear");
    }

    @Test
    void looksAfterAClearEnd() {
        clearedWithNoCopyBefore();
        for (int looks = 0; looks < 401; looks++) {
            promises.afterLook(look(Set.of("1"), Map.of(), 0));
        }

        assertBroken("a clear is looked after without end");
    }

    @Test
    void nodesAreAskedAsOftenAsLooksNeed() {
        clearedWithNoCopyBefore();
        surroundings.suspicion.asked();
        surroundings.suspicion.asked();
        promises.afterLook(look(Set.of("1"), Map.of(), 0));
        assertThat(promises.broken()).isNull();
        surroundings.suspicion.asked();

        promises.afterLook(look(Set.of("1"), Map.of(), 0));

        assertBroken("nodes were asked for shadow copies more often");
    }

    @Test
    void anIntentWithoutOutcomeIsReported() {
        promises.anIntentWithoutOutcomeIsReported(1, 0, counts(0, 1));

        assertBroken("an intent without outcome is not reported after a crash");
    }

    @Test
    void aStaleStateWithoutBackupsIsCleared() {
        surroundings.backups.prepare(VOLUME1, NODE1);

        promises.aStaleStateWithoutBackupsIsCleared(VOLUME1, Verdict.RECENT);

        assertBroken("a stale state with full evidence and no backup is not cleared, but RECENT");
    }
}
