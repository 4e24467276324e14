package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import io.github.csvbackup.RealPart;
import io.github.csvbackup.audit.AuditChain;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.ChainLine;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.state.StateFile;
import io.github.csvbackup.state.StateLine;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Clears that are killed in the middle, and clears with a disk that cannot be written. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class CrashIT {
    @TempDir
    Path folder;

    private static List<String> program(String mode, Path folder) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Jit.FIRST_COMPILER,
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classPath,
                ClearingProgram.class.getName(),
                mode,
                folder.toString());
    }

    /** The clears in the audit, by their ids, oldest first. */
    private static final class Clears implements AuditChain.Reader {
        /** Intents without an outcome and without a line that reports this. */
        private final List<String> dangling = new ArrayList<>();

        private final List<String> done = new ArrayList<>();

        static Clears of(Path folder) throws Exception {
            Clears clears = new Clears();
            AuditChain.read(folder, clears);
            return clears;
        }

        @Override
        public void line(ChainLine line) {
            AuditRecord record = line.record();
            if (record == null) {
                return;
            }
            String id = record.text("id");
            switch (record.text("kind")) {
                case "intent" -> dangling.add(id);
                case "unfinished" -> dangling.remove(id);
                case "outcome" -> {
                    assertThat(record.text("outcome")).isEqualTo(Outcome.CLEARED.name());
                    dangling.remove(id);
                    done.add(id);
                }
                default -> {}
            }
        }
    }

    @Test
    void killedAtAnyPointTheRecordHoldsAndTheStateIsSound() throws Exception {
        recordHoldsAndStateIsSoundAfterKills(40, new Random(40));
    }

    @Test
    @Tag("long")
    void killedAtManyMorePointsTheRecordHoldsAndTheStateIsSound() throws Exception {
        recordHoldsAndStateIsSoundAfterKills(160, new Random(160));
    }

    private void recordHoldsAndStateIsSoundAfterKills(int kills, Random random) throws Exception {
        int danglings = 0;
        for (int kill = 0; kill < kills; kill++) {
            String where = "kill " + kill + " of " + kills;
            clearAndKill(Clears.of(folder).dangling, random, where);

            Clears clears = Clears.of(folder);
            danglings += clears.dangling.size();
            assertThat(clears.dangling).as("one clear at a time, %s", where).hasSizeLessThanOrEqualTo(1);
            try (AuditFile healed = AuditFile.open(folder, "test")) {
                assertThat(healed.status().mismatch()).as(where).isNull();
                assertThat(healed.unfinished())
                        .as(where)
                        .extracting(line -> line.text("id"))
                        .containsExactlyElementsOf(clears.dangling);
            }
            assertThat(AuditChain.verify(folder, null).problems()).as(where).isEmpty();
            stateIsSound(clears.done, danglings, where);
        }
        assertThat(danglings).as("some kills interrupt a clear").isPositive();
    }

    /** Starts the program, which must report what the previous one did not finish, and kills it while it clears. */
    private void clearAndKill(List<String> unfinished, Random random, String where) throws Exception {
        Path log = folder.resolve("stderr.txt");
        Process process = new ProcessBuilder(program("clears", folder))
                .redirectError(log.toFile())
                .start();
        try (BufferedReader out = process.inputReader()) {
            String attribute = out.readLine();
            String metric = out.readLine();
            String said = Files.readString(log);
            assertThat(attribute).as("%s: %s", where, said).isNotNull();
            if (unfinished.isEmpty()) {
                assertThat(attribute).as(where).isEqualTo("unfinished ");
                assertThat(said).as(where).doesNotContain("has no outcome");
            } else {
                String told = "(" + unfinished.get(0) + ") has no outcome";
                assertThat(attribute)
                        .as(where)
                        .containsOnlyOnce("has no outcome")
                        .contains(told);
                assertThat(metric).as(where).isEqualTo("metric csv_backup_unfinished_clears 1.0");
                assertThat(said).as(where).containsOnlyOnce("has no outcome").contains(told, " WARN ");
            }
            // Now the classes are loaded, so the kill interrupts clears and not the start of the JVM.
            assertThat(out.readLine()).as("%s: %s", where, said).isEqualTo("begun");
            // A random time instead of a condition: this is the purpose of the test.
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(60_000)));
            process.destroyForcibly().waitFor();
        }
    }

    /**
     * Each clear is in the state file before its outcome is in the audit, so it is counted and checked later.
     *
     * @param danglings the number of clears that may or may not be in the file
     */
    private void stateIsSound(List<String> done, int danglings, String where) throws Exception {
        List<StateLine> lines = new StateFile(folder.resolve("state.jsonl"), Clock.systemUTC()).load();
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .as(where)
                    .noneMatch(file -> file.getFileName().toString().contains("damaged"));
        }
        assertThat(lines)
                .as(where)
                .filteredOn(line -> line.kind().equals("requests"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.text("volume")).isEqualTo(StubCluster.VOLUME1);
                    assertThat(line.text("outcome")).isEqualTo(Outcome.CLEARED.name());
                    assertThat(line.count("count")).isBetween((long) done.size(), (long) done.size() + danglings);
                });
        String last = done.get(done.size() - 1);
        assertThat(lines)
                .as("%s: the check after %s", where, last)
                .anyMatch(
                        line -> (line.kind().equals("follow-up") || line.kind().equals("judged"))
                                && line.text("auditId").equals(last));
    }

    /** Runs the program in separate namespaces, and returns its output without the log. */
    private static String runApart(List<String> unshare, List<String> program) throws Exception {
        List<String> command = new ArrayList<>(unshare);
        command.addAll(program);
        Path output = Files.createTempFile("apart", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(1, TimeUnit.MINUTES);
            String said = Files.readString(output);
            if (said.contains("unshare failed") || said.contains("mount: ")) {
                throw RealPart.missing("A program cannot be given a disk or a user of its own here (unshare): " + said);
            }
            assertThat(ended).as(said).isTrue();
            // A line of the watch can appear between any two lines.
            return said.lines()
                    .filter(line -> !line.matches("[0-9-]{10}T\\S+ (INFO|WARN|ERROR) .*"))
                    .collect(Collectors.joining("\n"));
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(output);
        }
    }

    private String runOnADiskOfItsOwn(String mode) throws Exception {
        return runApart(
                List.of(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=64k tmpfs \"$0\" && exec \"$@\"",
                        folder.toString()),
                program(mode, folder));
    }

    @Test
    void aFullDiskLetsNothingBeClearedAndIsSaid() throws Exception {
        assertThat(runOnADiskOfItsOwn("full"))
                .contains("before CLEARED")
                .contains("the disk is full: No space left on device")
                .contains(
                        "full FAILED The clear function was not called: the audit could not be written (No space left on device)")
                .contains("nothing is cleared without it. Free disk space")
                .contains("calls 0\ncounted 1\nafter CLEARED\nbroken []");
    }

    @Test
    void aDiskThatHasBecomeReadOnlyLetsNothingBeClearedAndIsSaid() throws Exception {
        assertThat(runOnADiskOfItsOwn("read-only"))
                .contains("before CLEARED")
                .contains("read-only FAILED The clear function was not called: the audit could not be written ("
                        + folder.resolve("audit.jsonl")
                        + " (Read-only file system)), and nothing is cleared without it.")
                .contains("fix the permissions of the state directory")
                .contains("calls 0\ncounted 1\nafter CLEARED\nbroken []");
    }

    /** In a namespace without users, file permissions apply to the program even if root runs the tests. */
    @Test
    void missingRightsLetNothingBeClearedAndAreSaid() throws Exception {
        Path own = Files.createDirectory(folder.resolve("own"));

        assertThat(runApart(List.of("unshare", "-U"), program("forbidden", own)))
                .contains("before CLEARED")
                .contains("forbidden FAILED The clear function was not called: the audit could not be written ("
                        + own.resolve("audit.jsonl") + " (Permission denied)), and nothing is cleared without it.")
                .contains("fix the permissions of the state directory")
                .contains("calls 0\ncounted 1\nafter CLEARED\nbroken []");
        assertThat(own.resolve("audit-000000000003.jsonl"))
                .as("rotated as soon as possible")
                .exists();
    }
}
