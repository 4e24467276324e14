package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file that is whole or not believed. */
class StateFileTest {
    @TempDir
    Path folder;

    private StateFile state() {
        return new StateFile(folder.resolve("state.txt"), new MovableClock());
    }

    private List<Path> aside() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("state.txt.damaged-"))
                    .toList();
        }
    }

    @Test
    void anyTextsComeBackAsTheyWere() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            List<StateLine> lines = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                List<String> fields = new ArrayList<>();
                for (int f = random.nextInt(5); f > 0; f--) {
                    fields.add(random.ints(random.nextInt(9), 0, 9)
                            .mapToObj(n -> List.of(
                                            "\\", "\t", "\n", "\r", "\u00e4\u4e16", "x", "u0041", "\ud83d", "\udcbe")
                                    .get(n))
                            .reduce("", String::concat));
                }
                lines.add(new StateLine("kind" + i, fields));
            }
            state().save(lines);
            assertThat(state().load()).isEqualTo(lines);
        }
        assertThat(folder.resolve("state.txt.new")).doesNotExist();
    }

    @Test
    void withoutAFileThereIsNothing() throws Exception {
        assertThat(state().load()).isEmpty();
        assertThat(aside()).isEmpty();
    }

    @Test
    void aFileWithASingleWrongByteOrACutEndIsSetAsideAndNothingOfItIsBelieved() throws Exception {
        state().save(List.of(StateLine.of("volume", "a", 1, Instant.EPOCH)));
        byte[] good = Files.readAllBytes(folder.resolve("state.txt"));
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(folder.resolve("state.txt"), bad);
            assertThat(state().load()).as("byte %s", i).isEmpty();
            assertThat(folder.resolve("state.txt")).doesNotExist();
            Files.write(
                    folder.resolve("state.txt"),
                    new String(good, 0, i, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
            assertThat(state().load()).as("cut at %s", i).isEmpty();
        }
        assertThat(aside()).isNotEmpty();
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws Exception {
        state().save(List.of(StateLine.of("a", "old")));
        Files.createDirectories(folder.resolve("state.txt.new").resolve("in the way"));

        assertThatThrownBy(() -> state().save(List.of(StateLine.of("a", "new"))))
                .isInstanceOf(IOException.class);

        assertThat(state().load()).containsExactly(StateLine.of("a", "old"));
    }

    @Test
    void fieldsOfTheWrongKindAreSaid() {
        StateLine line = StateLine.of("volume", "x", null);
        assertThat(line.time(1)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> line.time(0)).withMessage("\"x\" is no time");
        assertThatIllegalArgumentException().isThrownBy(() -> line.number(0));
        assertThatIllegalArgumentException().isThrownBy(() -> line.duration(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.text(2))
                .withMessage("a line \"volume\" has only 2 fields");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.requiredTime(1))
                .withMessage("a line \"volume\" lacks a time");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInItsPlaceIsSetAsideAndNeitherReadNorWrittenTo() throws Exception {
        state().save(List.of(StateLine.of("volume", "a")));
        Path kept = folder.resolve("state.txt");
        Path foreign = Files.move(kept, folder.resolve("foreign"));
        String text = Files.readString(foreign);
        Files.createSymbolicLink(kept, foreign);
        Files.createSymbolicLink(folder.resolve("state.txt.new"), foreign);

        assertThat(state().load()).isEmpty();
        assertThat(kept).doesNotExist();
        state().save(List.of(StateLine.of("volume", "b")));

        assertThat(Files.isSymbolicLink(kept)).isFalse();
        assertThat(foreign).hasContent(text);
    }
}
