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
        return check(name, result, seen, "");
    }

    private static CheckView check(String name, String result, String seen, String remedy) {
        return new CheckView(name, result, seen, null, 0, remedy);
    }

    private static String explain(String verdict, @Nullable Instant since, CheckView... checks) {
        return explain(verdict, since, null, checks);
    }

    private static String explain(
            String verdict, @Nullable Instant since, @Nullable Instant earliest, CheckView... checks) {
        ResultView result = new ResultView(
                null,
                "C:\\ClusterStorage\\Volume1",
                null,
                "",
                "Wait a little.",
                verdict,
                List.of(checks),
                earliest == null ? null : earliest.toString(),
                earliest == null ? 0 : earliest.toEpochMilli(),
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
    void whatPreventsTheClearHasItsRemedy() {
        assertThat(explain(
                        "UNPROVEN",
                        Instant.parse("2026-11-29T16:17:04Z"),
                        check("shadow-copies NODE2", "BACKUP", "a copy {c}", "Let the backup finish."),
                        check("vss-stopped NODE1", "UNKNOWN", "it runs", "Wait.\nTwice."),
                        check("observed", "RECENT", "for 5 min", "Wait 25 min."),
                        check("state-set", "NOT_SET", "it is NONE", "Nothing."),
                        check("shadow-copies NODE1", "DEFERRED", "not asked", "Not needed."),
                        check("poll-fresh", "PASSED", "the volume was read", "Not needed.")))
                .endsWith("""
                        BACKUP (1 check):
                          shadow-copies NODE2: a copy {c}
                            What to do: Let the backup finish.

                        UNKNOWN (1 check):
                          vss-stopped NODE1: it runs
                            What to do: Wait.\\u000aTwice.

                        RECENT (1 check):
                          observed: for 5 min
                            What to do: Wait 25 min.

                        NOT_SET (1 check):
                          state-set: it is NONE

                        DEFERRED (1 check):
                          shadow-copies NODE1: not asked

                        PASSED (1 check):
                          poll-fresh: the volume was read""");
    }

    @Test
    void theEstimateIsALineInLocalTime() {
        assertThat(explain("UNPROVEN", NOW, NOW.plusSeconds(600))).endsWith("""
                        Next step: Wait a little.
                        Earliest clear: 2026-11-29 23:02:04 +05:30, an estimate""");
        assertThat(explain("CLEARABLE", NOW, NOW.minusMillis(1))).endsWith("\nEarliest clear: now");
        assertThat(explain("CLEARABLE", NOW, NOW.plusSeconds(600))).endsWith("23:02:04 +05:30, an estimate");
        // It may pass while the answer is made.
        assertThat(explain("UNPROVEN", NOW, NOW.minusMillis(1))).endsWith("22:52:03 +05:30, an estimate");
        assertThat(explain("UNPROVEN", NOW)).doesNotContain("Earliest clear");
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
