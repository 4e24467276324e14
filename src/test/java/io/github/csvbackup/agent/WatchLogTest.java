package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.eventlog.RecordedEvents;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.WatchEvent;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines in the agent's log for an administrator. */
class WatchLogTest {
    private static final String PATH = "C:\\ClusterStorage\\Volume1";

    private final WatchedVolume volume = new WatchedVolume(
            new StubCluster().volumes.get(StubCluster.VOLUME1),
            null,
            new Moment(Instant.EPOCH, null),
            null,
            Instant.EPOCH,
            Instant.EPOCH,
            true,
            1,
            null,
            true);
    private final WatchLog log = new WatchLog(() -> VolumeNames.of(List.of(volume.volume())));

    private List<String> lines(Runnable events) throws Exception {
        try (LogLines lines = new LogLines(WatchLog.class.getName())) {
            events.run();
            return lines.lines();
        }
    }

    /** The line of one event, without its time. */
    private String line(Runnable event) throws Exception {
        List<String> lines = lines(event);
        assertThat(lines).hasSize(1);
        return lines.get(0).substring("2026-11-25T17:20:30Z ".length());
    }

    private static UnreadableDisk disk(int number) {
        return new UnreadableDisk(
                "id-" + number, "Cluster Disk " + number, ClusterException.win32("OpenClusterResourceEx", 5));
    }

    private static ClearResult result(String path, Outcome outcome, String message) {
        return new ClearResult(outcome, path, null, "", message, null, List.of(), null, "", "", "", "");
    }

    @Test
    void aStateThatIsSetOrEnds() throws Exception {
        assertThat(line(() -> log.accept(new WatchEvent.StateSet(volume))))
                .isEqualTo("INFO  The backup state of " + PATH + " is set; its owner is NODE1");
        assertThat(line(() -> log.accept(new WatchEvent.StateEnded(volume, Duration.ofSeconds(190)))))
                .isEqualTo("INFO  The backup state of " + PATH + " ended after 3 min 10 s");
    }

    /** Each is an event of its own, also within a minute. */
    @Test
    void whatHappensToAVolumeAgainIsInTheLogAgain() throws Exception {
        Caller ann = new Caller(Role.OPERATOR, "ann", "http", "10.0.0.7");
        List<String> lines = lines(() -> {
            for (int i = 0; i < 150; i++) {
                log.accept(new WatchEvent.StateSet(volume));
                log.accept(new WatchEvent.StateEnded(volume, Duration.ofSeconds(2)));
                log.accept(new ClearEvent.Ended(result(PATH, Outcome.CLEARED, "Because."), ann));
                log.accept(new ClearEvent.Ended(result(PATH, Outcome.UNKNOWN, "Because."), ann));
            }
        });

        assertThat(lines).hasSize(600);
        assertThat(lines.subList(596, 600))
                .extracting(line -> line.substring("2026-11-25T17:20:30Z ".length()))
                .containsExactly(
                        "INFO  The backup state of " + PATH + " is set; its owner is NODE1",
                        "INFO  The backup state of " + PATH + " ended after 2 s",
                        "INFO  Clear of " + PATH + ": CLEARED, requested through http from 10.0.0.7 by ann. Because.",
                        "WARN  Clear of " + PATH + ": UNKNOWN, requested through http from 10.0.0.7 by ann. Because.");
    }

    /** Whoever reads the log wants to know of each attempt. Only operators can make these lines. */
    @Test
    void eachRequestToClearIsALineAlsoIfItChangedNothing() throws Exception {
        Caller ann = new Caller(Role.OPERATOR, "ann", "http", "10.0.0.7");
        List<String> lines = lines(() -> {
            for (int i = 0; i < 50; i++) {
                log.accept(new ClearEvent.Refused(result(PATH, Outcome.REFUSED, "Because."), ann));
                log.accept(new ClearEvent.Ended(result(PATH, Outcome.NOTHING_TO_CLEAR, "Because."), ann));
                log.accept(new ClearEvent.Ended(result("", Outcome.FAILED, "No volume."), ann));
            }
        });

        assertThat(lines).hasSize(150);
    }

    @Test
    void aLongBackupIsNoWarningButAStaleStateIs() throws Exception {
        assertThat(line(() -> log.accept(new ClearEvent.Stale(volume, true, "A backup has been running for 41 min"))))
                .isEqualTo("INFO  A backup has been running for 41 min");
        assertThat(line(() -> log.accept(new ClearEvent.Stale(volume, false, "The backup state is stale"))))
                .isEqualTo("WARN  The backup state is stale");
    }

    @ParameterizedTest
    @CsvSource({
        "CLEARED, INFO",
        "NOTHING_TO_CLEAR, INFO",
        "REFUSED, INFO",
        "NOT_CLEARED, WARN",
        "FAILED, WARN",
        "UNKNOWN, WARN"
    })
    void eachRequestSaysWhoAskedAndHowItEnded(Outcome outcome, String level) throws Exception {
        ClearResult result = result(PATH, outcome, "Because.");
        Caller ann = new Caller(Role.OPERATOR, "ann", "http", "10.0.0.7");
        ClearEvent event =
                outcome == Outcome.REFUSED ? new ClearEvent.Refused(result, ann) : new ClearEvent.Ended(result, ann);

        assertThat(line(() -> log.accept(event)))
                .isEqualTo(level + "  Clear of " + PATH + ": " + outcome
                        + ", requested through http from 10.0.0.7 by ann. Because.");
    }

    @Test
    void aRequestFromInsideTheJvmForAPathOnNoVolume() throws Exception {
        ClearResult result = result("", Outcome.FAILED, "\"X:\\\" is not on a volume.");
        Caller bob = new Caller(Role.OPERATOR, "bob", "jmx", "");

        assertThat(line(() -> log.accept(new ClearEvent.Ended(result, bob))))
                .isEqualTo(
                        "WARN  Clear of an unknown volume: FAILED, requested through jmx by bob. \"X:\\\" is not on a volume.");
    }

    @Test
    void aForcedClearIsAWarningWithItsReason() throws Exception {
        Caller ann = new Caller(Role.OPERATOR, "ann", "http", "10.0.0.7");

        assertThat(line(() -> log.accept(new ClearEvent.Forced(PATH, Verdict.UNPROVEN, "the job is dead", ann))))
                .isEqualTo("WARN  A forced clear of " + PATH
                        + " overrode the verdict UNPROVEN, requested through http from 10.0.0.7 by ann. Reason: the job is"
                        + " dead");
    }

    @Test
    void eachKindOfEventIsInTheEventLogWithTheSentenceOfTheLog() throws Exception {
        Caller ann = new Caller(Role.OPERATOR, "ann", "jmx", "");
        List<String> events;
        List<String> lines;
        try (RecordedEvents recorded = new RecordedEvents()) {
            log.alsoTo(recorded.log());
            lines = lines(() -> {
                log.accept(new WatchEvent.StateSet(volume));
                log.accept(new WatchEvent.StateEnded(volume, Duration.ofSeconds(190)));
                log.accept(new ClearEvent.Stale(volume, false, "It is stale."));
                log.accept(new ClearEvent.Stale(volume, true, "A backup runs for 41 min."));
                log.accept(new ClearEvent.Forced(PATH, Verdict.UNPROVEN, "the job is dead", ann));
                for (Outcome outcome : Outcome.values()) {
                    log.accept(
                            outcome == Outcome.REFUSED
                                    ? new ClearEvent.Refused(result(PATH, outcome, "Because."), ann)
                                    : new ClearEvent.Ended(result(PATH, outcome, "Because."), ann));
                }
                log.accept(new WatchEvent.PollFailing(new Problem("it failed", "Repair it.")));
                log.accept(new WatchEvent.PollRecovered());
                log.accept(new WatchEvent.DisksUnreadable(IntStream.rangeClosed(1, 300)
                        .mapToObj(WatchLogTest::disk)
                        .toList()));
                log.accept(new WatchEvent.DisksRecovered(List.of("Cluster Disk 7")));
            });
            log.accept(new ClearEvent.Suspect(PATH, "1", "Check the backup."));
            log.accept(new ClearEvent.Abandoned(PATH, "Clear it."));
            events = recorded.events();
        }

        assertThat(events)
                .extracting(event -> event.substring(0, event.indexOf(' ')))
                .containsExactly(
                        "STATE_SET",
                        "STATE_ENDED",
                        "STALE",
                        "LONG_BACKUP",
                        "FORCED",
                        "CLEARED",
                        "REFUSED",
                        "FAILED",
                        "FAILED",
                        "FAILED",
                        "POLLS_FAIL",
                        "POLLS_RECOVERED",
                        "DISKS_UNREADABLE",
                        "DISKS_READABLE",
                        "SUSPECT",
                        "ABANDONED");
        assertThat(events).endsWith("SUSPECT Check the backup.", "ABANDONED Clear it.");
        assertThat(lines.stream()
                        .filter(line -> !line.contains("NOTHING_TO_CLEAR"))
                        .map(line -> line.substring("2026-11-25T17:20:30Z INFO  ".length())))
                .isEqualTo(events.stream()
                        .limit(events.size() - 2)
                        .map(event -> event.substring(event.indexOf(' ') + 1))
                        .toList());
    }

    @Test
    void failingPolls() throws Exception {
        assertThat(line(() -> log.accept(new WatchEvent.PollFailing(new Problem("it failed", "Repair it.")))))
                .isEqualTo("WARN  Polls fail: it failed. Repair it.");
        assertThat(line(() -> log.accept(new WatchEvent.PollRecovered()))).isEqualTo("INFO  Polls succeed again");
    }

    @Test
    void anUnreadableDiskIsALineWithTheRemedy() throws Exception {
        assertThat(line(() -> log.accept(new WatchEvent.DisksUnreadable(List.of(disk(7))))))
                .startsWith("WARN  A shared disk cannot be read. Cluster Disk 7: OpenClusterResourceEx failed")
                .endsWith(disk(7).problem().remedy());
        assertThat(line(() -> log.accept(new WatchEvent.DisksRecovered(List.of("Cluster Disk 7")))))
                .isEqualTo("INFO  Cluster Disk 7 is no longer among the disks that cannot be read");
    }

    @Test
    void threeHundredUnreadableDisksAreOneLine() throws Exception {
        List<UnreadableDisk> disks =
                IntStream.rangeClosed(1, 300).mapToObj(WatchLogTest::disk).toList();
        assertThat(line(() -> log.accept(new WatchEvent.DisksUnreadable(disks))))
                .startsWith("WARN  300 shared disks cannot be read. Cluster Disk 1, Cluster Disk 2, ")
                .contains("(300 disks): OpenClusterResourceEx failed")
                .hasSizeLessThan(500);

        List<String> names = disks.stream().map(UnreadableDisk::resourceName).toList();
        assertThat(line(() -> log.accept(new WatchEvent.DisksRecovered(names))))
                .isEqualTo("INFO  300 disks are no longer among those that cannot be read: Cluster Disk 1,"
                        + " Cluster Disk 2, Cluster Disk 3, Cluster Disk 4, Cluster Disk 5, ...");
    }

    /** Disks of other nodes are read at a slower rate: what a poll finds is one line, and each disk is told once. */
    @Test
    void whatAPollFindsIsOneLineHoweverManyDisksAndReasons() throws Exception {
        StubCluster cluster = new StubCluster();
        cluster.answersAtOnce = true;
        for (int n = 1; n <= 300; n++) {
            cluster.emptyDisks.add(new SharedDisk(
                    "id-" + n, "Cluster Disk " + n, n % 2 == 0 ? "NODE1" : "NODE2", ResourceState.ONLINE));
        }
        MovableClock clock = new MovableClock();
        Watcher watcher = new Watcher(
                cluster,
                new NodeEvidence(cluster, Duration.ofSeconds(5), Duration.ofSeconds(5), clock, clock::nanoTime),
                new WatchSettings(
                        Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5)),
                clock,
                clock::nanoTime);
        watcher.onEvent(log::accept);
        watcher.pollOnce();
        cluster.emptyDisks.forEach(disk -> cluster.unreadable.add(new UnreadableDisk(
                disk.id(),
                disk.name(),
                ClusterException.win32("OpenClusterResourceEx", disk.id().length()))));
        List<String> all = new ArrayList<>();
        for (int poll = 0; poll < 12; poll++) {
            clock.advance(Duration.ofSeconds(10));
            List<String> ofThisPoll = lines(watcher::pollOnce);
            assertThat(ofThisPoll).hasSizeLessThanOrEqualTo(1);
            all.addAll(ofThisPoll);
        }

        assertThat(watcher.snapshot().unreadable()).hasSize(300);
        assertThat(all).hasSize(2).allMatch(line -> line.contains(" WARN  150 shared disks cannot be read. "));
    }
}
