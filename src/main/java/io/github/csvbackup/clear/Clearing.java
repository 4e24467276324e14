package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.Answer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchedVolume;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears, one at a time per volume: fresh evidence, assessment, intent, call, proof, outcome. Thread-safe. */
public final class Clearing implements ClearService {
    private static final Logger LOG = LoggerFactory.getLogger(Clearing.class);
    private static final int SHORTEST_REASON = 10;

    private final VolumeWatch watch;
    private final Investigation investigation;
    private final NativeClear nativeClear;
    private final AuditTrail trail;
    private final AfterClear afterClear;
    private final Counters counters;
    private final Consumer<ClearEvent> events;
    private final boolean allowForce;
    private final Map<VolumeKey, Caller> underWay = new ConcurrentHashMap<>();

    public Clearing(ClearPorts ports, ClearSettings settings) {
        this.watch = ports.watch();
        this.investigation = new Investigation(ports.evidence(), ports.guard(), ports.clock());
        this.nativeClear = new NativeClear(
                ports.cluster(), settings.clearDeadline(), settings.readDeadline(), ports.clock(), ports.pause());
        this.trail = new AuditTrail(ports.audit(), ports.clock());
        this.counters = new Counters();
        this.events = event -> tell(ports.events(), event);
        this.afterClear = new AfterClear(ports, settings.quietTime(), trail, counters, events);
        this.allowForce = settings.allowForce();
    }

    /** A clear that has happened is reported even if a listener fails. */
    private static void tell(Consumer<ClearEvent> listener, ClearEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("A listener failed on {}", event, e);
        }
    }

    /** What overrules the guard. */
    private record Overruling(String volume, String reason) {}

    @Override
    public Assessment assess(String path) {
        Snapshot snapshot = watch.refresh();
        Volume volume = find(path, snapshot);
        return investigation
                .gentle(snapshot, snapshot.volume(volume.key()).orElseThrow())
                .assessment();
    }

    @Override
    public FoundShadowCopies shadowCopies(String path) {
        Snapshot snapshot = watch.refresh();
        Volume volume = find(path, snapshot);
        return new FoundShadowCopies(volume, investigation.ask(snapshot));
    }

    private static Volume find(String path, Snapshot snapshot) {
        Problem problem = snapshot.pollError();
        if (problem != null && snapshot.volumes().isEmpty()) {
            throw new IllegalStateException(
                    "The cluster cannot be read: " + problem.message() + ". " + problem.remedy());
        }
        List<Volume> volumes = volumes(snapshot);
        return VolumePath.parse(path, volumes)
                .on(volumes)
                .orElseThrow(() -> new IllegalArgumentException(notOnAVolume(path, volumes)));
    }

    @Override
    public ClearResult clear(String path, Caller caller) {
        return request(path, caller, null);
    }

    @Override
    public ClearResult forceClear(String path, String volume, String reason, Caller caller) {
        return request(path, caller, new Overruling(volume, reason));
    }

    @Override
    public ClearCounts counts() {
        return counters.counts();
    }

    /** Does what is due after earlier clears; to be called after each poll. */
    public void tick() {
        afterClear.tick();
    }

    private ClearResult request(String path, Caller caller, @Nullable Overruling overruling) {
        Snapshot snapshot = watch.refresh();
        List<Volume> volumes = volumes(snapshot);
        Problem problem = snapshot.pollError();
        if (problem != null && volumes.isEmpty()) {
            String message = "Not called: the cluster cannot be read: " + problem.message() + ". " + problem.remedy();
            return ended(new Draft("").result(Outcome.FAILED, null, message), caller);
        }
        Optional<Volume> found;
        try {
            found = VolumePath.parse(path, volumes).on(volumes);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            return ended(new Draft("").result(Outcome.FAILED, Win32Error.INVALID_PARAMETER, message), caller);
        }
        if (found.isEmpty()) {
            String message = notOnAVolume(path, volumes);
            return ended(new Draft("").result(Outcome.FAILED, Win32Error.INVALID_PARAMETER, message), caller);
        }
        Volume volume = found.get();
        if (overruling != null) {
            Optional<String> objection = objection(volume, overruling);
            if (objection.isPresent()) {
                return ended(new Draft(volume.friendlyPath()).result(Outcome.REFUSED, null, objection.get()), caller);
            }
        }
        Caller other = underWay.putIfAbsent(volume.key(), caller);
        if (other != null) {
            String message = "A clear of " + volume.friendlyPath() + " is under way, asked for by " + other.principal()
                    + " through " + other.surface() + ". Wait for its result.";
            return ended(new Draft(volume.friendlyPath()).result(Outcome.REFUSED, null, message), caller);
        }
        try {
            return alone(volume.key(), volume.friendlyPath(), caller, overruling);
        } finally {
            underWay.remove(volume.key());
        }
    }

    private ClearResult alone(VolumeKey key, String name, Caller caller, @Nullable Overruling overruling) {
        Snapshot snapshot = watch.refresh();
        Optional<WatchedVolume> watched = snapshot.volume(key);
        if (watched.isEmpty()) {
            String message = "The cluster does not list " + name + " any more. Look at Get-ClusterSharedVolume.";
            return ended(new Draft(name).result(Outcome.FAILED, Win32Error.RESOURCE_NOT_FOUND, message), caller);
        }
        Investigation.Finding finding = investigation.gentle(snapshot, watched.get());
        boolean mayGoOn = finding.assessment().verdict() == Verdict.CLEARABLE
                || (overruling != null && finding.assessment().verdict() != Verdict.IDLE);
        boolean lookedLast = false;
        if (mayGoOn) {
            lookedLast = true;
            finding = investigation.thorough(snapshot, watched.get());
        }
        Assessment assessment = finding.assessment();
        Draft draft = new Draft(name, assessment);
        if (assessment.verdict() == Verdict.IDLE) {
            return ended(draft.result(Outcome.NOTHING_TO_CLEAR, null, assessment.nextStep()), caller);
        }
        boolean overruled = overruling != null && assessment.verdict() != Verdict.CLEARABLE;
        boolean backup = assessment.checks().stream().anyMatch(check -> check.result() == CheckResult.BACKUP);
        if (backup || (assessment.verdict() != Verdict.CLEARABLE && !overruled)) {
            return ended(draft.result(Outcome.REFUSED, null, refusal(assessment, lookedLast, overruling)), caller);
        }
        return clearNow(
                draft,
                caller,
                overruled && overruling != null ? overruling.reason().strip() : "",
                finding.shadowCopies());
    }

    private ClearResult clearNow(
            Draft draft, Caller caller, String reason, Map<String, Answer<List<ShadowCopy>>> shadowCopies) {
        Assessment assessment = draft.assessed();
        Volume volume = assessment.volume();
        String id;
        try {
            id = trail.intent(volume, caller, assessment, reason);
        } catch (IOException e) {
            String message = "Not called: the audit could not be written (" + e.getMessage()
                    + "), and nothing is cleared without it. Make room or mend the rights of the state directory.";
            return ended(draft.result(Outcome.FAILED, null, message), caller);
        }
        counters.begun();
        NativeClear.Result done = nativeClear.run(volume);
        boolean called = done.outcome() != Outcome.NOTHING_TO_CLEAR && done.outcome() != Outcome.REFUSED;
        String after = done.after() == null ? "" : done.after().toString();
        ClearResult result = draft.withAudit(id, after).result(done.outcome(), done.code(), done.message());
        if (called && !reason.isEmpty()) {
            counters.forced(result.volume());
        }
        if (called) {
            afterClear.add(volume, id, shadowCopies);
        }
        if (trail.outcome(id, caller, result)) {
            counters.finished();
        } else {
            result = draft.withAudit(id, after)
                    .result(
                            done.outcome(),
                            done.code(),
                            done.message() + " The outcome could not be written to the audit.");
        }
        count(result, caller);
        watch.refresh();
        return result;
    }

    private ClearResult ended(ClearResult result, Caller caller) {
        trail.refusal(caller, result);
        count(result, caller);
        return result;
    }

    private void count(ClearResult result, Caller caller) {
        counters.request(result.volume(), result.outcome());
        events.accept(
                result.outcome() == Outcome.REFUSED
                        ? new ClearEvent.Refused(result, caller)
                        : new ClearEvent.Ended(result, caller));
    }

    private Optional<String> objection(Volume volume, Overruling overruling) {
        if (!allowForce) {
            return Optional.of(
                    "forceClear is switched off. Only an administrator can allow it: set allow-force=true and "
                            + "restart the agent.");
        }
        String typed = overruling.volume() == null ? "" : overruling.volume().strip();
        String bare = typed.endsWith("\\") ? typed.substring(0, typed.length() - 1) : typed;
        if (!bare.toUpperCase(Locale.ROOT).equals(volume.friendlyPath().toUpperCase(Locale.ROOT))) {
            return Optional.of("The volume was typed as \"" + typed + "\", but the path is on " + volume.friendlyPath()
                    + ". Type the volume's friendly path again, exactly.");
        }
        if (overruling.reason() == null || overruling.reason().strip().length() < SHORTEST_REASON) {
            return Optional.of("The reason is too short. Give at least " + SHORTEST_REASON
                    + " characters that explain, for the audit, why the guard is overruled.");
        }
        return Optional.empty();
    }

    private static String refusal(Assessment assessment, boolean lookedLast, @Nullable Overruling overruling) {
        String look = lookedLast
                ? " The look at the shadow copies itself started the VSS service, which stops some minutes later: try again then."
                : "";
        String force = overruling != null ? " This cannot be overruled: the backup is alive." : "";
        return "Refused: " + assessment.verdict() + ". " + assessment.nextStep() + look + force;
    }

    private static String notOnAVolume(String path, List<Volume> volumes) {
        String known = volumes.isEmpty()
                ? "the cluster lists none"
                : String.join(
                                ", ",
                                volumes.stream()
                                        .limit(10)
                                        .map(Volume::friendlyPath)
                                        .toList())
                        + (volumes.size() > 10 ? ", ..." : "");
        String shown = path.length() > 200 ? path.substring(0, 200) + "..." : path;
        return "\"" + shown + "\" is not on a Cluster Shared Volume. Allowed is any path on one of: " + known + ".";
    }

    private static List<Volume> volumes(Snapshot snapshot) {
        return snapshot.volumes().stream().map(WatchedVolume::volume).toList();
    }
}
