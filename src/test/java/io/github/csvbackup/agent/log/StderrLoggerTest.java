package io.github.csvbackup.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StderrLoggerTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final StderrLogger log = new StderrLogger(
            "x",
            Clock.fixed(Instant.parse("2026-11-25T17:20:30.123Z"), ZoneOffset.UTC),
            new PrintStream(written, true, StandardCharsets.UTF_8));

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
                .startsWith("2026-11-25T17:20:30Z ERROR broken\n    java.lang.IllegalStateException: why\n        at ");
    }

    @Test
    void aTextFromOutsideIsNeverALineOfItsOwn() {
        String forged = "x\n2026-11-25T17:20:30Z INFO  all is well\u001b[2J";

        log.warn("{} is stale", forged);
        log.error("broken", new IllegalStateException(forged));

        assertThat(lines())
                .startsWith(
                        "2026-11-25T17:20:30Z WARN  x\\u000a2026-11-25T17:20:30Z INFO  all is well\\u001b[2J is stale\n")
                .contains("\n    2026-11-25T17:20:30Z INFO  all is well\\u001b[2J\n")
                .doesNotContain("\n2026-11-25T17:20:30Z INFO", "\u001b");
    }

    @Test
    void isWhatSlf4jFinds() {
        assertThat(LoggerFactory.getLogger("y")).isInstanceOf(StderrLogger.class);
    }

    private String lines() {
        return written.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
