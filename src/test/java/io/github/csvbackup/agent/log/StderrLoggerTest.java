package io.github.csvbackup.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StderrLoggerTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final StderrLogger log = logger(Clock.fixed(Instant.parse("2026-11-25T17:20:30.123Z"), ZoneOffset.UTC));

    private StderrLogger logger(Clock clock) {
        return new StderrLogger("x", clock, new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @Test
    void writesOneLineInUtc() {
        log.info("poll of {} took {} ms", "CLU1", 12);
        log.warn("slow");
        assertThat(lines()).isEqualTo("""
                2026-11-25T17:20:30Z INFO  poll of CLU1 took 12 ms
                2026-11-25T17:20:30Z WARN  slow
                """);
    }

    @Test
    void leavesOutWhatIsBelowInfo() {
        log.debug("detail");
        log.trace("more");
        assertThat(lines()).isEmpty();
    }

    @Test
    void showsTheTraceOfAFailure() {
        log.error("broken", new IllegalStateException("why"));
        assertThat(lines())
                .startsWith("2026-11-25T17:20:30Z ERROR broken\n  java.lang.IllegalStateException: why\n\tat ");
    }

    @Test
    void whatRepeatsIsCountedAndToldOnceAMinute() {
        MovableClock clock = new MovableClock();
        StderrLogger repeating = logger(clock);

        for (int i = 0; i < 2_000; i++) {
            repeating.error("GET {} failed", "/x", new IllegalStateException("why"));
        }
        assertThat(lines().lines().filter(line -> !line.startsWith("\t"))).hasSize(2);

        clock.advance(Duration.ofSeconds(59));
        repeating.tellLeftOut(false);
        assertThat(lines()).doesNotContain("left out");

        clock.advance(Duration.ofSeconds(1));
        repeating.tellLeftOut(false);
        repeating.tellLeftOut(false);
        assertThat(lines())
                .containsOnlyOnce("left out")
                .contains(" ERROR left out 1999 lines like \"GET /x failed\" since ");

        written.reset();
        repeating.error("GET {} failed", "/x", new IllegalStateException("why"));
        assertThat(lines()).contains("GET /x failed\n  java.lang.IllegalStateException: why\n\tat ");
    }

    /** For example, a client that causes a different text in each line. */
    @Test
    void onePlaceInTheCodeWritesABoundedNumberOfLinesAndTraces() {
        for (int i = 0; i < 2_000; i++) {
            log.warn("asked for {}", i, new IllegalStateException("why " + i));
        }

        assertThat(lines().lines().filter(line -> line.contains("asked for"))).hasSize(RepeatedLines.MOST_LINES);
        assertThat(lines().lines().filter(line -> line.startsWith("  java.lang")))
                .hasSize(RepeatedLines.MOST_TRACES);
        assertThat(lines()).contains("asked for 4: java.lang.IllegalStateException: why 4\n");

        log.tellLeftOut(true);
        assertThat(lines()).endsWith("WARN  left out 1900 lines like \"asked for 100\" since 2026-11-25T17:20:30Z\n");
    }

    /** The output stream of a host may throw anything. */
    @Test
    void aLineThatCouldNotBeWrittenIsNoRepetition() {
        AtomicBoolean broken = new AtomicBoolean(true);
        StderrLogger failing =
                new StderrLogger("x", Clock.systemUTC(), new PrintStream(written, true, StandardCharsets.UTF_8) {
                    @Override
                    public void print(String text) {
                        if (broken.getAndSet(false)) {
                            throw new IllegalStateException("a broken stream");
                        }
                        super.print(text);
                    }
                });

        assertThatThrownBy(() -> failing.warn("slow")).isInstanceOf(IllegalStateException.class);
        failing.warn("slow");

        assertThat(lines()).endsWith(" WARN  slow\n");
    }

    @Test
    void lineAfterLineOfDifferentKindsIsAllWritten() {
        log.info("Polls succeed again");
        log.warn("The backup state of {} is stale", "Volume1");
        log.warn("The backup state of {} is stale", "Volume2");
        log.error("Polls succeed again");
        log.tellLeftOut(true);

        assertThat(lines().lines()).hasSize(4);
    }

    @Test
    void theMemoryForPatternsIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            log.warn("pattern " + i);
        }

        assertThat(lines().lines()).hasSize(RepeatedLines.MOST_PATTERNS + RepeatedLines.MOST_LINES);
    }

    @Test
    void aClockThatWasPutBackDoesNotSilenceTheLog() {
        MovableClock clock = new MovableClock();
        StderrLogger repeating = logger(clock);
        repeating.warn("slow");
        clock.set(Duration.ofHours(-1));
        repeating.warn("slow");

        assertThat(lines().lines()).hasSize(2);
    }

    @Test
    void nothingFromOutsideBeginsALine() {
        log.warn("asked for {}", "x\r\n2026-11-25T17:20:30Z INFO  cleared\u001b[31m\u0085\u2028");
        log.error("broken", new IllegalStateException("why\n2026-11-25T17:20:30Z INFO  cleared"));

        assertThat(lines().lines().filter(line -> line.startsWith("2026"))).hasSize(2);
        assertThat(lines())
                .contains("asked for x\\u000d\\u000a2026-11-25T17:20:30Z INFO  cleared\\u001b[31m\\u0085\\u2028\n")
                .contains("\n  2026-11-25T17:20:30Z INFO  cleared\n");
    }

    @Test
    void longTextsAreCutOff() {
        log.warn("asked for {}", "x".repeat(1_000_000), new IllegalStateException("y\n".repeat(1_000_000)));

        assertThat(lines().length()).isLessThan(LogText.LONGEST_LINE + LogText.LONGEST_TRACE + LogText.LONGEST_LINE);
        assertThat(lines()).contains("x... (1000010 characters)", "\n  ...\n");
    }

    @Test
    void isWhatSlf4jFinds() {
        assertThat(LoggerFactory.getLogger("y")).isInstanceOf(StderrLogger.class);
    }

    private String lines() {
        return written.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
