package io.github.csvbackup.model;

import static io.github.csvbackup.model.NodeName.NODE1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.model.SuspicionOracle.Look;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The promises that no planted {@link Bug} breaks can be broken all the same. */
class PromisesTest {
    private final Surroundings surroundings = new Surroundings(AgentUnderTest.SETTINGS);
    private final Promises promises = new Promises(Promises.Scope.EVERYTHING, surroundings);

    private void assertBroken(String sentence) {
        assertThat(promises.broken()).startsWith(sentence);
    }

    private Volume volume(int index) throws ClusterException {
        String disk = surroundings.cluster.overview().disks().get(index);
        return surroundings.cluster.volumes(disk).get(0);
    }

    private static ClearResult result(Outcome outcome) {
        return new ClearResult(outcome, World.VOLUME, null, "", "", null, List.of(), "", "", "");
    }

    private static ClearCounts counts(long suspect, long unfinished) {
        return new ClearCounts(Map.of(), Map.of(), Map.of(World.VOLUME, suspect), unfinished);
    }

    private AuditLine suspicion(String message) {
        return new AuditLine(
                "1", AuditInMemory.SUSPECT, surroundings.clock.instant(), Map.of("message", (Object) message));
    }

    private AuditLine intent() {
        return new AuditLine("1", AuditInMemory.INTENT, surroundings.clock.instant(), Map.of());
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

        promises.anAssessmentFailsOnlyIfTheVolumeIsUnknown(watcher.snapshot(), new IllegalStateException());
        assertThat(promises.broken()).isNull();

        promises.anAssessmentFailsOnlyIfTheVolumeIsUnknown(watcher.refresh(), new IllegalStateException());
        assertBroken("an assessment failed, and the volume is known");
    }

    @Test
    void onlyTheRequestedVolumeIsCleared() throws ClusterException {
        promises.beforeNativeClear(volume(1));

        assertBroken("the neighbour was cleared");
    }

    @Test
    void theIntentIsInTheAuditBeforeTheClear() throws ClusterException {
        promises.beforeNativeClear(volume(0));

        assertBroken("a clear was executed without its intent in the audit before it");
    }

    @Test
    void clearedMeansThatNoStateIsSet() {
        surroundings.backups.prepare(NODE1);

        promises.theOutcomeIsTrue(result(Outcome.CLEARED));

        assertBroken("a clear that was reported as CLEARED left the state");
    }

    @Test
    void notClearedMeansThatTheStateIsSet() {
        promises.theOutcomeIsTrue(result(Outcome.NOT_CLEARED));

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

        assertBroken("a second operator did not learn that a clear is under way");
    }

    @Test
    void aClearBecomesSuspectOnce() {
        surroundings.audit.append(suspicion("A backup began"));

        promises.aClearBecomesSuspectOnce(suspicion("A backup began"));

        assertBroken("a clear became suspect twice");
    }

    @Test
    void aClearBecomesSuspectOfABackupOnlyAfterACopy() {
        surroundings.audit.append(intent());
        surroundings.suspicion.troubled();

        promises.aClearBecomesSuspectForACause(suspicion("A backup began"));

        assertBroken("a clear became suspect for no cause");
    }

    @Test
    void aClearBecomesSuspectOfUnseenTimeOnlyAfterTrouble() {
        surroundings.audit.append(intent());
        surroundings.suspicion.copied();

        promises.aClearBecomesSuspectForACause(suspicion("A backup may have begun"));

        assertBroken("a clear became suspect for no cause");
    }

    @Test
    void suspectClearsAreCounted() {
        promises.suspectClearsAreCounted(counts(1, 0));

        assertBroken("the counter of suspect clears is not what the audit says");
    }

    @Test
    void aCopyAtALookMakesTheClearSuspect() {
        surroundings.backups.prepare(NODE1);
        surroundings.suspicion.cleared("1", surroundings.backups.alive());
        surroundings.backups.start(NODE1);

        promises.afterLook(new Look(Set.of("1"), Set.of(NODE1.name())));

        assertBroken("the copy of a backup that no answer showed when the state was cleared was there at a look");
    }

    @Test
    void anIntentWithoutOutcomeIsReported() {
        promises.anIntentWithoutOutcomeIsReported(1, 0, counts(0, 1));

        assertBroken("an intent without outcome is not reported after a crash");
    }

    @Test
    void aStaleStateWithoutBackupsIsCleared() {
        surroundings.backups.prepare(NODE1);

        promises.aStaleStateWithoutBackupsIsCleared(Verdict.RECENT);

        assertBroken("a stale state with full evidence and no backup is not cleared, but RECENT");
    }
}
