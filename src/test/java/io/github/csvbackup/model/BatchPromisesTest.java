package io.github.csvbackup.model;

import static io.github.csvbackup.model.NodeName.NODE1;
import static io.github.csvbackup.model.VolumeName.VOLUME1;
import static io.github.csvbackup.model.VolumeName.VOLUME2;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.ClusterException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Shows that each promise about batches can be broken. */
class BatchPromisesTest {
    private static final List<VolumeName> BATCH = List.of(VOLUME1, VOLUME2);

    private final Surroundings surroundings = new Surroundings(AgentUnderTest.SETTINGS);
    private final List<String> broken = new ArrayList<>();
    private final BatchPromises promises = new BatchPromises(Promises.Scope.EVERYTHING, surroundings, broken::add);

    private ObservedRequest request() {
        surroundings.cluster.requestBegins(BATCH);
        return surroundings.cluster.request();
    }

    private static ClearResult result(VolumeName volume, Outcome outcome) {
        return result(volume, outcome, "batch 1");
    }

    private static ClearResult result(VolumeName volume, Outcome outcome, String batch) {
        return new ClearResult(
                outcome, volume.path, null, "", "", null, List.of(), null, "", "", "clear of " + volume, batch);
    }

    private AuditLine line(String kind, VolumeName volume, Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("volume", volume.path);
        fields.put("principal", AgentUnderTest.ANN.principal());
        fields.put("batch", "batch 1");
        fields.putAll(more);
        AuditLine line = new AuditLine("clear of " + volume, kind, surroundings.clock.instant(), fields);
        surroundings.audit.append(line);
        return line;
    }

    private AuditLine called(VolumeName volume) {
        return line(AuditInMemory.OUTCOME, volume, Map.of("called", true));
    }

    private List<ClearResult> bothCleared() {
        return List.of(result(VOLUME1, Outcome.CLEARED), result(VOLUME2, Outcome.CLEARED));
    }

    private void assertBroken(String... sentences) {
        assertThat(broken).containsExactly(sentences);
    }

    @Test
    void aBatchThatKeepsItsPromisesBreaksNone() throws ClusterException {
        ObservedRequest request = request();
        surroundings.cluster.shadowCopies(NODE1.name());
        for (VolumeName volume : BATCH) {
            promises.beforeNativeClear(volume);
            request.calls(volume);
        }

        promises.afterBatch(BATCH, bothCleared(), List.of(called(VOLUME1), called(VOLUME2)));

        assertThat(broken).isEmpty();
    }

    @Test
    void eachVolumeIsClearedAtMostOnce() {
        request().calls(VOLUME1);

        promises.beforeNativeClear(VOLUME1);

        assertBroken("a volume was cleared twice by one request");
    }

    @Test
    void noVolumeIsClearedAfterAClearThatWentWrong() {
        request().goesWrong();

        promises.beforeNativeClear(VOLUME2);

        assertBroken("a batch went on after a clear that went wrong");
    }

    @Test
    void eachNodeIsAskedOnceBeforeTheCalls() throws ClusterException {
        request();
        surroundings.cluster.shadowCopies(NODE1.name());
        surroundings.cluster.shadowCopies(NODE1.name());

        promises.beforeNativeClear(VOLUME1);

        assertBroken("NODE1 was asked for its shadow copies twice by one request");
    }

    @Test
    void eachNodeIsAskedOnceUntilTheEnd() throws ClusterException {
        request().calls(VOLUME1);
        surroundings.cluster.shadowCopies(NODE1.name());
        surroundings.cluster.shadowCopies(NODE1.name());

        promises.afterBatch(BATCH, bothCleared(), List.of(called(VOLUME1), called(VOLUME2)));

        assertBroken("NODE1 was asked for its shadow copies twice by one request");
    }

    @Test
    void eachVolumeHasAResult() {
        promises.afterBatch(
                BATCH, List.of(result(VOLUME1, Outcome.CLEARED)), List.of(called(VOLUME1), called(VOLUME2)));

        assertBroken("a batch of 2 volumes has 1 results");
    }

    @Test
    void resultsAreInTheOrderOfTheRequest() {
        promises.afterBatch(List.of(VOLUME2, VOLUME1), bothCleared(), List.of(called(VOLUME1), called(VOLUME2)));

        assertThat(broken.get(0)).startsWith("result 0 of [VOLUME2, VOLUME1] is that of");
    }

    @Test
    void aVolumeThatWasRequestedTwiceHasOneResult() {
        promises.afterBatch(
                List.of(VOLUME1, VOLUME1),
                List.of(result(VOLUME1, Outcome.CLEARED), result(VOLUME1, Outcome.REFUSED)),
                List.of(called(VOLUME1)));

        assertBroken("a volume that was requested twice has two results");
    }

    @Test
    void noVolumeIsClearedAfterAnOutcomeThatEndsTheBatch() {
        promises.afterBatch(
                BATCH,
                List.of(result(VOLUME1, Outcome.UNKNOWN), result(VOLUME2, Outcome.CLEARED)),
                List.of(called(VOLUME1), called(VOLUME2)));

        assertThat(broken).singleElement().asString().startsWith("a batch went on after [");
    }

    @Test
    void eachVolumeEndsInTheAudit() {
        promises.afterBatch(BATCH, bothCleared(), List.of(called(VOLUME1)));

        assertBroken("a batch of 2 volumes has 1 ends in the audit");
    }

    @Test
    void eachIntentHasItsOutcome() {
        AuditLine outcome = called(VOLUME1);
        AuditLine intent = line(AuditInMemory.INTENT, VOLUME2, Map.of());
        AuditLine other = line("refused", VOLUME2, Map.of());

        promises.afterBatch(BATCH, bothCleared(), List.of(outcome, intent, other));

        assertBroken("a batch left an intent without its outcome in the audit");
    }

    @Test
    void theLinesOfABatchShareItsId() {
        AuditLine other = line(AuditInMemory.OUTCOME, VOLUME2, Map.of("batch", "batch 2"));

        promises.afterBatch(BATCH, bothCleared(), List.of(called(VOLUME1), other));

        assertThat(broken).singleElement().asString().startsWith("the results and audit lines of a batch do not share");
    }

    @Test
    void theResultsOfABatchShareItsId() {
        promises.afterBatch(
                BATCH,
                List.of(result(VOLUME1, Outcome.CLEARED), result(VOLUME2, Outcome.CLEARED, "")),
                List.of(called(VOLUME1), called(VOLUME2)));

        assertThat(broken).singleElement().asString().startsWith("the results and audit lines of a batch do not share");
    }

    @Test
    void theNextBatchHasAnotherId() {
        List<AuditLine> lines = List.of(called(VOLUME1), called(VOLUME2));
        promises.afterBatch(BATCH, bothCleared(), lines);
        assertThat(broken).isEmpty();

        promises.afterBatch(BATCH, bothCleared(), lines);

        assertThat(broken).singleElement().asString().startsWith("the results and audit lines of a batch do not share");
    }
}
