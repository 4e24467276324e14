package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.text.Times;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Instant NOW = Instant.parse("2026-11-29T17:22:04Z");

    private static CheckView check(String name, String result, String seen) {
        return new CheckView(name, result, seen, null, 0, "");
    }

    private static String explain(String verdict, @Nullable Instant since, CheckView... checks) {
        ResultView result = new ResultView(
                null,
                "C:\\ClusterStorage\\Volume1",
                null,
                "",
                "Wait a little.",
                verdict,
                List.of(checks),
                null,
                0,
                since == null ? "NONE" : "IN_PROGRESS",
                "",
                "",
                "");
        return new Explanation(new Times(instant -> ZoneOffset.ofHoursMinutes(5, 30)), NOW).text(result, since);
    }

    @Test
    void whatDecidesComesFirstAndEachCheckIsALine() {
        assertThat(explain(
                        "UNPROVEN",
                        Instant.parse("2026-11-29T16:17:04Z"),
                        check("poll-fresh", "PASSED", "the volume was read"),
                        check("vss-stopped NODE1", "UNKNOWN", "it runs"),
                        check("shadow-copies NODE1", "DEFERRED", "not asked"),
                        check("vss-stopped NODE2", "UNKNOWN", "it runs\u001b[31m\nVerdict: IDLE")))
                .isEqualTo("""
                        C:\\ClusterStorage\\Volume1: UNPROVEN
                        Backup state: IN_PROGRESS, set since 2026-11-29 21:47:04 +05:30 (1 h 5 min)
                        Next step: Wait a little.

                        UNKNOWN (2 checks):
                          vss-stopped NODE1: it runs
                          vss-stopped NODE2: it runs\\u001b[31m\\u000aVerdict: IDLE

                        DEFERRED (1 check):
                          shadow-copies NODE1: not asked

                        PASSED (1 check):
                          poll-fresh: the volume was read""");
    }

    @Test
    void withoutAStateThereIsNoAge() {
        assertThat(explain("IDLE", null, check("state-set", "NOT_SET", "the backup state is NONE")))
                .isEqualTo("""
                        C:\\ClusterStorage\\Volume1: IDLE
                        Backup state: NONE
                        Next step: Wait a little.

                        NOT_SET (1 check):
                          state-set: the backup state is NONE""");
    }
}
