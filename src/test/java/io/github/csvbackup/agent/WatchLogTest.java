package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.WatchEvent;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines in the agent's log for an administrator. */
class WatchLogTest {
    @Test
    void whatBeginsAndWhatIsOverIsALineWithTheRemedy() throws Exception {
        UnreadableDisk disk =
                new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5));
        Instant now = Instant.EPOCH;
        WatchedVolume stale = new WatchedVolume(
                new StubCluster().volumes.get(StubCluster.VOLUME1),
                null,
                new Moment(now, null),
                null,
                now,
                now,
                true,
                1,
                null,
                true);
        try (LogLines log = new LogLines(WatchLog.class.getName())) {
            List.of(
                            new WatchEvent.Stale(stale),
                            new WatchEvent.PollFailing(new Problem("it failed", "Repair it.")),
                            new WatchEvent.PollRecovered(),
                            new WatchEvent.DiskUnreadable(disk),
                            new WatchEvent.DiskRecovered("Cluster Disk 7"))
                    .forEach(event -> WatchLog.accept(event, VolumeNames.of(List.of(stale.volume()))));

            assertThat(log.lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .endsWith(" WARN  The backup state of C:\\ClusterStorage\\Volume1 is stale"),
                            line -> assertThat(line).endsWith(" WARN  Polls fail: it failed. Repair it."),
                            line -> assertThat(line).endsWith(" INFO  Polls succeed again"),
                            line -> assertThat(line)
                                    .contains(
                                            " WARN  A shared disk cannot be read. Cluster Disk 7: OpenClusterResourceEx failed")
                                    .endsWith(disk.problem().remedy()),
                            line -> assertThat(line)
                                    .endsWith(
                                            " INFO  Cluster Disk 7 is no longer among the disks that cannot be read"));
        }
    }
}
