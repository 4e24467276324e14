package io.github.csvbackup.http.page;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.OddNames;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.http.Reply;
import io.github.csvbackup.http.Request;
import io.github.csvbackup.http.RequestBody;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverSamples;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.peer.PeerStatus;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A cluster whose answers a test sets, and its page, at times that the test sets. */
final class Scene {
    static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    /** In a time zone of its own, with an offset of two hours. */
    static final Times TIMES = new Times(instant -> ZoneOffset.ofHours(2));

    static final String LOCAL = "http://127.0.0.1:8778/";

    final MovableClock clock = new MovableClock();
    final StubCluster cluster = new StubCluster();
    final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
            SETTINGS,
            clock,
            clock::nanoTime);
    final Guard guard = new Guard(SETTINGS, TIMES);
    ClearCounts clears = new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, ClearTimes.NONE);
    List<PeerStatus> peers = List.of();
    Leftovers leftovers = Leftovers.none(Leftovers.Answer.NOT_ASKED);
    int made;

    final PageEndpoint page = new PageEndpoint(
            new PageEndpoint.Facts("1.2.3", cluster, this::counted, () -> "12:0a", TIMES, () -> peers, () -> leftovers),
            watcher,
            guard,
            SETTINGS,
            clock);

    Scene() {
        cluster.answersAtOnce = true;
    }

    /** The page asks once each time that it is made. */
    private ClearCounts counted() {
        made++;
        return clears;
    }

    /** Time passes, with a poll each ten seconds. */
    void polls(Duration time) {
        for (Duration left = time; !left.isNegative() && !left.isZero(); left = left.minusSeconds(10)) {
            clock.advance(Duration.ofSeconds(10));
            watcher.refresh();
        }
    }

    /** Another volume of this node. */
    String add(int number) {
        String path = "C:\\ClusterStorage\\Volume" + number;
        cluster.put(new Volume(
                "id-" + number,
                "Cluster Disk " + number,
                "NODE1",
                ResourceState.ONLINE,
                path,
                StubCluster.guid(number),
                FaultState.NO_FAULTS,
                BackupState.NONE));
        return path;
    }

    void set(String path) {
        cluster.set(path, BackupState.IN_PROGRESS);
    }

    /** Three volumes in an incident: one is clearable, one is recent, one is idle; and one was cleared. */
    static Scene incident() {
        Scene scene = new Scene();
        String two = scene.add(2);
        scene.watcher.refresh();
        scene.set(two);
        scene.polls(Duration.ofMinutes(41));
        scene.set(StubCluster.VOLUME1);
        scene.polls(Duration.ofMinutes(24));
        Instant cleared = scene.clock.instant().minus(Duration.ofMinutes(52));
        scene.cleared(Map.of(StubCluster.VOLUME10, Map.of(Outcome.CLEARED, cleared)), Map.of(), 0);
        return scene;
    }

    /** 300 volumes, each section of the page, and names that are hard to show. */
    static Scene disaster() {
        Scene scene = new Scene();
        List<VolumeIoState.Reason> reasons = List.of(VolumeIoState.Reason.values());
        List<VolumeIoState> io = new ArrayList<>();
        for (int n = 100; n < 398; n++) {
            String path = scene.add(n);
            io.add(VolumeIoState.of(
                    path, StubCluster.guid(n), "NODE" + (n % 2 + 1), 3, Set.of(reasons.get(n % reasons.size()))));
        }
        int odd = 100;
        for (String name : OddNames.all()) {
            scene.cluster.rename("C:\\ClusterStorage\\Volume" + odd, OddNames.path(name));
            odd++;
        }
        scene.watcher.refresh();
        for (int n = 100; n < 160; n++) {
            scene.cluster.volumes.computeIfPresent(
                    "C:\\ClusterStorage\\Volume" + n, (key, volume) -> StubCluster.in(volume, BackupState.IN_PROGRESS));
        }
        for (int n = 300; n < 320; n++) {
            scene.cluster.unreadable.add(new UnreadableDisk(
                    "id-" + n,
                    "Cluster Disk " + n,
                    ClusterException.win32("ClusterResourceControl", n % 2 == 0 ? 5 : 21)));
        }
        scene.live(StubCluster.guid(130), StubCluster.guid(131));
        scene.polls(Duration.ofMinutes(64));
        // Not before: the stub looks for them at each poll, which takes long.
        scene.cluster.io = io;
        scene.polls(Duration.ofMinutes(1));
        Map<String, Map<Outcome, Instant>> last = new HashMap<>();
        for (int n = 100; n < 120; n++) {
            last.put(
                    scene.cluster.volumes.get("C:\\ClusterStorage\\Volume" + n).friendlyPath(),
                    Map.of(Outcome.REFUSED, scene.clock.instant().minusSeconds(n)));
        }
        scene.cleared(last, Map.of(StubCluster.VOLUME1, scene.clock.instant()), 2);
        Instant now = scene.clock.instant();
        VolumeKey volume =
                scene.cluster.volumes.get("C:\\ClusterStorage\\Volume397").key();
        scene.leftovers = LeftoverSamples.failed(
                now,
                now.minusSeconds(900),
                OddNames.all().stream()
                        .map(name -> LeftoverSamples.checkpoint(
                                volume, name, 1, now.minusSeconds(200_000), new DifferencingDisks(2, 1 << 30, false)))
                        .toArray(Leftover[]::new));
        return scene;
    }

    void cleared(Map<String, Map<Outcome, Instant>> last, Map<String, Instant> suspect, long unfinished) {
        clears = new ClearCounts(Map.of(), Map.of(), Map.of(), 0, unfinished, new ClearTimes(last, Map.of(), suspect));
    }

    /** Backups of these volumes run on NODE2. */
    void live(String... guids) {
        cluster.shadowCopies.put(
                "NODE2",
                Arrays.stream(guids)
                        .map(guid ->
                                new ShadowCopy("{c}", "{s}", "{p}", guid, "NODE2", false, ShadowCopy.CREATED, null))
                        .toList());
        cluster.startVss("NODE2");
    }

    String text() {
        return text(Identity.ANONYMOUS, LOCAL);
    }

    String text(Identity reader, String address) {
        return answer("/", reader, address).body();
    }

    Reply answer(String uri, Identity reader, String address) {
        return page.answer(new Request(
                "GET", URI.create(uri), new RequestBody(new byte[0]), null, null, reader, "127.0.0.1", address));
    }

    /** The text of a page as a browser shows it, on one line. */
    static String visible(String html) {
        return html.replaceAll("(?s)<style>.*</style>", "")
                .replaceAll("<[^>]*>", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ");
    }
}
