package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditMismatchException;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.OwnQuestions;
import io.github.csvbackup.watch.PollingEndedException;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchedVolume;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles requests to clear: finds and takes the volume, polls, assesses, writes the intent, calls, proves, writes the outcome.
 * Thread-safe; a request blocks for as long as the deadlines of its calls allow.
 */
final class Clearer {
    private static final Logger LOG = LoggerFactory.getLogger(Clearer.class);

    private final VolumeWatch watch;
    private final EvidenceGatherer gatherer;
    private final OwnQuestions questions;
    private final LongSupplier nanoTime;
    private final NativeClear nativeClear;
    private final boolean allowForce;
    private final AuditTrail trail;
    private final Counters counters;
    private final AfterClear afterClear;
    private final Consumer<ClearEvent> events;
    private final Runnable saveNow;
    private final TakenVolumes taken = new TakenVolumes();

    Clearer(
            ClearContext context,
            ClearSettings settings,
            EvidenceGatherer gatherer,
            AuditTrail trail,
            Counters counters,
            AfterClear afterClear,
            Runnable saveNow,
            Consumer<ClearEvent> events) {
        this.watch = context.watch();
        this.gatherer = gatherer;
        this.questions = context.evidence().questions();
        this.nanoTime = context.nanoTime();
        this.nativeClear = new NativeClear(context, settings.clearDeadline());
        this.allowForce = settings.allowForce();
        this.trail = trail;
        this.counters = counters;
        this.afterClear = afterClear;
        this.saveNow = saveNow;
        this.events = events;
    }

    /** The volumes that are being cleared. */
    Set<VolumeKey> inWork() {
        return taken.volumes();
    }

    /** Lets no further clear begin and waits for running ones. */
    void drain(Duration patience) throws InterruptedException {
        taken.drain(patience);
    }

    ClearResult clear(String path, Caller caller, @Nullable ForceRequest force) {
        ClearRequest request = new ClearRequest(path, caller, force, nanoTime.getAsLong());
        Lookup known = Lookup.of(path, watch.snapshot());
        try {
            if (known instanceof Lookup.Failed) {
                // The last poll may be too old to know the volume, or for what makes the path ambiguous.
                known = Lookup.of(path, polled());
            }
            return known instanceof Lookup.Failed failed
                    ? ended(failed.result(), request)
                    : take((Lookup.Found) known, request);
        } catch (PollingEndedException e) {
            String name = known instanceof Lookup.Found found ? found.name() : "";
            return refused(name, Refusals.STOPPING, request);
        } catch (FailedPollException e) {
            String name = known instanceof Lookup.Found found ? found.name() : "";
            return ended(
                    new ClearResult.Builder(name).build(Outcome.FAILED, null, String.valueOf(e.getMessage())), request);
        }
    }

    /** A poll failed because of a bug, before anything was done. */
    private static final class FailedPollException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FailedPollException(IllegalStateException cause) {
            super(
                    "The clear function was not called: " + cause.getMessage()
                            + " Please report this bug with the agent's log.",
                    cause);
        }
    }

    private Snapshot polled() {
        try {
            return watch.refresh();
        } catch (PollingEndedException e) {
            throw e;
        } catch (IllegalStateException e) {
            throw new FailedPollException(e);
        }
    }

    private ClearResult take(Lookup.Found found, ClearRequest request) {
        VolumeKey volume = found.watched().volume().key();
        TakenVolumes.Holder other = taken.take(volume, request.caller());
        if (other != null) {
            String message = Refusals.busy(found.name(), other.caller(), other.unreturned());
            return refused(found.name(), message, request);
        }
        try {
            return taken.isClosed() ? refused(found.name(), Refusals.STOPPING, request) : pollAndAssess(found, request);
        } finally {
            taken.release(volume);
        }
    }

    /** One poll, which begins once the volume is taken: so it sees what earlier clears did, and what the path means now. */
    private ClearResult pollAndAssess(Lookup.Found before, ClearRequest request) {
        // All volumes: another one may have got the same path.
        Snapshot snapshot = polled();
        Lookup now = Lookup.of(request.path(), snapshot);
        if (now instanceof Lookup.Failed failed) {
            return ended(failed.result(), request);
        }
        Lookup.Found found = (Lookup.Found) now;
        if (!found.watched().volume().key().equals(before.watched().volume().key())) {
            return refused(found.name(), Refusals.anotherVolume(before, found), request);
        }
        ForceRequest force = request.force();
        if (force != null) {
            Optional<String> objection =
                    allowForce ? force.objection(found.name()) : Optional.of(ForceRequest.SWITCHED_OFF);
            if (objection.isPresent()) {
                return refused(found.name(), objection.get(), request);
            }
        }
        return assess(found, snapshot, request);
    }

    private ClearResult assess(Lookup.Found found, Snapshot snapshot, ClearRequest request) {
        WatchedVolume watched = found.watched();
        boolean force = request.force() != null;
        String askedBefore = Refusals.ownQuestions(questions.all(), snapshot, nanoTime.getAsLong());
        EvidenceGatherer.Finding finding =
                force ? gatherer.assessAgain(snapshot, watched) : gatherer.assess(snapshot, watched);
        // The last check must not replace a running backup that the first check found: its answer may be missing.
        boolean nodesAsked = mayClear(finding.assessment(), force);
        if (nodesAsked) {
            finding = gatherer.assessLast(snapshot, watched);
        }
        Assessment assessment = finding.assessment();
        ClearResult.Builder builder = new ClearResult.Builder(found.name(), assessment);
        if (assessment.verdict() == Verdict.IDLE) {
            return ended(builder.build(Outcome.NOTHING_TO_CLEAR, null, assessment.nextStep()), request);
        }
        if (!mayClear(assessment, force)) {
            String ours = assessment.verdict() == Verdict.UNPROVEN ? askedBefore : "";
            String message = Refusals.byTheGuard(assessment, nodesAsked, force) + ours;
            return ended(builder.build(Outcome.REFUSED, null, message), request);
        }
        return clearNow(builder, request, finding, snapshot);
    }

    private static boolean mayClear(Assessment assessment, boolean force) {
        boolean seesBackup = assessment.checks().stream().anyMatch(check -> check.result() == CheckResult.BACKUP);
        return !seesBackup
                && (assessment.verdict() == Verdict.CLEARABLE || (force && assessment.verdict() != Verdict.IDLE));
    }

    private ClearResult clearNow(
            ClearResult.Builder builder, ClearRequest request, EvidenceGatherer.Finding finding, Snapshot snapshot) {
        Assessment assessment = finding.assessment();
        Volume volume = assessment.volume();
        ForceRequest force = request.force();
        String reason = force != null && assessment.verdict() != Verdict.CLEARABLE ? force.reasonText() : "";
        String id;
        try {
            id = trail.intent(builder.volume(), volume, request.caller(), assessment, reason);
        } catch (AuditMismatchException e) {
            return ended(builder.build(Outcome.REFUSED, null, String.valueOf(e.getMessage())), request);
        } catch (IOException e) {
            return ended(builder.build(Outcome.FAILED, null, Refusals.withoutAudit(e)), request);
        }
        counters.begun();
        long begun = nanoTime.getAsLong();
        NativeClear.Result done = nativeClear.run(builder.volume(), finding, !reason.isEmpty(), snapshot);
        String after = done.after() == null ? "" : done.after().toString();
        ClearResult.Builder audited = builder.withAudit(id, after);
        ClearResult result = audited.build(done.outcome(), done.code(), done.message());
        counters.request(result.volume(), result.outcome());
        if (done.called()) {
            if (!reason.isEmpty()) {
                counters.forced(result.volume());
            }
            afterClear.add(builder.volume(), volume, id, finding.shadowCopies());
            // On the disk before the outcome: a crash between the two leaves an intent without an outcome, which the
            // next
            // run checks.
            saveNow.run();
        }
        Duration took = Duration.ofNanos(nanoTime.getAsLong() - begun);
        if (trail.outcome(id, request.caller(), result, done.called(), took)) {
            counters.finished();
        } else {
            result = audited.build(
                    done.outcome(), done.code(), done.message() + " The outcome could not be written to the audit.");
        }
        BoundedCalls.Pending<Boolean> unreturned = done.unreturned();
        if (unreturned != null) {
            taken.keep(volume.key(), request.caller());
            unreturned.whenEnded(() -> lateEnd(builder.volume(), volume, id, unreturned, finding));
        }
        events.accept(new ClearEvent.Ended(result, request.caller()));
        refreshAfterwards(volume);
        return result;
    }

    /** Runs on the thread of a native call that returned after its deadline. */
    private void lateEnd(
            String name,
            Volume volume,
            String id,
            BoundedCalls.Pending<Boolean> call,
            EvidenceGatherer.Finding finding) {
        try {
            String message = nativeClear.lateEnd(volume, call);
            LOG.warn("{}: {}", name, message);
            afterClear.add(name, volume, id, finding.shadowCopies());
            saveNow.run();
            trail.note(id, "late", name, message);
        } catch (RuntimeException | Error e) {
            LOG.error("The result of a late clear of {} could not be recorded", name, e);
        } finally {
            taken.returned(volume.key());
        }
    }

    /** The clear is done and gets its result, even if this poll fails. */
    private void refreshAfterwards(Volume volume) {
        try {
            watch.refresh(volume);
        } catch (RuntimeException | Error e) {
            LOG.error("The poll after a clear failed", e);
        }
    }

    private ClearResult refused(String volume, String message, ClearRequest request) {
        return ended(new ClearResult.Builder(volume).build(Outcome.REFUSED, null, message), request);
    }

    private ClearResult ended(ClearResult result, ClearRequest request) {
        Caller caller = request.caller();
        trail.refusal(caller, result, Duration.ofNanos(nanoTime.getAsLong() - request.begunNanos()));
        counters.request(result.volume(), result.outcome());
        events.accept(
                result.outcome() == Outcome.REFUSED
                        ? new ClearEvent.Refused(result, caller)
                        : new ClearEvent.Ended(result, caller));
        return result;
    }
}
