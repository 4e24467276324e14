package io.github.csvbackup.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.http.Reply;
import io.github.csvbackup.security.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page says. */
class PageEndpointTest {
    private static final String ONE = StubCluster.VOLUME1;
    private static final String TEN = StubCluster.VOLUME10;

    private final Scene scene = new Scene();

    private String visible() {
        return Scene.visible(scene.text());
    }

    private String title() {
        return scene.text().replaceFirst("(?s).*<title>(.*)</title>.*", "$1");
    }

    @Test
    void aQuietClusterIsOneSentence() {
        scene.watcher.refresh();

        assertThat(visible())
                .contains("No backup state is set. 2 volumes: 2 idle. Last read: 05:00:00 +02:00 (just now).")
                .contains("2 volumes without a backup state", ONE + " IDLE NODE1", TEN + " IDLE NODE1")
                .contains(
                        "CSV backup agent, node NODE1 of cluster CLUSTER",
                        "Version 1.2.3; a simulated cluster reports the state.");
        assertThat(title()).isEqualTo("SIMULATED - 2 idle - CLUSTER - CSV backup agent");
        assertThat(scene.text()).contains("<section class=\"banner good\">");
    }

    @Test
    void aWindowsThatMayNeverReportTheStateIsNotCalledQuiet() {
        scene.watcher.refresh();
        Reading reading = new Reading(
                scene.watcher.snapshot(), scene.watcher.snapshot().names(), true, Scene.TIMES, scene.clock.instant());
        Html html = new Html();
        new Banner(reading, Overview.of(reading, scene.guard), scene.clears, BackupStateSupport.UNVERIFIED).write(html);

        assertThat(html)
                .asString()
                .contains("No backup state is set, but this Windows version may never report the state.");
    }

    @Test
    void aSimulatedClusterIsCalledOne() {
        assertThat(visible()).contains("SIMULATED. This is a simulated cluster, not a real one.");
    }

    @Test
    void aClearableVolumeComesFirstWithItsCommands() {
        scene.watcher.refresh();
        scene.set(TEN);
        scene.polls(Duration.ofMinutes(41));
        scene.set(ONE);
        scene.polls(Duration.ofMinutes(1));

        assertThat(visible())
                .contains(TEN + " is stale and can be cleared. " + ONE + " has a backup state, which is not stale.")
                .contains("2 volumes: 1 stale, 1 in progress.")
                .contains(TEN + " CLEARABLE IN_PROGRESS for 41 min 50 s, since 05:00:10 +02:00, stale")
                .contains("No check found a reason not to clear.")
                .contains("Owner: NODE1. State read just now; evidence seen just now.")
                .contains(
                        "Test-CsvBackupState -VolumeName '" + TEN + "' Clear-CsvBackupState -VolumeName '" + TEN + "'")
                .contains("\\\"operation\\\":\\\"clear\\\",\\\"arguments\\\":[\\\"C:/ClusterStorage/Volume10\\\"]")
                .containsPattern(
                        Pattern.quote(ONE) + " RECENT IN_PROGRESS for 50 s.*Earliest clear: about 06:11 \\+02:00")
                .doesNotContain("Clear-CsvBackupState -VolumeName '" + ONE + "'");
        assertThat(visible().indexOf(TEN + " CLEARABLE")).isLessThan(visible().indexOf(ONE + " RECENT"));
        assertThat(title()).isEqualTo("SIMULATED - 1 stale, 1 in progress - CLUSTER - CSV backup agent");
        assertThat(scene.text()).contains("<section class=\"banner warning\">");
    }

    /** As Windows Server 2012 and newer may do. Who repeats the clear at once would do so again and again. */
    @Test
    void aClearThatDidNotHelpIsToldBeforeItIsRepeated() {
        scene.set(ONE);
        scene.set(TEN);
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(41));
        scene.cleared(Map.of(ONE, Map.of(Outcome.NOT_CLEARED, scene.clock.instant())), Map.of(), 0);

        assertThat(visible())
                .contains(ONE + " is stale, and its last clear did not help. Read its message before you repeat it.")
                .contains(TEN + " is stale and can be cleared.")
                .containsPattern("Its last clear, at [:0-9]+ \\+02:00, ended as NOT_CLEARED: read its message "
                        + "\\(Get-CsvBackupAudit\\) before you repeat it\\.");

        // The page is made once for each moment.
        scene.polls(Duration.ofSeconds(10));
        scene.cleared(
                Map.of(
                        ONE,
                        Map.of(
                                Outcome.NOT_CLEARED,
                                scene.clock.instant(),
                                Outcome.CLEARED,
                                scene.clock.instant().plusSeconds(1))),
                Map.of(),
                0);
        assertThat(visible()).doesNotContain("did not help", "ended as");

        scene.polls(Duration.ofSeconds(10));
        scene.cleared(Map.of(ONE, Map.of(Outcome.NOT_CLEARED, Instant.EPOCH)), Map.of(), 0);
        assertThat(visible()).as("of an earlier state").doesNotContain("did not help", "ended as");
    }

    @Test
    void severalClearableVolumesHaveOneCommand() {
        scene.set(ONE);
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(31));
        assertThat(visible()).doesNotContain("Get-CsvBackupState");

        scene.set(TEN);
        scene.polls(Duration.ofMinutes(31));

        assertThat(visible())
                .contains("2 volumes are stale and can be cleared: " + ONE + " , " + TEN + " .")
                .contains("Get-CsvBackupState | Where-Object -Property Verdict -EQ -Value CLEARABLE"
                        + " | Clear-CsvBackupState");
    }

    @Test
    void whatIsMissingAndTheEstimateAreSaid() {
        scene.set(ONE);
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(31));
        scene.cluster.startVss("NODE1");
        scene.polls(Duration.ofSeconds(20));
        assertThat(visible())
                .contains(ONE + " is stale and cannot be cleared yet.")
                .contains("UNPROVEN IN_PROGRESS")
                .doesNotContain("Earliest clear");

        scene.cluster.stopVss();
        scene.polls(Duration.ofSeconds(20));

        assertThat(visible())
                .contains(ONE + " is stale and cannot be cleared yet, earliest about 05:34 +02:00.")
                .contains("Earliest clear: about 05:34 +02:00");
    }

    @Test
    void aLongBackupIsNotCalledAFault() {
        scene.set(ONE);
        scene.live(StubCluster.guid(1));
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(41));

        assertThat(visible())
                .contains(ONE + " has a running backup, for 41 min so far.")
                .contains("ACTIVE IN_PROGRESS, running for 41 min, since 05:00:00 +02:00")
                .contains("2 volumes: 1 backup running, 1 idle.")
                .doesNotContain("stale");
        assertThat(scene.text()).contains("<section class=\"banner busy\">");
        assertThat(title()).isEqualTo("SIMULATED - 1 backup running, 1 idle - CLUSTER - CSV backup agent");
    }

    @Test
    void theEvidenceOfARunningBackupHasItsAge() {
        scene.set(ONE);
        scene.live(StubCluster.guid(1));
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(4));

        assertThat(visible()).contains("State read just now; evidence seen 4 min ago.", "seen 4 min ago");
    }

    @Test
    void anotherOwnerIsToldToClear() {
        scene.set(ONE);
        scene.cluster.own(ONE, "NODE2");
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(31));

        assertThat(visible())
                .contains("Clear it on NODE2, which owns it: Clear-CsvBackupState -VolumeName '" + ONE + "'");
        assertThat(Scene.visible(scene.text(Identity.ANONYMOUS, "https://node1.example.com:8779/")))
                .contains("Clear it on NODE2, which owns it: the page of its agent has the command.")
                .contains("Test-CsvBackupState -VolumeName '" + ONE + "' -Uri https://node1.example.com:8779/")
                .doesNotContain("Clear-CsvBackupState");
    }

    @Test
    void aFailedPollIsTheWorstNews() {
        scene.set(ONE);
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(31));
        scene.cluster.readFailure = ClusterException.win32("OpenClusterEx", 1753);
        scene.polls(Duration.ofMinutes(2));

        assertThat(scene.text())
                .contains("<section class=\"banner bad\"><h2>The last poll failed: OpenClusterEx failed with ")
                .contains("UNPROVEN");
        assertThat(visible())
                .contains(
                        "1 stale, 1 idle when last read.",
                        "(2 min ago)",
                        "1 volume without a backup state when last read")
                .contains("cannot be cleared yet");
        assertThat(title()).startsWith("SIMULATED - Cluster not read - 1 stale");
    }

    @Test
    void aClusterThatWasNeverReadIsNotCalledIdle() {
        assertThat(visible())
                .contains("The cluster has not been read yet. Wait a moment.")
                .doesNotContain("banner good");
        scene.cluster.readFailure = ClusterException.win32("OpenClusterEx", 1753);
        scene.watcher.refresh();

        assertThat(visible())
                .contains("The cluster has not been read yet. The last poll failed: ", "(1753)")
                .doesNotContain("without a backup state");
        assertThat(title()).isEqualTo("SIMULATED - Cluster not read - CSV backup agent");
    }

    @Test
    void pollsThatStoppedAreTheWorstNews() {
        scene.watcher.refresh();
        scene.clock.advance(Duration.ofMinutes(5));

        assertThat(scene.text()).contains("<section class=\"banner bad\"><h2>The cluster is not being read.");
    }

    @Test
    void aClusterWithoutVolumesSaysSo() {
        scene.cluster.volumes.clear();
        scene.watcher.refresh();

        assertThat(visible()).contains("No Cluster Shared Volumes found.");
    }

    @Test
    void disksThatCannotBeReadAreOneBoxForEachReason() {
        for (int n = 1; n <= 299; n++) {
            scene.cluster.unreadable.add(new UnreadableDisk(
                    "x-" + n,
                    "Disk <" + n + ">",
                    ClusterException.unavailable(
                            "reading Disk <" + n + "> has not returned for " + n + " s", "Check the disk.")));
        }
        scene.cluster.unreadable.add(
                new UnreadableDisk("x-300", "Disk 300", ClusterException.win32("OpenClusterResourceEx", 5)));
        scene.watcher.refresh();

        assertThat(visible())
                .contains("300 shared disks cannot be read; their volumes may be missing.")
                .contains(
                        "reading the disk has not returned for 1 s. Check the disk. Disk <1> , Disk <2>",
                        "and 289 more")
                .contains("OpenClusterResourceEx failed with ERROR_ACCESS_DENIED");
        assertThat(scene.text().split("class=\"group\"", -1)).hasSize(3);
        assertThat(scene.text())
                .contains("<code>Disk &lt;299&gt;</code>")
                .contains("<section class=\"banner warning\">");
    }

    @Test
    void aVolumeThatCannotBeReadIsNotIdle() {
        scene.watcher.refresh();
        scene.cluster.unreadable.add(
                new UnreadableDisk("id-10", "Cluster Disk 10", ClusterException.win32("OpenClusterResourceEx", 5)));
        scene.polls(Duration.ofMinutes(1));

        assertThat(visible())
                .contains("A shared disk cannot be read; its volumes may be missing.")
                .contains("2 volumes: 1 not readable, 1 idle.")
                .contains("Volumes on them may be missing on this page.", "Cluster Disk 10 (" + TEN + ")")
                .doesNotContain(TEN + " IDLE");
    }

    @Test
    void ifNoDiskCanBeReadThatIsTheWorstNews() {
        scene.watcher.refresh();
        for (int n : List.of(1, 10)) {
            scene.cluster.unreadable.add(new UnreadableDisk(
                    "id-" + n, "Cluster Disk " + n, ClusterException.win32("OpenClusterResourceEx", 5)));
        }
        scene.polls(Duration.ofMinutes(1));

        assertThat(scene.text()).contains("<section class=\"banner bad\"><h2>2 shared disks cannot be read");
    }

    @Test
    void aVolumeWithAStateThatCannotBeReadKeepsItsPlace() {
        scene.set(ONE);
        scene.watcher.refresh();
        scene.cluster.unreadable.add(
                new UnreadableDisk("id-1", "Cluster Disk 1", ClusterException.win32("OpenClusterResourceEx", 5)));
        scene.polls(Duration.ofMinutes(1));

        assertThat(visible()).contains(ONE + " UNPROVEN not readable; last state IN_PROGRESS");
    }

    @Test
    void redirectedVolumesAreGroupedByTheirReasons() {
        scene.cluster.io = List.of(
                VolumeIoState.of(ONE, StubCluster.guid(1), "NODE1", 3, Set.of(VolumeIoState.Reason.REFS)),
                VolumeIoState.of(ONE, StubCluster.guid(1), "NODE2", 3, Set.of(VolumeIoState.Reason.REFS)),
                VolumeIoState.of(ONE, StubCluster.guid(1), "NODE3", 3, Set.of(VolumeIoState.Reason.REFS)),
                VolumeIoState.of(TEN, StubCluster.guid(10), "NODE1", 3, Set.of(VolumeIoState.Reason.REFS)),
                new VolumeIoState(TEN, StubCluster.guid(10), "NODE2", 4, 0, 0x40));
        scene.watcher.refresh();

        assertThat(visible())
                .contains("Volumes without direct I/O This does not indicate a backup.")
                .contains("FILE_SYSTEM_REDIRECTED: the volume is formatted with ReFS")
                .contains(ONE + " on NODE1, NODE2 and NODE3, " + TEN + " on NODE1")
                .contains("BLOCK_REDIRECTED, for a reason unknown to the agent: volume 0x40. " + TEN + " on NODE2");
    }

    @Test
    void directVolumesAreNotMentioned() {
        scene.cluster.io = List.of(new VolumeIoState(ONE, StubCluster.guid(1), "NODE1", VolumeIoState.DIRECT, 0, 0));
        scene.watcher.refresh();

        assertThat(visible()).doesNotContain("direct I/O");
    }

    @Test
    void theLastClearsAreShownTheNewestFirst() {
        scene.watcher.refresh();
        Instant now = scene.clock.instant();
        Map<Outcome, Instant> outcomes = new EnumMap<>(Outcome.class);
        outcomes.put(Outcome.REFUSED, now.minusSeconds(600));
        outcomes.put(Outcome.CLEARED, now.minusSeconds(240));
        scene.cleared(Map.of(ONE, outcomes, "", Map.of(Outcome.FAILED, now.minusSeconds(60))), Map.of(), 0);

        assertThat(visible())
                .contains("a path that is not on a volume FAILED 04:59:00 +02:00 (1 min ago) "
                        + ONE + " CLEARED 04:56:00 +02:00 (4 min ago) "
                        + ONE + " REFUSED 04:50:00 +02:00 (10 min ago)");
    }

    @Test
    void noClearMeansNoList() {
        assertThat(visible()).doesNotContain("Last clears");
    }

    @Test
    void aSuspectClearIsNewsForADay() {
        scene.watcher.refresh();
        scene.cleared(Map.of(), Map.of(ONE, scene.clock.instant().minus(Duration.ofHours(23))), 0);
        assertThat(visible()).contains("A backup began around a clear of " + ONE + " . Check that backup job");

        scene.polls(Duration.ofHours(2));

        assertThat(visible())
                .doesNotContain("A backup began around a clear")
                .contains("a backup began around the clear");
    }

    @Test
    void clearsWithoutAnOutcomeAreNews() {
        scene.watcher.refresh();
        scene.cleared(Map.of(), Map.of(), 1);

        assertThat(visible()).contains("A clear was interrupted and may have taken effect.");
    }

    @Test
    void moreThanTwentyIdleVolumesAreFolded() {
        for (int n = 11; n <= 28; n++) {
            scene.add(n);
        }
        scene.watcher.refresh();
        assertThat(scene.text()).contains("<section><h2>20 volumes without a backup state</h2>");

        scene.add(29);
        scene.polls(Duration.ofMinutes(2));

        assertThat(scene.text())
                .contains("<section><details><summary><h2>21 volumes without a backup state</h2></summary>");
    }

    @Test
    void fiftyVolumesHaveTheirBoxAndTheOthersALine() {
        for (int n = 101; n <= 151; n++) {
            scene.set(scene.add(n));
        }
        scene.watcher.refresh();
        String page = scene.text();

        assertThat(page.split("<article", -1)).hasSize(51);
        assertThat(Scene.visible(page))
                .contains("51 volumes have a backup state, which is not stale: ", " and 48 more.", "and 1 more")
                .containsPattern("C:\\\\ClusterStorage\\\\Volume151 UNPROVEN IN_PROGRESS for 1 s"
                        + ", since 05:00:00 \\+02:00 Some evidence is missing: [^<]+\\.");
    }

    /** The reason is one sentence; what to do is in the boxes. */
    @Test
    void aVolumeWithoutABoxHasTheReasonOfItsVerdict() {
        for (int n = 101; n <= 150; n++) {
            scene.set(scene.add(n));
        }
        scene.watcher.refresh();
        scene.polls(Duration.ofMinutes(31));
        String last = scene.add(151);
        scene.set(last);
        scene.live(StubCluster.guid(151));
        scene.polls(Duration.ofMinutes(1));

        String rows = scene.text().replaceFirst("(?s).*</article>", "");
        assertThat(Scene.visible(rows))
                .contains(last + " ACTIVE IN_PROGRESS, running for ")
                .containsOnlyOnce("A backup of this volume is running, and clearing would corrupt it: ")
                .doesNotContain("Let the backup finish");
    }

    @Test
    void volumesWithTheSamePathAreToldApart() {
        scene.cluster.rename(TEN, ONE);
        scene.set(ONE);
        scene.watcher.refresh();

        assertThat(visible())
                .contains(ONE + " " + StubCluster.guid(1) + " on Cluster Disk 1 UNPROVEN")
                .contains(ONE + " " + StubCluster.guid(10) + " on Cluster Disk 10 IDLE")
                .contains("Test-CsvBackupState -VolumeName '" + StubCluster.guid(1) + "'");
    }

    @Test
    void whatTheClusterSaysIsEscaped() {
        scene.cluster.own(ONE, "<img src=x onerror=\"alert(1)\">");
        scene.cluster.rename(TEN, "C:\\ClusterStorage\\<b>'\u202e");
        scene.cluster.set(ONE, BackupState.IN_PROGRESS);
        scene.watcher.refresh();

        assertThat(scene.text())
                .contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;")
                .contains("<code>C:\\ClusterStorage\\&lt;b&gt;&#39;\\u202e</code>")
                .doesNotContain("<img", "<b>", "\u202e");
    }

    @Test
    void theLegendExplainsEachVerdict() {
        for (Verdict verdict : Verdict.values()) {
            assertThat(scene.text()).contains("<dt class=\"verdict " + verdict + "\">" + verdict + "</dt><dd>");
        }
    }

    @Test
    void onlyOperatorsSeeTheNewestLineOfTheAudit() {
        assertThat(scene.text(Identity.TOKEN, Scene.LOCAL))
                .contains("Newest audit line: <code>12:0a</code>", "<code>audit --verify --expect</code>");
        assertThat(scene.text()).doesNotContain("12:0a");
    }

    @Test
    void thePolicyAllowsNoScriptAndThePageHasNone() {
        Reply reply = scene.answer("/", Identity.ANONYMOUS, Scene.LOCAL);

        assertThat(reply.contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(reply.headers())
                .containsEntry("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                .containsEntry("X-Frame-Options", "DENY");
        assertThat(reply.body()).doesNotContain("<script", "http://", "{{");
    }

    @Test
    void itReloadsUntilItsReaderStopsThat() {
        assertThat(scene.text()).contains("<meta http-equiv=\"refresh\" content=\"30\">", "href=\"/?reload=off\"");
        assertThat(scene.answer("/?reload=off", Identity.ANONYMOUS, Scene.LOCAL).body())
                .doesNotContain("http-equiv")
                .contains("<a href=\"/\">");
    }

    @Test
    void itIsMadeOnceForEachSecondAndPollAndAddress() {
        scene.watcher.refresh();
        scene.text();
        scene.text(Identity.TOKEN, Scene.LOCAL);
        assertThat(scene.made).isEqualTo(1);

        scene.text(Identity.ANONYMOUS, "https://node1.example.com:8779/");
        assertThat(scene.made).isEqualTo(2);
        scene.clock.advance(Duration.ofSeconds(1));
        scene.text(Identity.ANONYMOUS, "https://node1.example.com:8779/");
        assertThat(scene.made).isEqualTo(3);
        scene.watcher.refresh();
        scene.text(Identity.ANONYMOUS, "https://node1.example.com:8779/");
        assertThat(scene.made).isEqualTo(4);
    }

    @Test
    void everyTagIsClosed() {
        scene.set(ONE);
        scene.cluster.unreadable.add(
                new UnreadableDisk("id-7", "Disk 7", ClusterException.win32("OpenClusterResourceEx", 5)));
        scene.watcher.refresh();
        String page = scene.text();

        for (String tag :
                List.of("section", "article", "details", "summary", "ul", "li", "p", "pre", "code", "div", "dl")) {
            assertThat(count(page, "<" + tag + "[ >]")).as(tag).isEqualTo(count(page, "</" + tag + ">"));
        }
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .count();
    }
}
