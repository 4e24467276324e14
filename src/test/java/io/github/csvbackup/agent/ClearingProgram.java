package io.github.csvbackup.agent;

import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.state.StateFile;
import io.github.csvbackup.state.StateLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The real clear over a stub cluster in a JVM of its own, which tests kill or give a full disk. */
public final class ClearingProgram {
    private static final Caller ANN = new Caller("operator", "ann", "test", "");
    private static final String REASON = "the test asks for it";

    private ClearingProgram() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        AuditFile audit = AuditFile.open(folder, "test");
        StubCluster cluster = new StubCluster();
        Options options = new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                RemoteAccess.NONE,
                folder,
                Duration.ofMillis(100),
                Duration.ofMillis(1),
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                true,
                1,
                1);
        Core core = new Core(cluster, audit, options, Clock.systemUTC());
        core.clearing.takeOver(audit.unfinished());
        System.out.println("unfinished " + core.clearing.unfinished().size());
        if (args[0].equals("full")) {
            onAFullDisk(folder, cluster, core);
        } else {
            for (int round = 0; ; round++) {
                clear(cluster, core);
                if (round == 0) {
                    System.out.println("begun");
                }
                saveALot(new StateFile(folder.resolve("state.txt"), Clock.systemUTC()), round);
            }
        }
    }

    private static ClearResult clear(StubCluster cluster, Core core) {
        return clear(cluster, core, REASON);
    }

    private static ClearResult clear(StubCluster cluster, Core core, String reason) {
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        return core.clearing.forceClear(StubCluster.VOLUME1, StubCluster.VOLUME1, reason, ANN);
    }

    private static void saveALot(StateFile state, int round) throws IOException {
        List<StateLine> lines = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            lines.add(StateLine.of("requests", "volume" + i, "CLEARED", round));
        }
        state.save(lines);
    }

    private static void onAFullDisk(Path folder, StubCluster cluster, Core core) throws IOException {
        System.out.println("before " + clear(cluster, core).outcome());
        fill(folder.resolve("ballast"));
        // An intent that does not fit into what is left of the record's last page.
        ClearResult refused = clear(cluster, core, REASON.repeat(200));
        System.out.println("full " + refused.outcome() + " " + refused.message());
        System.out.println("calls " + cluster.cleared.size());
        System.out.println("counted " + core.clearing.counts().total(refused.outcome()));
        Files.delete(folder.resolve("ballast"));
        System.out.println("after " + clear(cluster, core).outcome());
        System.exit(0);
    }

    private static void fill(Path ballast) {
        byte[] block = new byte[512];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            System.out.println("the disk is full: " + e.getMessage());
        }
    }
}
