package io.github.csvbackup.clear;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.security.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
    @Test
    void ofChecksThatPassedOrWereDeferredTheNamesAreOnRecordAndOfOthersAllThatWasSeen() {
        MovableClock clock = new MovableClock();
        List<AuditLine> lines = new ArrayList<>();
        List<Check> checks = List.of(
                new Check("poll-fresh", CheckResult.PASSED, "the volume was read", clock.instant(), ""),
                new Check("shadow-copies NODE2", CheckResult.DEFERRED, "not asked", null, ""),
                new Check("vss-stopped NODE2", CheckResult.UNKNOWN, "the VSS service runs", clock.instant(), "Wait."));
        ClearResult refused = new ClearResult(
                Outcome.REFUSED,
                "V",
                null,
                "",
                "not now",
                Verdict.UNPROVEN,
                checks,
                null,
                "IN_PROGRESS",
                "IN_PROGRESS",
                "",
                "");

        new AuditTrail(lines::add, clock)
                .refusal(
                        new ClearRequest(new Caller(Role.OPERATOR, "ann", "http", "10.0.0.7"), null, "", 0),
                        refused,
                        Duration.ZERO);

        assertThat(lines.get(0).fields())
                .containsEntry("passed", List.of("poll-fresh"))
                .containsEntry("deferred", List.of("shadow-copies NODE2"))
                .containsEntry(
                        "checks",
                        List.of(Map.of(
                                "name", "vss-stopped NODE2",
                                "result", "UNKNOWN",
                                "seen", "the VSS service runs",
                                "at", clock.instant().toString())));
    }

    @Test
    void aRefusalSaysWhoWhatAndHowLongItTook() {
        MovableClock clock = new MovableClock();
        List<AuditLine> lines = new ArrayList<>();
        ClearResult refused =
                new ClearResult.Builder("C:\\ClusterStorage\\Volume1").build(Outcome.REFUSED, null, "not now");

        new AuditTrail(lines::add, clock)
                .refusal(
                        new ClearRequest(new Caller(Role.OPERATOR, "ann", "http", "10.0.0.7"), null, "", 0),
                        refused,
                        Duration.ofMillis(1234));

        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.kind()).isEqualTo("refused");
            assertThat(line.at()).isEqualTo(clock.instant());
            assertThat(line.fields())
                    .containsEntry("role", "operator")
                    .containsEntry("principal", "ann")
                    .containsEntry("surface", "http")
                    .containsEntry("remoteAddress", "10.0.0.7")
                    .containsEntry("volume", "C:\\ClusterStorage\\Volume1")
                    .containsEntry("outcome", "REFUSED")
                    .containsEntry("durationMillis", 1234L)
                    .containsEntry("message", "not now");
        });
    }
}
