package io.github.csvbackup.clear;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.security.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
    @Test
    void aRefusalSaysWhoWhatAndHowLongItTook() {
        MovableClock clock = new MovableClock();
        List<AuditLine> lines = new ArrayList<>();
        ClearResult refused =
                new ClearResult.Builder("C:\\ClusterStorage\\Volume1").build(Outcome.REFUSED, null, "not now");

        new AuditTrail(lines::add, clock)
                .refusal(new Caller(Role.OPERATOR, "ann", "http", "10.0.0.7"), refused, Duration.ofMillis(1234));

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
