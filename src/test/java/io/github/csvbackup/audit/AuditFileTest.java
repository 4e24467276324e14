package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
    private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");

    @TempDir
    Path folder;

    private static AuditLine line(String id) {
        return new AuditLine(id, "intent", AT, Map.of("volume", "C:\\Vol \u00e9\"\n"));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eachLineCarriesTheHashOfTheOneBeforeAlsoAcrossARestart() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        try (AuditFile audit = AuditFile.open(file)) {
            audit.append(line("a"));
        }
        try (AuditFile audit = AuditFile.open(file)) {
            audit.append(line("b"));
        }

        List<String> lines = Files.readAllLines(file);

        assertThat(lines.get(0))
                .isEqualTo(
                        "{\"number\":1,\"previous\":\"\",\"id\":\"a\",\"kind\":\"intent\",\"at\":\"2026-03-01T03:00:00Z\","
                                + "\"volume\":\"C:\\\\Vol \\u00e9\\\"\\u000a\"}");
        assertThat(lines.get(1)).startsWith("{\"number\":2,\"previous\":\"" + sha256(lines.get(0)) + "\"");
    }

    @Test
    void aLineThatWasCutOffByACrashDoesNotSwallowTheNext() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        Files.writeString(file, "{\"number\":1,\"prev");
        try (AuditFile audit = AuditFile.open(file)) {
            audit.append(line("b"));
        }

        assertThat(Files.readAllLines(file)).hasSize(2).last().asString().contains("\"number\":2");
    }

    @Test
    void anInterruptedThreadWritesAllTheSameAndTheFileStaysOpen() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        try (AuditFile audit = AuditFile.open(file)) {
            Thread.currentThread().interrupt();
            audit.append(line("a"));
            assertThat(Thread.interrupted()).isTrue();
            audit.append(line("b"));
        }

        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void aByteThatIsNoTextDoesNotKeepTheFileFromOpening() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        Files.write(file, new byte[] {'x', (byte) 0xFF, '\n'});
        try (AuditFile audit = AuditFile.open(file)) {
            audit.append(line("a"));
        }

        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("\"number\":2");
    }

    @Test
    void aClosedFileTakesNothing() throws Exception {
        AuditFile audit = AuditFile.open(folder.resolve("audit.jsonl"));
        audit.close();

        assertThatThrownBy(() -> audit.append(line("a"))).isInstanceOf(IOException.class);
    }
}
