package io.github.csvbackup.http.page;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.peer.PeerStatus;
import io.github.csvbackup.text.PiecedText;
import io.github.csvbackup.watch.Snapshot;
import java.util.List;
import java.util.Map;

/**
 * What the page says, by the place in {@code page.html}.
 *
 * @param peers the last question to the agent of each other node; empty if none are asked
 * @param leftovers what is known of what failed backups left behind
 * @param version the agent's
 * @param address the agent's address, for the commands to copy
 */
record Page(
        Reading reading,
        Guard guard,
        ClearCounts clears,
        Cluster cluster,
        List<PeerStatus> peers,
        Leftovers leftovers,
        String version,
        String address) {

    Map<String, PiecedText> contents() {
        Overview overview = Overview.of(reading, guard);
        Banner banner = new Banner(reading, overview, clears, cluster.backupStateSupport());
        Html title = banner.title(cluster.backend());
        Html top = new Html();
        simulated(top);
        banner.write(top);
        Html volumes = new Html();
        new VolumeCards(reading, new Commands(address), clears.last()).write(volumes, overview.set());
        new UnreadableDisks(reading).write(volumes, overview.unread());
        new RedirectedVolumes(reading).write(volumes);
        new LeftoverSection(reading, leftovers).write(volumes);
        new LastClears(reading).write(volumes, clears.last());
        new IdleVolumes(reading).write(volumes, overview.idle());
        new OtherAgents(reading, peers).write(volumes);
        new SaidByNodes(reading).write(volumes);
        return Map.of(
                "title", title.build(),
                "where", where().build(),
                "banner", top.build(),
                "volumes", volumes.build(),
                "agent", agent().build());
    }

    private void simulated(Html html) {
        if (cluster.backend() == Backend.SIMULATED) {
            html.markup("<p class=\"simulated\"><strong>SIMULATED.</strong>")
                    .markup(" This is a simulated cluster, not a real one.</p>");
        }
    }

    private Html where() {
        Snapshot snapshot = reading.snapshot();
        return new Html()
                .text(
                        snapshot.clusterName().isEmpty()
                                ? ""
                                : ", node " + snapshot.localNode() + " of cluster " + snapshot.clusterName());
    }

    private Html agent() {
        return new Html()
                .text("Version " + version + "; " + cluster.backupStateSupport().sentence() + ".");
    }
}
