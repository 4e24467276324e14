package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What the agent promises about requests to clear several volumes, beside what it promises for each volume. */
final class BatchPromises {
    /** A native call with one of these ends the batch. */
    static final Set<Outcome> ENDS_BATCH = Set.of(Outcome.FAILED, Outcome.NOT_CLEARED, Outcome.UNKNOWN);

    private final Promises.Scope scope;
    private final Surroundings surroundings;
    private final Consumer<String> breaks;
    private final Set<String> batches = new HashSet<>();

    BatchPromises(Promises.Scope scope, Surroundings surroundings, Consumer<String> breaks) {
        this.scope = scope;
        this.surroundings = surroundings;
        this.breaks = breaks;
    }

    // When the native clear is called.

    void beforeNativeClear(VolumeName volume) {
        ObservedRequest request = surroundings.cluster.request();
        if (request.hasCalled(volume)) {
            breaks.accept("a volume was cleared twice by one request");
        }
        if (request.wentWrong()) {
            breaks.accept("a batch went on after a clear that went wrong");
        }
        eachNodeIsAskedOnce();
    }

    private void eachNodeIsAskedOnce() {
        if (scope == Promises.Scope.EFFECTS) {
            return;
        }
        surroundings
                .cluster
                .request()
                .nodeAskedAgain()
                .ifPresent(node -> breaks.accept(node + " was asked for its shadow copies twice by one request"));
    }

    // After a batch.

    /**
     * @param results as the agent returned them
     * @param lines what it wrote in the audit since the batch began
     */
    void afterBatch(List<VolumeName> volumes, List<ClearResult> results, List<AuditLine> lines) {
        eachVolumeHasItsResult(volumes, results);
        noVolumeIsClearedAfterOneThatWasNot(results);
        List<AuditLine> own = lines.stream()
                .filter(line -> AuditInMemory.text(line, "principal").equals(AgentUnderTest.ANN.principal()))
                .toList();
        eachVolumeEndsOnceInTheAudit(volumes, own);
        oneIdLinksResultsAndLines(results, own);
        if (surroundings.cluster.request().hasCalled()) {
            eachNodeIsAskedOnce();
        }
    }

    /** In the order of the request; a volume that is in the list twice has the same result twice. */
    private void eachVolumeHasItsResult(List<VolumeName> volumes, List<ClearResult> results) {
        if (results.size() != volumes.size()) {
            breaks.accept("a batch of " + volumes.size() + " volumes has " + results.size() + " results");
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            ClearResult result = results.get(i);
            boolean unknown = result.volume().isEmpty() && result.outcome() == Outcome.FAILED;
            if (!unknown && !result.volume().equals(volumes.get(i).path)) {
                breaks.accept("result " + i + " of " + volumes + " is that of \"" + result.volume() + "\"");
            }
            if (!result.equals(results.get(volumes.indexOf(volumes.get(i))))) {
                breaks.accept("a volume that was requested twice has two results");
            }
        }
    }

    private void noVolumeIsClearedAfterOneThatWasNot(List<ClearResult> results) {
        boolean ended = false;
        Set<String> seen = new HashSet<>();
        for (ClearResult result : results) {
            boolean first = seen.add(result.volume());
            if (ended && first && isCalled(result)) {
                breaks.accept("a batch went on after " + results);
            }
            ended |= isCalled(result) && ENDS_BATCH.contains(result.outcome());
        }
    }

    private boolean isCalled(ClearResult result) {
        return surroundings
                .audit
                .find(AuditInMemory.OUTCOME, result.auditId())
                .filter(line -> AuditInMemory.text(line, "called").equals("true"))
                .isPresent();
    }

    private void eachVolumeEndsOnceInTheAudit(List<VolumeName> volumes, List<AuditLine> lines) {
        long ends = lines.stream()
                .filter(line -> !line.kind().equals(AuditInMemory.INTENT))
                .count();
        long requested = volumes.stream().distinct().count();
        if (ends != requested) {
            breaks.accept("a batch of " + requested + " volumes has " + ends + " ends in the audit");
        }
        if (!surroundings.audit.unfinished().isEmpty()) {
            breaks.accept("a batch left an intent without its outcome in the audit");
        }
    }

    private void oneIdLinksResultsAndLines(List<ClearResult> results, List<AuditLine> lines) {
        Set<String> ids = new HashSet<>();
        results.forEach(result -> ids.add(result.batch()));
        lines.forEach(line -> ids.add(AuditInMemory.text(line, "batch")));
        if (ids.size() != 1 || ids.contains("") || !batches.addAll(ids)) {
            breaks.accept("the results and audit lines of a batch do not share an id of their own: " + ids);
        }
    }
}
