package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.audit.AuditChain;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.state.StateFile;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Clears that are killed in the middle, and clears without room on the disk. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class CrashIT {
    private static final int KILLS = 200;

    @TempDir
    Path folder;

    private static List<String> program(String mode, Path folder) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classPath,
                ClearingProgram.class.getName(),
                mode,
                folder.toString());
    }

    /** Intents that have neither outcome nor a line that tells of them, by the record itself. */
    private static Set<String> dangling(Path folder) throws Exception {
        Set<String> open = new HashSet<>();
        AuditChain.read(folder, (file, number, text, record) -> {
            if (record != null) {
                switch (record.text("kind")) {
                    case "intent" -> open.add(record.text("id"));
                    case "outcome", "unfinished" -> open.remove(record.text("id"));
                    default -> {}
                }
            }
        });
        return open;
    }

    @Test
    void killedAtAnyPointTheRecordHoldsAndTheStateIsSound() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int danglings = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int expected = dangling(folder).size();
            Process process = new ProcessBuilder(program("clears", folder))
                    .redirectError(folder.resolve("stderr.txt").toFile())
                    .start();
            try (BufferedReader out = process.inputReader()) {
                assertThat(out.readLine())
                        .as("seed %s, kill %s: %s", seed, kill, Files.readString(folder.resolve("stderr.txt")))
                        .isEqualTo("unfinished " + expected);
                // Classes are loaded by then, so that the kill hits clears and not the start of the JVM.
                assertThat(out.readLine()).isEqualTo("begun");
                // The point is random, and no condition: this is what the test is about.
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(60_000)));
                process.destroyForcibly().waitFor();
            }

            try (AuditFile healed = AuditFile.open(folder, "test")) {
                assertThat(healed.unfinished())
                        .extracting(line -> line.text("id"))
                        .containsAll(dangling(folder));
            }
            assertThat(AuditChain.verify(folder).broken())
                    .as("seed %s, kill %s", seed, kill)
                    .isNull();
            danglings += dangling(folder).size();
            assertThat(dangling(folder)).as("one clear at a time").hasSizeLessThanOrEqualTo(1);
            int lines = new StateFile(folder.resolve("state.txt"), Clock.systemUTC())
                    .load()
                    .size();
            assertThat(lines).as("seed %s, kill %s", seed, kill).isIn(0, 50);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().contains("damaged"));
        }
        assertThat(danglings).as("some kills hit a clear in its middle").isPositive();
    }

    @Test
    void aFullDiskLetsNothingBeClearedAndIsSaid() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=64k tmpfs \"$0\" && exec \"$@\"",
                folder.toString()));
        command.addAll(program("full", folder));
        Path output = Files.createTempFile("full-disk", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            String said = Files.readString(output);
            if (said.contains("unshare failed") || said.contains("mount: ")) {
                throw RealPart.missing("A file system of its own cannot be mounted here (unshare -rm): " + said);
            }

            assertThat(said)
                    .contains("before CLEARED")
                    .contains("the disk is full: No space left on device")
                    .contains("full FAILED Not called: the audit could not be written (No space left on device)")
                    .contains("nothing is cleared without it. Make room")
                    .contains("calls 1")
                    .contains("counted 1")
                    .contains("after CLEARED");
        } finally {
            Files.delete(output);
        }
    }
}
