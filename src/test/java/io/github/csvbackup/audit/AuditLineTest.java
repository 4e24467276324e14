package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditLineTest {
    @Test
    void noTextOfALineIsLongWhereverItStands() {
        String text = "x".repeat(230_000);
        AuditLine line = new AuditLine(
                "a",
                "intent",
                Instant.EPOCH,
                Map.of("volume", text, "checks", List.of(Map.of("name", text, "seen", text)), "message", text));

        assertThat(line.fields().toString().length()).isLessThan(250_000 / 10);
        assertThat(line.fields().get("volume").toString()).hasSizeLessThan(1100);
    }
}
