package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An audit with any content can be opened, checked and appended to. */
class AuditDamageTest {
    private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");
    private static final int DAMAGES = 60;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "\\",
            "\\u",
            "\\ud800",
            "null",
            "true",
            "-",
            "1e999999999",
            "1E",
            "\n",
            "\r",
            "\0",
            "99999999999999999999999",
            "\"number\":9223372036854775807",
            "\"kind\":\"mismatch\"",
            "\"kind\":\"intent\"",
            "\"at\":\"+1000000000-12-31T23:59:59Z\"",
            "{\"a\":",
            "\u00e9",
            "//",
            "/*",
            "'");

    @TempDir
    Path folder;

    private Path record;

    @BeforeEach
    void aRecord() throws IOException {
        record = folder.resolve("audit.jsonl");
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            for (String kind : List.of("intent", "outcome", "intent", "refused")) {
                audit.append(
                        new AuditLine("a", kind, AT, Map.of("volume", "C:\\V1", "checks", List.of(Map.of("n", 1)))));
            }
        }
    }

    private void opensAndTakesALine(String why) throws IOException {
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(new AuditLine("new", "note", AT, Map.of()));
            assertThat(audit.recent(500))
                    .as(why)
                    .last()
                    .extracting(each -> each.text("id"))
                    .isEqualTo("new");
            audit.unfinished()
                    .forEach(intent -> assertThat(intent.text("volume").length() + intent.number())
                            .isNotNegative());
        }
        assertThat(AuditChain.verify(folder, null).problems()).as(why).isNotEmpty();
    }

    @Test
    void randomDamageKeepsNothingFromWorking() throws Exception {
        byte[] whole = Files.readAllBytes(record);
        byte[] head = Files.readAllBytes(folder.resolve(HeadFile.NAME));
        for (int seed = 0; seed < DAMAGES; seed++) {
            Random random = new Random(seed);
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.write(record, damaged(whole, random));
            Files.write(folder.resolve(HeadFile.NAME), random.nextInt(4) == 0 ? damaged(head, random) : head);

            opensAndTakesALine("seed " + seed);
        }
    }

    private static byte[] damaged(byte[] whole, Random random) {
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        for (int i = 0; i <= random.nextInt(4); i++) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(20));
            String piece = random.nextInt(3) == 0
                    ? String.valueOf((char) random.nextInt(256))
                    : PIECES.get(random.nextInt(PIECES.size()));
            text = text.substring(0, at) + piece + text.substring(end) + "!";
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"number\":99999999999999999999999,\"kind\":\"intent\"}",
                "{\"number\":9223372036854775807,\"kind\":\"mismatch\"}",
                "{\"number\":-1}",
                "{\"number\":1e400}",
                "{\"number\":{\"number\":1}}",
                "{\"at\":\"+1000000000-12-31T23:59:59.999999999Z\",\"kind\":\"intent\",\"id\":\"x\"}",
                "{\"kind\":null,\"id\":[1]}",
                "[[[[[[[[",
                "\"",
                "",
                "nul",
                "{\"kind\":\"start\",\"strict\":false}",
                "{\"kind\":\"retired\",\"last\":\"99999999999999999999:x\"}"
            })
    void anOddLineKeepsNothingFromWorking(String line) throws Exception {
        Files.writeString(record, line + "\n" + Files.readString(record) + line + "\n");

        opensAndTakesALine(line);
    }

    @Test
    void aDeepLineKeepsNothingFromWorking() throws Exception {
        Files.writeString(record, Files.readString(record) + "[{\"a\":".repeat(100_000) + "\n");

        opensAndTakesALine("deep");
    }

    @Test
    void aLongLineCostsNoMemory() throws Exception {
        byte[] part = new byte[1024 * 1024];
        try (OutputStream out = Files.newOutputStream(record)) {
            for (int i = 0; i < 64; i++) {
                out.write(part);
            }
        }

        opensAndTakesALine("long");
    }
}
