package io.github.csvbackup.guard;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.StubPeers;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the agent of NODE2 tells this agent, on NODE1, of the virtual machines there. */
class MachinesOfOtherNodesTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private static final String NAME = "machines NODE2";

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final StubPeers peers = new StubPeers(cluster, "NODE2");
    private final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, peers, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
            SETTINGS,
            clock,
            clock::nanoTime);
    private final Guard guard = new Guard(SETTINGS);
    private final VolumeKey volume = cluster.volumes.get(VOLUME1).key();

    @BeforeEach
    void becomeClearable() {
        cluster.answersAtOnce = true;
        peers.answersAtOnce = true;
        watcher.refresh();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        assertThat(assess().verdict()).isEqualTo(Verdict.CLEARABLE);
    }

    private void pollFor(Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(SETTINGS.pollInterval());
            watcher.refresh();
        }
    }

    private Assessment assess(Snapshot snapshot) {
        return guard.assess(snapshot, snapshot.volume(volume).orElseThrow(), clock.instant());
    }

    private Assessment assess() {
        return assess(watcher.snapshot());
    }

    private Assessment poll() {
        pollFor(SETTINGS.pollInterval());
        return assess();
    }

    private void told(boolean known, MachineBackup... backups) {
        peers.machines.put("NODE2", new MachineBackups(known, List.of(backups)));
    }

    /** @param ago at the next poll */
    private MachineBackup backup(VolumeKey of, String machine, Duration ago) {
        return new MachineBackup(
                of,
                "NODE2",
                machine,
                clock.instant().plus(SETTINGS.pollInterval()).minus(ago));
    }

    private static Check check(Assessment assessment, String name) {
        return assessment.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneThatSaysItIsBeingBackedUpIsABackupUntilItSaysSoNoLonger() {
        told(true, backup(volume, "SQL-8", Duration.ofMinutes(1)));
        Assessment during = poll();

        assertThat(during.verdict()).isEqualTo(Verdict.ACTIVE);
        assertThat(check(during, NAME).seen())
                .startsWith("the virtual machine SQL-8 on NODE2 says that it is being backed up, told by Hyper-V at ");
        assertThat(check(during, NAME).at()).isEqualTo(clock.instant().minus(Duration.ofMinutes(1)));

        told(true);
        assertThat(poll().verdict()).isEqualTo(Verdict.CLEARABLE);
    }

    /** Whatever the order in which a node tells them. */
    @Test
    void ofSeveralOnTheVolumeTheOneThatSaidSoLastCounts() {
        told(
                true,
                backup(volume, "SQL-7", Duration.ofMinutes(6)),
                backup(volume, "SQL-8", Duration.ofMinutes(1)),
                backup(volume, "SQL-9", Duration.ofMinutes(6)));

        Check check = check(poll(), NAME);

        assertThat(check.result()).isEqualTo(CheckResult.BACKUP);
        assertThat(check.seen()).startsWith("the virtual machine SQL-8 and 2 more on NODE2 say that they are being");
    }

    @Test
    void eachNodeHasItsOwnCheck() {
        told(true, backup(volume, "SQL-8", Duration.ZERO));
        poll();
        Snapshot both = watcher.snapshot()
                .with(
                        new MachineBackups(true, List.of(new MachineBackup(volume, "NODE1", "SQL-7", clock.instant()))),
                        List.of());

        assertThat(assess(both).checks())
                .filteredOn(check -> check.result() == CheckResult.BACKUP)
                .extracting(Check::name)
                .containsExactly("machines NODE1", NAME);
        assertThat(assess(both).nextStep()).contains("corrupt it: virtual machines on NODE1 and NODE2 say so, seen");
    }

    @Test
    void oneOnAnotherVolumeSaysNothingAboutThisOne() {
        told(true, backup(cluster.volumes.get(StubCluster.VOLUME10).key(), "SQL-8", Duration.ZERO));

        assertThat(poll().verdict()).isEqualTo(Verdict.CLEARABLE);
    }

    @Test
    void nodesMaySpellTheIdsOfAVolumeInDifferentCase() {
        VolumeKey shouted = new VolumeKey(
                volume.resourceId().toUpperCase(Locale.ROOT), volume.guidName().toUpperCase(Locale.ROOT));
        assertThat(shouted).isNotEqualTo(volume);
        told(true, backup(shouted, "SQL-8", Duration.ZERO));

        assertThat(poll().verdict()).isEqualTo(Verdict.ACTIVE);
    }

    @Test
    void whatOneSaidMinutesAgoIsUnknownWhileHyperVDoesNotAnswer() {
        told(false, backup(volume, "SQL-8", Duration.ofMinutes(5)));
        assertThat(poll().verdict()).isEqualTo(Verdict.ACTIVE);
        told(false, backup(volume, "SQL-8", Duration.ofMinutes(5).plusMillis(1)));

        Check old = check(poll(), NAME);

        assertThat(old.result()).isEqualTo(CheckResult.UNKNOWN);
        assertThat(old.seen()).endsWith("; Hyper-V or the agent there has not answered since");
        assertThat(old.remedy()).startsWith("Check the service vmms and the agent on NODE2;");
    }

    /** Its agent has just started, and has not asked Hyper-V yet. */
    @Test
    void oneIsNotForgottenBecauseAnAgentKnowsNothing() {
        told(true, backup(volume, "SQL-8", Duration.ZERO));
        poll();
        told(false);

        assertThat(poll().verdict()).isEqualTo(Verdict.ACTIVE);
    }

    @Test
    void oneIsNotForgottenWhenItsAgentOrAPollFailsButNotRememberedForEver() {
        told(true, backup(volume, "SQL-8", Duration.ZERO));
        poll();
        peers.failures.put("NODE2", ClusterException.unavailable("the agent of NODE2 did not answer", "Start it."));
        cluster.readFailure = ClusterException.win32("OpenCluster", 1722);
        poll();
        cluster.readFailure = null;

        assertThat(check(poll(), NAME).result()).isEqualTo(CheckResult.BACKUP);
        pollFor(Duration.ofMinutes(60));
        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(assess().checks().stream().filter(Check::prevents))
                .extracting(Check::name)
                .containsExactly(NAME);
        pollFor(Duration.ofMinutes(60));
        assertThat(assess().verdict()).isEqualTo(Verdict.CLEARABLE);
    }
}
