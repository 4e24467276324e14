package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditMismatchException;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Assessment;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears one volume on the record: intent, native call with its proof, outcome. Thread-safe. */
final class RecordedClear {
    private static final Logger LOG = LoggerFactory.getLogger(RecordedClear.class);

    private final NativeClear nativeClear;
    private final TakenVolumes taken;
    private final AuditTrail trail;
    private final Counters counters;
    private final AfterClear afterClear;
    private final ClearReports reports;
    private final Runnable saveNow;
    private final LongSupplier nanoTime;

    RecordedClear(
            NativeClear nativeClear,
            TakenVolumes taken,
            AfterClear afterClear,
            ClearReports reports,
            Runnable saveNow,
            LongSupplier nanoTime) {
        this.nativeClear = nativeClear;
        this.taken = taken;
        this.trail = reports.trail();
        this.counters = reports.counters();
        this.afterClear = afterClear;
        this.reports = reports;
        this.saveNow = saveNow;
        this.nanoTime = nanoTime;
    }

    /**
     * What became of it.
     *
     * @param called the native function was called
     * @param unreturned the call has not returned; the volume stays taken until it does
     */
    record Done(ClearResult result, boolean called, boolean unreturned) {
        /** The call did not do what it should. */
        boolean wentWrong() {
            return called && result.outcome() != Outcome.CLEARED;
        }
    }

    /**
     * Clears a volume that the guard found clearable, or that is forced.
     *
     * @param builder of the result, with the assessment
     * @param assessment made from that round
     * @param ready what was read right before
     */
    Done run(
            ClearResult.Builder builder,
            ClearRequest request,
            Assessment assessment,
            EvidenceGatherer.Round round,
            ReadyClear ready) {
        Volume volume = assessment.volume();
        String reason = request.reasonToOverride(assessment);
        String id;
        try {
            id = trail.intent(builder.volume(), volume, request, assessment, reason);
        } catch (AuditMismatchException e) {
            return notBegun(builder.build(Outcome.REFUSED, null, String.valueOf(e.getMessage())), request);
        } catch (IOException e) {
            return notBegun(builder.build(Outcome.FAILED, null, Refusals.withoutAudit(e)), request);
        }
        counters.begun();
        long begun = nanoTime.getAsLong();
        NativeClear.Result done = nativeClear.call(ready);
        ClearResult result;
        try {
            result = recorded(
                    done, builder.withAudit(id).withState(done.after()), id, request, assessment, round, begun);
        } finally {
            // Whatever failed: no other clear of the volume may begin while the call runs.
            BoundedCalls.Pending<Optional<String>> unreturned = done.unreturned();
            if (unreturned != null) {
                taken.keep(volume.key(), request.caller());
                unreturned.whenEnded(() -> lateEnd(builder.volume(), volume, id, unreturned, round));
            }
        }
        if (done.called() && !reason.isEmpty()) {
            reports.events()
                    .accept(new ClearEvent.Forced(result.volume(), assessment.verdict(), reason, request.caller()));
        }
        reports.events().accept(new ClearEvent.Ended(result, request.caller()));
        return new Done(result, done.called(), done.unreturned() != null);
    }

    private ClearResult recorded(
            NativeClear.Result done,
            ClearResult.Builder audited,
            String id,
            ClearRequest request,
            Assessment assessment,
            EvidenceGatherer.Round round,
            long begun) {
        ClearResult result =
                audited.build(done.outcome(), done.code(), done.message()).in(request.batch());
        counters.request(result.volume(), result.outcome());
        if (done.called()) {
            if (!request.reasonToOverride(assessment).isEmpty()) {
                counters.forced(result.volume());
            }
            afterClear.add(result.volume(), assessment.volume(), id, round.shadowCopies());
            // On the disk before the outcome: a crash between the two leaves an intent without an outcome, which the
            // next
            // run checks.
            saveNow.run();
        }
        Duration took = Duration.ofNanos(nanoTime.getAsLong() - begun);
        if (trail.outcome(id, request, result, done.called(), took)) {
            counters.finished();
            return result;
        }
        return audited.build(
                        done.outcome(), done.code(), done.message() + " The outcome could not be written to the audit.")
                .in(request.batch());
    }

    private Done notBegun(ClearResult result, ClearRequest request) {
        return new Done(reports.ended(result, request), false, false);
    }

    /** Runs on the thread of a native call that returned after its deadline. */
    private void lateEnd(
            String name,
            Volume volume,
            String id,
            BoundedCalls.Pending<Optional<String>> call,
            EvidenceGatherer.Round round) {
        try {
            String message = nativeClear.lateEnd(volume, call);
            LOG.warn("{}: {}", name, message);
            afterClear.add(name, volume, id, round.shadowCopies());
            saveNow.run();
            trail.note(id, "late", name, message);
        } catch (RuntimeException | Error e) {
            LOG.error("The result of a late clear of {} could not be recorded", name, e);
        } finally {
            taken.returned(volume.key());
        }
    }
}
