package io.github.csvbackup.clear;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Records the ends of requests that called nothing: audit, counters and listeners. Thread-safe. */
record ClearReports(AuditTrail trail, Counters counters, Consumer<ClearEvent> events, LongSupplier nanoTime) {

    ClearResult ended(ClearResult ended, ClearRequest request) {
        ClearResult result = ended.in(request.batch());
        trail.refusal(request, result, Duration.ofNanos(nanoTime.getAsLong() - request.begunNanos()));
        counters.request(result.volume(), result.outcome());
        events.accept(
                result.outcome() == Outcome.REFUSED
                        ? new ClearEvent.Refused(result, request.caller())
                        : new ClearEvent.Ended(result, request.caller()));
        return result;
    }
}
