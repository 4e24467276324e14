package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process is killed at each of its writes, and in the middle of each. This must not look like a change outside the agent. */
class AuditCutPointsTest {
    private static final int MORE_WRITES_THAN_THERE_ARE = 500;

    private final MovableClock clock = new MovableClock();
    /** Small, so that files are also rotated and deleted. */
    private final AuditSettings settings = new AuditSettings("1.2.3", false, 2, 500, clock);

    @TempDir
    Path folder;

    /** Starts, writes and is killed; returns the ids of the lines that it reported as written. */
    private List<String> run(Path state, KilledDisk disk, int lines) throws IOException {
        List<String> written = new ArrayList<>();
        try (AuditFile audit = AuditFile.open(state, settings, disk)) {
            audit.started();
            for (int i = 0; i < lines && !disk.isDead(); i++) {
                try {
                    audit.append(new AuditLine("id" + i, "note", clock.instant(), Map.of("volume", "V")));
                    written.add("id" + i);
                } catch (IOException e) {
                    assertThat(disk.isDead()).as("%s", e).isTrue();
                }
            }
        }
        return written;
    }

    private static List<String> notes(Path state) throws IOException {
        List<String> ids = new ArrayList<>();
        AuditChain.read(state, line -> {
            AuditRecord record = line.record();
            if (record != null && record.text("kind").equals("note")) {
                ids.add(record.text("id"));
            }
        });
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void anEndInTheMiddleOfAnyWriteIsNotTakenForAForgery(KilledDisk.Left left) throws Exception {
        for (int lastWrite = 0; ; lastWrite++) {
            assertThat(lastWrite).isLessThan(MORE_WRITES_THAN_THERE_ARE);
            Path state = Files.createDirectory(folder.resolve(left + "-" + lastWrite));
            KilledDisk disk = new KilledDisk(lastWrite, left);
            List<String> written = run(state, disk, 7);
            if (!disk.isDead()) {
                assertThat(RecordFiles.large(state))
                        .as("files are rotated and deleted")
                        .hasSize(2);
                return;
            }
            isSound(state, written, "write " + lastWrite + " left " + left);
        }
    }

    /** Twice in a row, since the first start may leave something for the second. */
    @ParameterizedTest
    @EnumSource
    void theSameHoldsOfAnEndInTheMiddleOfTheNextStart(KilledDisk.Left left) throws Exception {
        for (int first = 0; first < 7; first++) {
            for (int second = 0; second < 6; second++) {
                Path state = Files.createDirectory(folder.resolve(left + "-" + first + "-" + second));
                List<String> written = new ArrayList<>(run(state, new KilledDisk(first, left), 1));
                written.addAll(run(state, new KilledDisk(second, left), 1));
                isSound(state, written, "writes " + first + " and " + second + " left " + left);
            }
        }
    }

    private void isSound(Path state, List<String> written, String where) throws IOException {
        try (AuditFile audit = AuditFile.open(state, settings, RecordOpener.of())) {
            audit.started();
            assertThat(audit.status().mismatch()).as(where).isNull();
            audit.append(new AuditLine("last", "note", clock.instant(), Map.of()));
        }
        Verification found = AuditChain.verify(state, null);
        assertThat(found.problems()).as(where).isEmpty();
        List<String> notes = notes(state);
        List<String> kept = new ArrayList<>(written.subList(Math.max(0, written.size() - 4), written.size()));
        kept.add("last");
        assertThat(notes).as(where).containsSubsequence(kept);
    }
}
