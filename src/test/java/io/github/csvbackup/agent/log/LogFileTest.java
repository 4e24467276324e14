package io.github.csvbackup.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The files of the log, on a disk whose operations can fail. */
class LogFileTest {
    private static final int LARGEST = 100;

    @TempDir
    Path folder;

    private final List<String> reported = new ArrayList<>();
    private boolean full;
    private boolean held;
    private final LogFile.Disk disk = new LogFile.Disk() {
        @Override
        public RandomAccessFile open(Path file) throws IOException {
            return new RandomAccessFile(file.toFile(), "rw") {
                @Override
                public void write(byte[] bytes) throws IOException {
                    if (full) {
                        super.write(Arrays.copyOf(bytes, bytes.length / 2));
                        throw new IOException("No space left on device");
                    }
                    super.write(bytes);
                }
            };
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            if (held && from.endsWith("agent.log")) {
                throw new AccessDeniedException(from.toString());
            }
            LogFile.Disk.super.move(from, to);
        }
    };

    private LogFile log() {
        return new LogFile(folder, disk, LARGEST, reported::add);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    private List<String> files() throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void continuesTheFileOfTheLastRun() throws Exception {
        try (LogFile first = log()) {
            first.write("one\n");
        }
        try (LogFile second = log()) {
            second.write("Zürich\n");
        }

        assertThat(Files.readString(folder.resolve("agent.log"), StandardCharsets.UTF_8))
                .isEqualTo("one\nZürich\n");
    }

    @Test
    void keepsFiveFilesAndNoMore() throws Exception {
        try (LogFile log = log()) {
            for (int i = 100; i < 200; i++) {
                log.write("the line with the number " + i + "\n");
            }
        }

        assertThat(files()).containsExactly("agent.1.log", "agent.2.log", "agent.3.log", "agent.4.log", "agent.log");
        assertThat(lines("agent.log")).last().isEqualTo("the line with the number 199");
        assertThat(lines("agent.1.log")).last().isEqualTo("the line with the number 198");
        assertThat(lines("agent.4.log")).first().isEqualTo("the line with the number 187");
        for (String file : files()) {
            assertThat(Files.size(folder.resolve(file))).isLessThanOrEqualTo(LARGEST);
        }
        assertThat(reported).isEmpty();
    }

    @Test
    void aLineThatIsLargerThanAFileIsWritten() throws Exception {
        try (LogFile log = log()) {
            log.write("x".repeat(3 * LARGEST) + "\n");
            log.write("y\n");
        }

        assertThat(files()).containsExactly("agent.1.log", "agent.log");
        assertThat(lines("agent.log")).containsExactly("y");
    }

    @Test
    void aFullDiskIsReportedOnceLeavesNoHalfLineAndIsForgotten() throws Exception {
        try (LogFile log = log()) {
            log.write("before\n");
            full = true;
            log.write("lost 1\n");
            log.write("lost 2\n");
            assertThat(lines("agent.log")).containsExactly("before");
            assertThat(reported)
                    .containsExactly(
                            "The log file " + folder.resolve("agent.log")
                                    + " cannot be written: No space left on device. Until this works again, lines go only to stderr");

            full = false;
            log.write("after\n");
            log.write("later\n");
        }

        assertThat(lines("agent.log"))
                .containsExactly(
                        "before", "2 lines are missing here, because the file could not be written", "after", "later");
        assertThat(reported).hasSize(2).last().asString().endsWith("is written again; 2 lines are missing");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // there an open file cannot be deleted or replaced
    void aFileThatVanishedIsMadeAgain() throws Exception {
        try (LogFile log = log()) {
            log.write("one\n");
            Files.delete(folder.resolve("agent.log"));
            log.write("two\n");
            Files.move(folder.resolve("agent.log"), folder.resolve("by-another-program.log"));
            Files.writeString(folder.resolve("agent.log"), "new\n");
            log.write("three\n");
        }

        assertThat(lines("agent.log")).containsExactly("new", "three");
        assertThat(lines("by-another-program.log")).containsExactly("two");
        assertThat(reported).isEmpty();
    }

    @Test
    void aDirectoryThatVanishedIsReportedOnceAndTheLogGoesOnWhenItIsBack() throws Exception {
        Path below = Files.createDirectory(folder.resolve("logs"));
        try (LogFile log = new LogFile(below, disk, LARGEST, reported::add)) {
            Files.delete(below);
            log.write("lost\n");
            log.write("lost too\n");
            Files.createDirectory(below);
            log.write("back\n");
        }

        assertThat(Files.readAllLines(below.resolve("agent.log"))).last().isEqualTo("back");
        assertThat(reported).hasSize(2);
    }

    /** On Windows, while another program has the file open. */
    @Test
    void aFileThatCannotBeRenamedGrowsButNotWithoutEndAndNoOlderFileIsLost() throws Exception {
        for (int number = 1; number < 5; number++) {
            Files.writeString(folder.resolve("agent." + number + ".log"), "old " + number + "\n");
        }
        try (LogFile log = log()) {
            held = true;
            for (int i = 0; i < 1_000; i++) {
                log.write("a line\n");
            }
            assertThat(Files.size(folder.resolve("agent.log"))).isBetween(4L * LARGEST, 6L * LARGEST);
            assertThat(files()).containsExactly("agent.2.log", "agent.3.log", "agent.4.log", "agent.log");
            assertThat(lines("agent.2.log")).containsExactly("old 1");
            assertThat(reported).hasSize(2);
            assertThat(reported.get(0))
                    .contains("is large, but cannot be renamed: access to ")
                    .endsWith("It grows until this works again, to at most 500 bytes");
            assertThat(reported.get(1)).contains("cannot be written: it has ", "bytes and cannot be renamed");

            held = false;
            log.write("after\n");
        }

        assertThat(lines("agent.log")).hasSize(2).last().isEqualTo("after");
        assertThat(lines("agent.1.log")).first().isEqualTo("a line");
        assertThat(reported).hasSize(3);
    }

    @Test
    void halfALineOfAKilledProcessIsEnded() throws Exception {
        Files.writeString(folder.resolve("agent.log"), "whole\nhal");
        try (LogFile log = log()) {
            log.write("next\n");
        }

        assertThat(lines("agent.log")).containsExactly("whole", "hal", "next");
    }

    @Test
    void afterItsEndNothingIsWritten() throws Exception {
        LogFile log = log();
        log.write("one\n");
        log.close();
        log.write("two\n");

        assertThat(lines("agent.log")).containsExactly("one");
    }
}
