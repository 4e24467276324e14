package io.github.csvbackup.clear;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the audit lines of requests to clear. */
record AuditTrail(Audit audit, Clock clock) {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    /**
     * Writes the intent.
     *
     * @param reason why the guard is overridden; empty if it is not
     * @return the id for the outcome
     * @throws IOException if it did not reach the disk: then the clear must not happen
     */
    String intent(String name, Volume volume, ClearRequest request, Assessment assessment, String reason)
            throws IOException {
        String id = UUID.randomUUID().toString();
        Map<String, Object> fields = who(name, request);
        fields.put("guid", volume.guidName());
        fields.put("reason", reason);
        fields.put("verdict", assessment.verdict().name());
        putChecks(fields, assessment.checks());
        fields.put("stateBefore", volume.backupState().toString());
        audit.append(new AuditLine(id, "intent", clock.instant(), fields));
        return id;
    }

    /**
     * Writes the outcome. It cannot be undone, so a failure is only logged; returns true only if the line is on the disk.
     *
     * @param called the function was called: the state may have been cleared, whatever the function returned
     */
    boolean outcome(String id, ClearRequest request, ClearResult result, boolean called, Duration took) {
        Map<String, Object> fields = ended(request, result, took);
        fields.put("called", called);
        return append(id, "outcome", fields);
    }

    /** Writes a request that ended before its intent. */
    void refusal(ClearRequest request, ClearResult result, Duration took) {
        append(UUID.randomUUID().toString(), "refused", ended(request, result, took));
    }

    private static Map<String, Object> ended(ClearRequest request, ClearResult result, Duration took) {
        Map<String, Object> fields = who(result.volume(), request);
        fields.put("outcome", result.outcome().name());
        Integer code = result.win32Code();
        if (code != null) {
            fields.put("win32Code", code);
        }
        if (result.verdict() != null) {
            fields.put("verdict", result.verdict().name());
            putChecks(fields, result.checks());
        }
        fields.put("stateBefore", result.stateBefore());
        fields.put("stateAfter", result.stateAfter());
        fields.put("durationMillis", took.toMillis());
        fields.put("message", result.message());
        return fields;
    }

    /** Writes that an earlier run left a clear without an outcome, so that it is reported only once. */
    void unfinished(AuditRecord intent, String message) {
        note(intent.text("id"), "unfinished", intent.text("volume"), message);
    }

    /** Writes a finding after a clear. */
    void note(String id, String kind, String volume, String message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("volume", volume);
        fields.put("message", message);
        append(id, kind, fields);
    }

    private boolean append(String id, String kind, Map<String, Object> fields) {
        try {
            audit.append(new AuditLine(id, kind, clock.instant(), fields));
            return true;
        } catch (IOException e) {
            LOG.error(
                    "The audit could not be written ({}): {} {}",
                    e.getMessage(),
                    kind,
                    OutsideText.printable(fields.toString()));
            return false;
        }
    }

    private static Map<String, Object> who(String volume, ClearRequest request) {
        Caller caller = request.caller();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", caller.role().text());
        fields.put("principal", caller.principal());
        fields.put("surface", caller.surface());
        fields.put("remoteAddress", caller.remoteAddress());
        fields.put("volume", volume);
        fields.put("batch", request.batch());
        return fields;
    }

    /** Only the names of checks that passed or were deferred, which are most. */
    private static void putChecks(Map<String, Object> fields, List<Check> checks) {
        fields.put("passed", names(checks, CheckResult.PASSED));
        fields.put("deferred", names(checks, CheckResult.DEFERRED));
        fields.put(
                "checks",
                checks.stream()
                        .filter(check -> check.result() != CheckResult.PASSED && check.result() != CheckResult.DEFERRED)
                        .map(AuditTrail::check)
                        .toList());
    }

    private static List<String> names(List<Check> checks, CheckResult result) {
        return checks.stream()
                .filter(check -> check.result() == result)
                .map(Check::name)
                .toList();
    }

    private static Map<String, Object> check(Check check) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", check.name());
        fields.put("result", check.result().name());
        fields.put("seen", check.seen());
        if (check.at() != null) {
            fields.put("at", check.at().toString());
        }
        return fields;
    }
}
