package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VolumeTableTest {
    private static final Instant NOW = Instant.parse("2026-11-29T17:22:04Z");
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private final StubCluster cluster = new StubCluster();

    private Snapshot poll() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        NodeEvidence evidence =
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, () -> 0);
        Watcher watcher = new Watcher(cluster, evidence, SETTINGS, clock, () -> 0);
        watcher.pollOnce();
        return watcher.snapshot();
    }

    private static VolumeView volume(String name, @Nullable Duration age, String verdict, @Nullable String problem) {
        Instant since = age == null ? null : NOW.minus(age);
        return new VolumeView(
                name,
                "guid",
                "Cluster Disk",
                "NODE2",
                age == null ? "NONE" : "IN_PROGRESS",
                "NO_FAULTS",
                since == null ? null : since.toString(),
                since == null ? 0 : since.toEpochMilli(),
                0,
                age != null && age.compareTo(Duration.ofMinutes(30)) > 0,
                verdict,
                null,
                0,
                problem);
    }

    private static List<String> lines(BackupStateSupport support, Snapshot snapshot, VolumeView... volumes) {
        Times berlin = new Times(instant -> ZoneOffset.ofHours(1));
        return new VolumeTable(support, berlin, NOW).lines(snapshot, List.of(volumes));
    }

    @Test
    void theColumnsAreAlignedAndTimesAreLocal() {
        assertThat(lines(
                        BackupStateSupport.DOCUMENTED,
                        poll(),
                        volume("C:\\ClusterStorage\\Volume1", Duration.ofMinutes(65), "CLEARABLE", null),
                        volume("C:\\ClusterStorage\\Volume10", null, "IDLE", null),
                        volume("C:\\ClusterStorage\\SQL", Duration.ofHours(50), "ACTIVE", "not readable"),
                        volume("C:\\ClusterStorage\\x\ny", Duration.ofSeconds(190), "RECENT", null)))
                .isEqualTo("""
                        Volume                     Verdict   State                      Age        Stale Since                      OwnerNode Node
                        C:\\ClusterStorage\\Volume1  CLEARABLE IN_PROGRESS                1 h 5 min  True  2026-11-29 17:17:04 +01:00 NODE2     NODE1
                        C:\\ClusterStorage\\Volume10 IDLE      NONE                                  False                            NODE2     NODE1
                        C:\\ClusterStorage\\SQL      ACTIVE    IN_PROGRESS (not read now) 2 d 2 h    True  2026-11-27 16:22:04 +01:00 NODE2     NODE1
                        C:\\ClusterStorage\\x\\u000ay RECENT    IN_PROGRESS                3 min 10 s False 2026-11-29 18:18:54 +01:00 NODE2     NODE1
                        """.lines().toList());
    }

    @Test
    void whatTheVolumesDoNotShowIsALineOfItsOwn() {
        cluster.unreadable.add(
                new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5)));
        assertThat(lines(BackupStateSupport.SIMULATED, poll(), volume("V", null, "IDLE", null)))
                .hasSize(4)
                .contains("SIMULATED: this is not a real cluster.")
                .last()
                .asString()
                .startsWith("Shared disks that cannot be read: 1. Cluster Disk 7: OpenClusterResourceEx failed");

        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1753);
        assertThat(lines(BackupStateSupport.DOCUMENTED, poll()))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("The last poll failed: OpenClusterEx failed with EPT_S_NOT_REGISTERED (1753)");
        assertThat(lines(BackupStateSupport.DOCUMENTED, Snapshot.initial(NOW)))
                .containsExactly(
                        "Volume Verdict State Age Stale Since OwnerNode Node", "The cluster has not been read yet.");
    }

    @Test
    void idleOnAWindowsThatMayNeverReportTheStateSaysSo() {
        assertThat(lines(BackupStateSupport.UNVERIFIED, poll(), volume("V", null, "IDLE", null)))
                .last()
                .asString()
                .contains(" NONE (may never be reported) ");
    }
}
