package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.LeftoverSamples;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.text.Times;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftoverCheckTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    private static String text(Leftovers leftovers) {
        Finding finding = LeftoverCheck.of(leftovers, Times.UTC);
        return finding.result() + " " + finding.detail() + " | " + finding.remedy();
    }

    @ParameterizedTest
    @CsvSource({
        "OFF,OK the option leftover-interval is off; nothing is known to be left over |",
        "NOT_ASKED,OK this node was not asked yet; nothing is known to be left over |",
        "NO_HYPER_V,OK this node has no Hyper-V; nothing is known to be left over |",
        "FAILED,UNKNOWN this node did not answer | Run probe."
    })
    void saysHowItStands(Leftovers.Answer answer, String expected) {
        assertThat(text(Leftovers.none(answer)).strip()).isEqualTo(expected);
    }

    @Test
    void leftoversAreAWarning() {
        assertThat(text(LeftoverSamples.told(
                        NOW, LeftoverSamples.stuck(new VolumeKey("x", "y"), "SQL1", NOW.minusSeconds(90_000)))))
                .isEqualTo(
                        "WARNING this node answered, asked 2026-03-01 08:00:00 UTC, no list of its shadow copies of the last four days; left over: 1"
                                + " | The attribute Leftovers and Get-CsvBackupLeftover show what to do.");
    }

    @Test
    void saysWhenShadowCopiesWereListed() {
        assertThat(text(LeftoverSamples.listed(NOW, NOW.minusSeconds(90_000))).strip())
                .isEqualTo("OK this node answered, asked 2026-03-01 08:00:00 UTC, its shadow copies were listed"
                        + " 2026-02-28 07:00:00 UTC; nothing is known to be left over |");
    }

    @Test
    void aFailureHasItsRemedy() {
        assertThat(text(LeftoverSamples.failed(NOW, null)))
                .isEqualTo("UNKNOWN WMI on NODE1 denied access | Run the agent as SYSTEM.");
    }
}
