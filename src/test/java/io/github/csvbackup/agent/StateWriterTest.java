package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.state.StateFile;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.text.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateWriterTest {
    @TempDir
    Path folder;

    private Options options() {
        return new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                AnonymousAccess.ASSESS,
                null,
                folder,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                false,
                Duration.ofMinutes(30),
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                true,
                AuditOptions.DEFAULT,
                1,
                1);
    }

    /** An attribute of new files that fails a given number of times. */
    private record PlantedFailure(AtomicInteger failures) implements FileAttribute<Set<PosixFilePermission>> {
        @Override
        public String name() {
            return "posix:permissions";
        }

        @Override
        public Set<PosixFilePermission> value() {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("planted");
            }
            return PosixFilePermissions.fromString("rw-------");
        }
    }

    private static Outcome clear(StubCluster cluster, Pipeline pipeline) {
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        Caller ann = new Caller(Role.OPERATOR, "ann", "test", "");
        return pipeline.clearing
                .forceClear(StubCluster.VOLUME1, StubCluster.VOLUME1, "to see what is written", ann)
                .outcome();
    }

    /** A thousand volumes are half a megabyte in each poll. */
    @Test
    void whatDidNotChangeIsNotWrittenAgain() {
        StubCluster cluster = new StubCluster();
        try (Pipeline pipeline = new Pipeline(cluster, line -> {}, options(), Clock.systemUTC(), Times.UTC)) {
            StateWriter.Saved first = saved(pipeline, 0);
            StateWriter.Saved later = saved(pipeline, Duration.ofMinutes(59).toNanos());
            assertThat(later.snapshot()).isNotEqualTo(first.snapshot());
            assertThat(StateWriter.isCurrent(first, later))
                    .as("no state is set")
                    .isTrue();
            assertThat(StateWriter.isCurrent(
                            first, saved(pipeline, Duration.ofMinutes(60).toNanos())))
                    .as("the times of quiet are old")
                    .isFalse();

            cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
            StateWriter.Saved set = saved(pipeline, 0);
            assertThat(StateWriter.isCurrent(later, set)).isFalse();
            assertThat(StateWriter.isCurrent(
                            set, saved(pipeline, Duration.ofSeconds(59).toNanos())))
                    .as("a state is set, and its times are recent")
                    .isTrue();
            assertThat(StateWriter.isCurrent(
                            set, saved(pipeline, Duration.ofSeconds(60).toNanos())))
                    .isFalse();

            StateWriter.Saved audited = new StateWriter.Saved(
                    set.snapshot(), set.clearing(), null, new Mark(1, "0".repeat(64)), set.nanos());
            assertThat(StateWriter.isCurrent(set, audited)).isFalse();

            pipeline.leftovers.restoreState(List.of(StateLine.of("leftover")
                    .with("what", "stuck_machine")
                    .with("id", "1F")
                    .with("since", Instant.EPOCH)
                    .with("last", Instant.EPOCH)));
            StateWriter.Saved seen = new StateWriter.Saved(
                    set.snapshot(), set.clearing(), pipeline.leftovers.sightings(), set.audit(), set.nanos());
            assertThat(StateWriter.isCurrent(set, seen)).as("a machine is seen").isFalse();
            assertThat(StateWriter.isCurrent(seen, seen)).isTrue();

            assertThat(clear(cluster, pipeline)).isEqualTo(Outcome.CLEARED);
            assertThat(StateWriter.isCurrent(set, saved(pipeline, 0)))
                    .as("counters")
                    .isFalse();
        }
    }

    private static boolean replaces(StateWriter stateWriter, Path file) throws IOException {
        Files.writeString(file, "as before");
        stateWriter.write(false);
        return !Files.readString(file).equals("as before");
    }

    private static int replacements(int polls, Pipeline pipeline, StateWriter stateWriter, Path file)
            throws IOException {
        int replacements = 0;
        for (int i = 0; i < polls; i++) {
            pipeline.watcher.refresh();
            replacements += replaces(stateWriter, file) ? 1 : 0;
        }
        return replacements;
    }

    @Test
    void aPollThatFoundNoChangeDoesNotReplaceTheFileAndAChangeReplacesItOnce() throws Exception {
        Path file = folder.resolve("state.jsonl");
        StubCluster cluster = new StubCluster();
        Clock clock = Clock.systemUTC();
        try (Pipeline pipeline = new Pipeline(cluster, line -> {}, options(), clock, Times.UTC);
                StateWriter stateWriter = new StateWriter(new StateFile(file, clock), pipeline, () -> {})) {
            pipeline.watcher.refresh();
            stateWriter.write(false);
            assertThat(Files.readString(file)).as("the first").contains("Volume10");

            assertThat(replacements(20, pipeline, stateWriter, file)).isZero();

            cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
            assertThat(replacements(20, pipeline, stateWriter, file)).as("set").isEqualTo(1);

            cluster.set(StubCluster.VOLUME10, BackupState.NONE);
            assertThat(replacements(20, pipeline, stateWriter, file))
                    .as("ended")
                    .isEqualTo(1);
        }
    }

    private static StateWriter.Saved saved(Pipeline pipeline, long nanos) {
        return new StateWriter.Saved(pipeline.watcher.refresh(), pipeline.clearing.saveState(), null, Mark.NONE, nanos);
    }

    /** After any failure, the thread still runs at the next poll and writes what it could not write before. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the attribute is one of POSIX")
    void anErrorOrInterruptDoesNotEndTheWriting() throws Exception {
        Path file = folder.resolve("state.jsonl");
        AtomicInteger failures = new AtomicInteger(1);
        Clock clock = Clock.systemUTC();
        try (Pipeline pipeline = new Pipeline(new StubCluster(), line -> {}, options(), clock, Times.UTC)) {
            StateWriter stateWriter =
                    new StateWriter(new StateFile(file, clock, new PlantedFailure(failures)), pipeline, () -> {});
            stateWriter.start();
            pipeline.watcher.refresh();
            while (stateWriter.loop().failures() == 0) {
                Thread.onSpinWait();
            }
            stateWriter.loop().interrupt();
            while (!Files.exists(file)) {
                Thread.onSpinWait();
            }
            while (stateWriter.loop().isInTrouble()) {
                Thread.onSpinWait();
            }
            stateWriter.close();
        }
    }

    @Test
    void aClearWhoseThreadIsInterruptedSaysThatItWroteNothing() throws Exception {
        StubCluster cluster = new StubCluster();
        Path file = folder.resolve("state.jsonl");
        try (Pipeline pipeline = new Pipeline(cluster, line -> {}, options(), Clock.systemUTC(), Times.UTC);
                StateWriter stateWriter = new StateWriter(new StateFile(file, Clock.systemUTC()), pipeline, () -> {});
                LogLines lines = new LogLines(StateWriter.class.getName())) {
            stateWriter.start();
            Thread caller = Thread.currentThread();
            cluster.duringClear = caller::interrupt;
            clear(cluster, pipeline);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(lines.lines())
                    .anyMatch(
                            line -> line.endsWith(
                                    "Times and counters were not saved for a restart: the thread of the clear was interrupted"));
        }
    }

    @Test
    void aClearWritesAtOnceAndAfterTheEndNothingIsWritten() throws Exception {
        Path file = folder.resolve("state.jsonl");
        StubCluster cluster = new StubCluster();
        try (Pipeline pipeline = new Pipeline(cluster, line -> {}, options(), Clock.systemUTC(), Times.UTC)) {
            StateWriter stateWriter = new StateWriter(new StateFile(file, Clock.systemUTC()), pipeline, () -> {});
            stateWriter.start();
            assertThat(clear(cluster, pipeline)).isEqualTo(Outcome.CLEARED);
            assertThat(Files.readString(file)).contains("\"follow-up\"").contains("CLEARED");

            stateWriter.close();
            // Another agent uses the folder now.
            Files.delete(file);
            assertThat(clear(cluster, pipeline)).isEqualTo(Outcome.CLEARED);

            assertThat(file).doesNotExist();
        }
    }
}
