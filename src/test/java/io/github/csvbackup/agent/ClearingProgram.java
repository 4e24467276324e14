package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.audit.AuditChain;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditSettings;
import io.github.csvbackup.audit.RecordOpener;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.management.CsvBackupState;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.metrics.PollDurations;
import io.github.csvbackup.metrics.ScrapeFormat;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.state.StateFile;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.threads.Supervisor;
import io.github.csvbackup.watch.SharedPolls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The real clear with a stub cluster in its own JVM. Tests kill it, fill its disk or remove its disk. */
public final class ClearingProgram {
    private static final Caller ANN = new Caller(Role.OPERATOR, "ann", "test", "");
    private static final String REASON = "the test asks for it";
    /** The size in bytes at which an audit file is rotated. */
    private static final int LARGE = 512 * 1024;
    /** The rest of the last page of the disk has room for fewer clears. */
    private static final int CLEARS_IN_A_PAGE = 50;

    private static final int REMOUNTS = 50;

    private final Clock clock = Clock.systemUTC();
    private final StubCluster cluster = new StubCluster();
    private final Path folder;
    private final Pipeline pipeline;
    private final AuditFile audit;

    private ClearingProgram(Path folder) throws IOException {
        this.folder = folder;
        this.audit = AuditFile.open(folder, new AuditSettings("test", false, 0, LARGE, clock), RecordOpener.of());
        Options options = new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                AnonymousAccess.ASSESS,
                null,
                folder,
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                false,
                Duration.ofMillis(1),
                Duration.ofMillis(500),
                Duration.ofMinutes(1),
                true,
                AuditOptions.DEFAULT,
                1,
                1);
        this.pipeline = new Pipeline(cluster, audit, options, clock, Times.UTC);
    }

    public static void main(String[] args) throws Exception {
        ClearingProgram program = new ClearingProgram(Path.of(args[1]));
        switch (args[0]) {
            case "clears" -> program.clearUntilKilled();
            case "full" -> program.onAFullDisk();
            case "read-only" -> program.onADiskThatBecomesReadOnly();
            case "forbidden" -> program.withoutRights();
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(0);
    }

    /** Starts and clears like the agent. */
    private void clearUntilKilled() {
        StateWriter stateWriter =
                new StateWriter(new StateFile(folder.resolve("state.jsonl"), clock), pipeline, () -> {});
        stateWriter.restore();
        stateWriter.start();
        audit.started();
        pipeline.clearing.takeOver(audit.unfinished());
        pipeline.startFollowUps();
        tellOfUnfinished();
        clear(REASON);
        System.out.println("begun");
        while (true) {
            clear(REASON);
        }
    }

    /** The values of the MBean's attribute and of the metric. */
    private void tellOfUnfinished() {
        CsvBackupState bean = new CsvBackupState(
                Version.text(),
                cluster,
                pipeline.watcher,
                pipeline.guard,
                pipeline.clearing,
                new SharedPolls(pipeline.watcher, pipeline.settings, System::nanoTime),
                clock,
                Times.UTC,
                () -> ANN,
                List::of,
                null,
                false,
                pipeline.localAnswers,
                new LogLevels(),
                pipeline.leftovers);
        String metric = "";
        if (!bean.getUnfinishedClears().isEmpty()) {
            AgentMetrics metrics = new AgentMetrics(
                    new AgentMetrics.AgentFacts(Version.text(), "stub", false),
                    pipeline.watcher,
                    pipeline.guard,
                    pipeline.clearing::counts,
                    pipeline.clearing::abandoned,
                    pipeline.leftovers,
                    pipeline.clearing::auditStatus,
                    pipeline.settings,
                    new PollDurations(),
                    new HttpCounts(),
                    new Supervisor(),
                    clock);
            metric = metrics.scrape(ScrapeFormat.PLAIN)
                    .toString()
                    .lines()
                    .filter(line -> line.startsWith("csv_backup_unfinished_clears "))
                    .findFirst()
                    .orElse("no metric");
        }
        System.out.println("unfinished " + String.join("; ", bean.getUnfinishedClears()));
        System.out.println("metric " + metric);
    }

    private ClearResult clear(String reason) {
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        return pipeline.clearing.forceClear(StubCluster.VOLUME1, StubCluster.VOLUME1, reason, ANN);
    }

    private void onAFullDisk() throws IOException {
        System.out.println("before " + clear(REASON).outcome());
        Path ballast = folder.resolve("ballast");
        // Until nothing fits any more, neither into the last page of the audit nor into one that a failure gave back.
        for (int clears = 0, failures = 0; failures < 2; clears++) {
            fill(ballast);
            failures = clear(REASON).outcome() == Outcome.FAILED ? failures + 1 : 0;
            if (clears == 2 * CLEARS_IN_A_PAGE) {
                throw new IOException("the disk takes ever more");
            }
        }
        fill(ballast);
        // The length of an intent varies by some characters, so another one could still fit; a longer one cannot.
        clearInVain("full", REASON + " again".repeat(30));
        Files.delete(folder.resolve("ballast"));
        tellOfTheEnd();
    }

    /**
     * A file system with an open file cannot become read-only without a disk error, which needs a real disk. The audit closes its file after a failure,
     * so this first fills the disk.
     */
    private void onADiskThatBecomesReadOnly() throws Exception {
        System.out.println("before " + clear(REASON).outcome());
        fill(folder.resolve("ballast"));
        for (int tries = 0; !remount("ro"); tries++) {
            if (tries == REMOUNTS) {
                throw new IOException("the audit stays open");
            }
            clear(REASON);
        }
        clearInVain("read-only", REASON);
        if (!remount("rw")) {
            throw new IOException("it cannot be made writable again");
        }
        Files.delete(folder.resolve("ballast"));
        tellOfTheEnd();
    }

    private boolean remount(String how) throws Exception {
        Process mount = new ProcessBuilder("mount", "-o", "remount," + how, folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return mount.waitFor() == 0;
    }

    /** An open file stays writable after its permissions change. So this uses an audit file that is rotated, and a new one is opened. */
    private void withoutRights() throws Exception {
        Path record = folder.resolve("audit.jsonl");
        System.out.println("before " + clear(REASON).outcome());
        audit.append(new AuditLine(
                "", "note", clock.instant(), Map.of("texts", Collections.nCopies(LARGE / 1000, "x".repeat(1000)))));
        Files.setPosixFilePermissions(record, PosixFilePermissions.fromString("r--------"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
        clearInVain("forbidden", REASON);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(record, PosixFilePermissions.fromString("rw-------"));
        tellOfTheEnd();
    }

    private void clearInVain(String when, String reason) {
        int calls = cluster.cleared.size();
        long failed = pipeline.clearing.counts().total(Outcome.FAILED);
        ClearResult result = clear(reason);
        System.out.println(when + " " + result.outcome() + " " + result.message());
        System.out.println("calls " + (cluster.cleared.size() - calls));
        System.out.println("counted " + (pipeline.clearing.counts().total(Outcome.FAILED) - failed));
    }

    private void tellOfTheEnd() throws IOException {
        System.out.println("after " + clear(REASON).outcome());
        System.out.println("broken " + AuditChain.verify(folder, null).problems());
    }

    /** Adds to the file until the disk is full. */
    private static void fill(Path ballast) {
        byte[] block = new byte[512];
        try (var out = Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            System.out.println("the disk is full: " + e.getMessage());
        }
    }
}
