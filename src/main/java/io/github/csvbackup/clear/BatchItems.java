package io.github.csvbackup.clear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The volumes of one request to clear: those that are open, and the results of those that have ended. Used by one thread. */
final class BatchItems {
    private final ClearReports reports;
    private final ClearRequest request;
    private final @Nullable ClearResult[] results;
    private final List<ClearItem> open = new ArrayList<>();

    BatchItems(ClearReports reports, ClearRequest request, List<String> paths) {
        this.reports = reports;
        this.request = request;
        this.results = new ClearResult[paths.size()];
        // A path that is on no volume also ends once, however often it is in the request.
        Map<String, ClearItem> byPath = new LinkedHashMap<>();
        for (int place = 0; place < paths.size(); place++) {
            byPath.computeIfAbsent(paths.get(place), ClearItem::new).addPlace(place);
        }
        open.addAll(byPath.values());
    }

    List<ClearItem> open() {
        return List.copyOf(open);
    }

    boolean isDone() {
        return open.isEmpty();
    }

    /** The others have joined one of these. */
    void keepOnly(Iterable<ClearItem> volumes) {
        open.clear();
        volumes.forEach(open::add);
    }

    void sort(Comparator<ClearItem> order) {
        open.sort(order);
    }

    /** In the order of the paths; call it when all have ended. */
    List<ClearResult> results() {
        return Arrays.stream(results).map(Objects::requireNonNull).toList();
    }

    /** Ends the open volumes for which the step has a result. */
    void endSome(Function<ClearItem, @Nullable ClearResult> step) {
        for (ClearItem item : List.copyOf(open)) {
            ClearResult result = step.apply(item);
            if (result != null) {
                end(item, result);
            }
        }
    }

    void end(ClearItem item, ClearResult result) {
        item.places().forEach(place -> results[place] = result);
        open.remove(item);
    }

    /** On the record. */
    ClearResult ended(ClearResult result) {
        return reports.ended(result, request);
    }

    /** A bug may be in what records results. */
    ClearResult unrecorded(ClearItem item, Outcome outcome, String message) {
        return item.result().build(outcome, null, message).in(request.batch());
    }
}
