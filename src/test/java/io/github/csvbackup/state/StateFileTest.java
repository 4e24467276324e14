package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The file is complete, or nothing in it is used. */
class StateFileTest {
    @TempDir
    Path folder;

    private static final Instant SINCE = Instant.parse("2026-03-01T00:00:00Z");

    private StateFile state() {
        return new StateFile(folder.resolve("state.jsonl"), new MovableClock());
    }

    private List<Path> aside() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("state.jsonl.damaged-"))
                    .toList();
        }
    }

    @Test
    void anyTextsComeBackAsTheyWere() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            List<StateLine> lines = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                StateLine line = StateLine.of("kind" + i);
                for (int f = random.nextInt(5); f > 0; f--) {
                    line = line.with("field" + f, text(random)).with("list" + f, List.of(text(random), text(random)));
                }
                lines.add(line);
            }
            state().save(lines);
            assertThat(state().load()).isEqualTo(lines);
        }
        assertThat(folder.resolve("state.jsonl.new")).doesNotExist();
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(9), 0, 11)
                .mapToObj(n -> List.of(
                                "\\",
                                "\t",
                                "\n",
                                "\r",
                                "\u00e4\u4e16",
                                "x",
                                "u0041",
                                "\ud83d",
                                "\udcbe",
                                "\"",
                                "{\"sha256\":\"")
                        .get(n))
                .reduce("", String::concat);
    }

    @Test
    void itIsLinesOfJsonAndTheirChecksum() throws Exception {
        state().save(List.of(
                StateLine.of("volume")
                        .with("name", "V\u00e4")
                        .with("state", 7)
                        .with("since", SINCE)
                        .with("last", null)
                        .with("stale", true)
                        .with("counts", List.of(1L, 2L))
                        .with("sum", 0.5),
                StateLine.of("unchecked").with("count", 3L)));

        assertThat(folder.resolve("state.jsonl")).hasContent("""
                        {"kind":"volume","name":"V\\u00e4","state":7,"since":"2026-03-01T00:00:00Z","stale":true,"counts":[1,2],"sum":0.5}
                        {"kind":"unchecked","count":3}
                        {"sha256":"d48cc9fa07ec6f2b54fa1450090344f2016f3c27d00941613dd4513e58df314a"}
                        """);
        StateLine read = state().load().get(0);
        assertThat(read.text("name")).isEqualTo("V\u00e4");
        assertThat(read.code("state")).isEqualTo(7);
        assertThat(read.time("since")).isEqualTo(SINCE);
        assertThat(read.time("last")).isNull();
        assertThat(read.flag("stale")).isTrue();
        assertThat(read.list("counts", Long.class)).containsExactly(1L, 2L);
        assertThat(read.sum("sum")).isEqualTo(0.5);
    }

    @Test
    void aLineThatIsNotAnObjectWithAKindIsDamage() throws Exception {
        for (String line : List.of("[\"volume\"]", "{\"volume\":1}", "{\"kind\":1}", "volume\tx")) {
            String body = line + "\n";
            String sum = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8)));
            Files.writeString(folder.resolve("state.jsonl"), body + "{\"sha256\":\"" + sum + "\"}\n");

            assertThat(state().load()).as(line).isEmpty();
            assertThat(folder.resolve("state.jsonl")).as(line).doesNotExist();
        }
        assertThat(aside()).isNotEmpty();
    }

    @Test
    void withoutAFileThereIsNothing() throws Exception {
        assertThat(state().load()).isEmpty();
        assertThat(aside()).isEmpty();
    }

    @Test
    void aFileWithASingleWrongByteOrACutEndIsSetAsideAndNothingOfItIsBelieved() throws Exception {
        state().save(List.of(StateLine.of("volume").with("name", "a").with("since", SINCE)));
        byte[] good = Files.readAllBytes(folder.resolve("state.jsonl"));
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(folder.resolve("state.jsonl"), bad);
            assertThat(state().load()).as("byte %s", i).isEmpty();
            assertThat(folder.resolve("state.jsonl")).doesNotExist();
            Files.write(
                    folder.resolve("state.jsonl"),
                    new String(good, 0, i, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
            assertThat(state().load()).as("cut at %s", i).isEmpty();
        }
        assertThat(aside()).isNotEmpty();
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws Exception {
        state().save(List.of(StateLine.of("a").with("name", "old")));
        Files.createDirectories(folder.resolve("state.jsonl.new").resolve("in the way"));

        assertThatThrownBy(() -> state().save(List.of(StateLine.of("a").with("name", "new"))))
                .isInstanceOf(IOException.class);

        assertThat(state().load()).containsExactly(StateLine.of("a").with("name", "old"));
    }

    @Test
    void aFileThatIsTooLargeIsSetAside() throws Exception {
        try (RandomAccessFile large =
                new RandomAccessFile(folder.resolve("state.jsonl").toFile(), "rw")) {
            large.setLength(17L << 20);
        }

        assertThat(state().load()).isEmpty();
        assertThat(folder.resolve("state.jsonl")).doesNotExist();
        assertThat(aside()).hasSize(1);
    }

    private static void saidToBeInvalid(List<Executable> wrong) {
        for (Executable each : wrong) {
            assertThatIllegalArgumentException()
                    .isThrownBy(each::execute)
                    .withMessageMatching("a line \"volume\" has no valid \"[a-z]+\"");
        }
    }

    @Test
    void valuesThatCannotBeAreSaid() {
        StateLine line = StateLine.of("volume")
                .with("negative", -1L)
                .with("large", 1L << 32)
                .with("counts", List.of(1L, -1L))
                .with("loss", -0.5)
                .with("infinite", Double.POSITIVE_INFINITY)
                .with("early", "-1000000000-01-01T00:00:00Z")
                .with("late", "+1000000000-01-01T00:00:00Z")
                .with("backwards", Duration.ofSeconds(-1))
                .with("endless", Duration.ofDays(100_000));
        List<Executable> wrong = List.of(
                () -> line.count("negative"),
                () -> line.code("large"),
                () -> line.counts("counts"),
                () -> line.sum("loss"),
                () -> line.sum("infinite"),
                () -> line.time("early"),
                () -> line.time("late"),
                () -> line.duration("backwards"),
                () -> line.duration("endless"));
        saidToBeInvalid(wrong);
        assertThat(line.code("negative")).isEqualTo(-1);
    }

    @Test
    void fieldsOfTheWrongTypeAreSaid() {
        StateLine line = StateLine.of("volume").with("name", "x").with("list", List.of("a", 1L));
        List<Executable> wrong = List.of(
                () -> line.text("list"),
                () -> line.count("name"),
                () -> line.code("name"),
                () -> line.sum("name"),
                () -> line.counts("name"),
                () -> line.flag("name"),
                () -> line.list("name", String.class),
                () -> line.list("list", String.class),
                () -> line.text("absent"),
                () -> line.requiredTime("absent"));
        saidToBeInvalid(wrong);
        assertThatIllegalArgumentException().isThrownBy(() -> line.time("name")).withMessage("\"x\" is not a time");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.duration("name"))
                .withMessage("\"x\" is not a duration");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInItsPlaceIsSetAsideAndNeitherReadNorWrittenTo() throws Exception {
        state().save(List.of(StateLine.of("volume").with("name", "a")));
        Path kept = folder.resolve("state.jsonl");
        Path foreign = Files.move(kept, folder.resolve("foreign"));
        String text = Files.readString(foreign);
        Files.createSymbolicLink(kept, foreign);
        Files.createSymbolicLink(folder.resolve("state.jsonl.new"), foreign);

        assertThat(state().load()).isEmpty();
        assertThat(kept).doesNotExist();
        state().save(List.of(StateLine.of("volume").with("name", "b")));

        assertThat(Files.isSymbolicLink(kept)).isFalse();
        assertThat(foreign).hasContent(text);
    }
}
