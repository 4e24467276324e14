package io.github.csvbackup.guard;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.WindowsVersion;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jdk-independent")
class GuardTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private static final String UNKNOWN_GUID = "\\\\?\\Volume{5f0c9a10-ffff-4000-8000-000000000001}\\";

    private static final WindowsVersion WINDOWS_2008_R2 = new WindowsVersion(6, 1);

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
            SETTINGS,
            clock,
            clock::nanoTime);
    private final Guard guard = new Guard(SETTINGS);

    /** Seen without the state, then with it for 35 minutes; VSS is stopped everywhere: clearable. */
    @BeforeEach
    void becomeClearable() {
        watcher.refresh();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
    }

    private void pollFor(Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(SETTINGS.pollInterval());
            watcher.refresh();
        }
    }

    private Assessment assess() {
        return assess(Map.of());
    }

    private Assessment assess(Map<String, NodeAnswer<ShadowCopies>> fresh) {
        Snapshot snapshot = watcher.snapshot();
        return guard.assess(
                snapshot, snapshot.volume(cluster.volumes.get(VOLUME1).key()).orElseThrow(), fresh, clock.instant());
    }

    private Assessment assessWith(ShadowCopy copy) {
        return assess(Map.of("NODE2", told(List.of(copy), ServiceStatus.STOPPED)));
    }

    private NodeAnswer<ShadowCopies> told(List<ShadowCopy> copies, int vssBefore) {
        return NodeAnswer.of(
                clock.instant(), new ShadowCopies(copies, new ServiceStatus(vssBefore, null, null), List.of()));
    }

    private static ShadowCopy copy(boolean persistent, int state, Instant created) {
        return new ShadowCopy("{c}", "{s}", "{p}", StubCluster.guid(1), "NODE2", persistent, state, created);
    }

    private static Check check(Assessment assessment, String name) {
        return assessment.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Assessment assessWith(Duration age, String... machines) {
        VolumeKey volume = cluster.volumes.get(VOLUME1).key();
        Snapshot snapshot = watcher.snapshot()
                .with(
                        new MachineBackups(
                                true,
                                Arrays.stream(machines)
                                        .map(machine -> new MachineBackup(
                                                volume,
                                                "NODE1",
                                                machine,
                                                clock.instant().minus(age)))
                                        .toList()),
                        List.of());
        return guard.assess(snapshot, snapshot.volume(volume).orElseThrow(), clock.instant());
    }

    @Test
    void aMachineThatSaysItIsBeingBackedUpIsABackup() {
        Assessment assessment = assessWith(Duration.ZERO, "SQL-7");

        assertThat(assessment.verdict()).isEqualTo(Verdict.ACTIVE);
        assertThat(check(assessment, "machines NODE1").seen())
                .startsWith("the virtual machine SQL-7 on NODE1 says that it is being backed up, told by Hyper-V at ");
        assertThat(assessment.nextStep())
                .contains("SQL-7 on NODE1 says that it is being backed up, seen now")
                .contains("Let the backup finish");
    }

    /** forceClear does not override it, and Get-CsvBackupLeftover shows the machine only after leftover-after. */
    @Test
    void whatToDoAboutAMachineThatHangsInABackupIsSaidAtOnce() {
        assertThat(check(assessWith(Duration.ZERO, "SQL-7"), "machines NODE1").remedy())
                .contains("Without a job it hangs")
                .contains("Restart-Service vmms on NODE1")
                .contains("leftover-interval=off");
    }

    @Test
    void whatAMachineSaidMinutesAgoIsUnknown() {
        assertThat(assessWith(Duration.ofMinutes(5), "SQL-7").verdict()).isEqualTo(Verdict.ACTIVE);
        Assessment old = assessWith(Duration.ofMinutes(5).plusSeconds(1), "SQL-7");

        assertThat(old.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(old, "machines NODE1").seen())
                .contains("said that it was being backed up")
                .endsWith("Hyper-V has not answered since");
        assertThat(old.nextStep()).contains("Check the service vmms on NODE1");
    }

    @Test
    void manyMachinesWithLongNamesAreOneShortSentence() {
        Assessment assessment = assessWith(Duration.ZERO, "x\n".repeat(100), "B", "C");

        assertThat(check(assessment, "machines NODE1").seen())
                .contains(" and 2 more on NODE1 say that they are being backed up")
                .doesNotContain("\n");
        assertThat(assessment.nextStep().length()).isLessThan(400);
    }

    @Test
    void isClearableWhenEveryCheckPassesAndSaysWhatItCannotSee() {
        Assessment assessment = assess();

        assertThat(assessment.verdict()).isEqualTo(Verdict.CLEARABLE);
        assertThat(assessment.nextStep()).contains("No check can see");
        assertThat(assessment.checks())
                .extracting(Check::name)
                .containsExactly(
                        "poll-fresh",
                        "resource-online",
                        "state-set",
                        "observed-long-enough",
                        "node-accounted NODE1",
                        "vss-stopped NODE1",
                        "swprv-stopped NODE1",
                        "shadow-copies NODE1",
                        "node-accounted NODE2",
                        "vss-stopped NODE2",
                        "swprv-stopped NODE2",
                        "shadow-copies NODE2");
        assertThat(check(assessment, "shadow-copies NODE1").result()).isEqualTo(CheckResult.DEFERRED);
    }

    private static ShadowCopy copyOf(String volumeName, boolean persistent, int state, Instant created) {
        return new ShadowCopy("{c}", "{s}", "{p}", volumeName, "NODE2", persistent, state, created);
    }

    @ParameterizedTest
    @ValueSource(strings = {UNKNOWN_GUID, "\\\\FS1\\share\\", ""})
    void aLiveCopyOfAnUnknownVolumeMayBeOfThisOne(String volumeName) {
        for (ShadowCopy copy : List.of(
                copyOf(volumeName, false, ShadowCopy.CREATED, clock.instant()),
                copyOf(volumeName, true, 3, clock.instant()))) {
            Assessment assessment = assessWith(copy);

            assertThat(assessment.verdict()).isEqualTo(Verdict.UNPROVEN);
            assertThat(check(assessment, "shadow-copies NODE2").seen())
                    .contains(
                            "id {c}",
                            "provider {p}",
                            "its volume " + volumeName + " is not a known Cluster Shared Volume");
        }
    }

    @Test
    void aPersistentCopyOfAnUnknownVolumeIsJudgedByItsAge() {
        Instant old = clock.instant().minus(Duration.ofHours(2));

        assertThat(assessWith(copyOf(UNKNOWN_GUID, true, ShadowCopy.CREATED, clock.instant()))
                        .verdict())
                .isEqualTo(Verdict.UNPROVEN);
        Assessment withAnOldOne = assessWith(copyOf(UNKNOWN_GUID, true, ShadowCopy.CREATED, old));
        assertThat(withAnOldOne.verdict()).isEqualTo(Verdict.CLEARABLE);
        assertThat(check(withAnOldOne, "shadow-copies NODE2").seen())
                .endsWith("older than the state: 0, and 1 of volumes that the agent does not know");
    }

    @Test
    void aLiveCopyOfAKnownVolumeIsOfAnother() {
        ShadowCopy ofAnotherCsv = copyOf(StubCluster.guid(10), false, ShadowCopy.CREATED, clock.instant());
        ShadowCopy ofALocalVolume = copyOf(UNKNOWN_GUID, false, ShadowCopy.CREATED, clock.instant());
        ServiceStatus stopped = new ServiceStatus(ServiceStatus.STOPPED, null, null);

        assertThat(assessWith(ofAnotherCsv).verdict()).isEqualTo(Verdict.CLEARABLE);
        for (NodeVolume own : List.of(
                new NodeVolume(UNKNOWN_GUID.toUpperCase(Locale.ROOT), "D:", "NTFS"),
                new NodeVolume(UNKNOWN_GUID, "D:", ""))) {
            assertThat(assess(Map.of(
                                    "NODE2",
                                    NodeAnswer.of(
                                            clock.instant(),
                                            new ShadowCopies(List.of(ofALocalVolume), stopped, List.of(own)))))
                            .verdict())
                    .isEqualTo(Verdict.CLEARABLE);
        }
        for (NodeVolume own :
                List.of(new NodeVolume(UNKNOWN_GUID, "", "NTFS"), new NodeVolume(UNKNOWN_GUID, "D:", "CSVFS"))) {
            assertThat(assess(Map.of(
                                    "NODE2",
                                    NodeAnswer.of(
                                            clock.instant(),
                                            new ShadowCopies(List.of(ofALocalVolume), stopped, List.of(own)))))
                            .verdict())
                    .isEqualTo(Verdict.UNPROVEN);
        }
    }

    private void setNode(String name, NodeState state, @Nullable WindowsVersion version) {
        cluster.nodes.put(name, new Node(name, state, null).withVersion(version));
    }

    /** NODE2 died with its backup and does not answer. */
    private void oldClusterLosesNode2(@Nullable WindowsVersion versionOfNode1) {
        setNode("NODE1", NodeState.UP, versionOfNode1);
        setNode("NODE2", NodeState.DOWN, WINDOWS_2008_R2);
        cluster.silentServices.add("NODE2");
        cluster.silentForShadowCopies.add("NODE2");
    }

    private Assessment assessWithSilence() {
        return assess(Map.of(
                "NODE1", told(List.of(), ServiceStatus.STOPPED),
                "NODE2", NodeAnswer.none(clock.instant(), new Problem("NODE2 is silent", "Wait."))));
    }

    @Test
    void beforeWindows2016ANodeThatIsDownForQuietTimeNeedsNoEvidence() {
        oldClusterLosesNode2(WINDOWS_2008_R2);
        pollFor(SETTINGS.quietTime());
        assertThat(assessWithSilence().verdict()).as("down for less").isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assessWithSilence(), "node-accounted NODE2").remedy()).startsWith("Wait until ");

        pollFor(SETTINGS.pollInterval());

        Assessment assessment = assessWithSilence();
        assertThat(assessment.verdict()).isEqualTo(Verdict.CLEARABLE);
        assertThat(check(assessment, "node-accounted NODE2").seen())
                .isEqualTo("NODE2 was DOWN at every poll for 3 min; every node runs a version of Windows before"
                        + " 2016, which does not isolate nodes");
        assertThat(check(assessment, "shadow-copies NODE2").seen())
                .isEqualTo("NODE2 did not list its shadow copies, as expected of a node that is down");
    }

    @Test
    void whyADeadNodeGaveNoAnswerIsShown() {
        oldClusterLosesNode2(WINDOWS_2008_R2);
        pollFor(SETTINGS.quietTime().plus(SETTINGS.pollInterval()));

        Check check = check(assessWithSilence(), "vss-stopped NODE2");

        assertThat(check.result()).isEqualTo(CheckResult.PASSED);
        assertThat(check.seen())
                .startsWith("NODE2 is down and need not answer: ")
                .contains("RPC_S_SERVER_UNAVAILABLE (1722)");
    }

    @Test
    void aFailedOrLatePollStartsTheTimeOfTheDeadNodeAgain() {
        oldClusterLosesNode2(WINDOWS_2008_R2);
        pollFor(SETTINGS.quietTime().multipliedBy(2));
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        pollFor(SETTINGS.pollInterval());
        cluster.readFailure = null;
        pollFor(SETTINGS.pollInterval());

        assertThat(check(assessWithSilence(), "node-accounted NODE2").result()).isEqualTo(CheckResult.UNKNOWN);

        pollFor(SETTINGS.quietTime().multipliedBy(2));
        assertThat(check(assessWithSilence(), "node-accounted NODE2").result()).isEqualTo(CheckResult.PASSED);
        clock.advance(SETTINGS.gap().plusSeconds(1));
        watcher.refresh();

        assertThat(check(assessWithSilence(), "node-accounted NODE2").result()).isEqualTo(CheckResult.UNKNOWN);
    }

    @Test
    void whatADeadNodeSaysCountsAllTheSame() {
        oldClusterLosesNode2(WINDOWS_2008_R2);
        pollFor(SETTINGS.quietTime().multipliedBy(2));
        ShadowCopy live = copy(false, ShadowCopy.CREATED, clock.instant());

        assertThat(assess(Map.of("NODE2", told(List.of(live), ServiceStatus.STOPPED)))
                        .verdict())
                .isEqualTo(Verdict.ACTIVE);

        cluster.silentServices.clear();
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 7L, null));
        pollFor(SETTINGS.pollInterval());
        assertThat(assessWithSilence().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assessWithSilence(), "vss-stopped NODE2").result()).isEqualTo(CheckResult.UNKNOWN);
    }

    @Test
    void theOldRuleNeedsTheVersionOfEveryNodeAndNeverHoldsForTheAgentsOwn() {
        for (@Nullable WindowsVersion version : new @Nullable WindowsVersion[] {null, new WindowsVersion(10, 0)}) {
            oldClusterLosesNode2(version);
            pollFor(SETTINGS.quietTime().multipliedBy(2));

            assertThat(assessWithSilence().verdict()).as("%s", version).isEqualTo(Verdict.UNPROVEN);
        }
        setNode("NODE1", NodeState.DOWN, WINDOWS_2008_R2);
        pollFor(SETTINGS.quietTime().multipliedBy(2));

        assertThat(check(assessWithSilence(), "node-accounted NODE1").result()).isEqualTo(CheckResult.UNKNOWN);
        assertThat(check(assessWithSilence(), "node-accounted NODE2").result()).isEqualTo(CheckResult.PASSED);
    }

    @Test
    void isIdleWithoutAState() {
        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().verdict()).isEqualTo(Verdict.IDLE);
    }

    @Test
    void isRecentWhileTheClusterMayStillClearTheStateItself() {
        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofSeconds(10));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(29));

        assertThat(assess().verdict()).isEqualTo(Verdict.RECENT);
        assertThat(check(assess(), "observed-long-enough").remedy()).startsWith("Wait until ");
    }

    @Test
    void provesNothingOnAFailedPollNotEvenIdleness() {
        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofSeconds(10));
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assess(), "poll-fresh").seen()).contains("RPC_S_SERVER_UNAVAILABLE (1722)");
    }

    @Test
    void provesNothingOnAnOldPoll() {
        clock.advance(Duration.ofSeconds(61));

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
    }

    @Test
    void provesNothingOnAStateThatItDoesNotKnow() {
        cluster.set(VOLUME1, new BackupState(7));
        pollFor(Duration.ofMinutes(40));

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assess(), "state-set").seen()).contains("7");
    }

    @ParameterizedTest
    @CsvSource({
        "0, , CLEARABLE",
        "2, , CLEARABLE",
        "3, , CLEARABLE",
        "-1, 0, UNPROVEN",
        "9, 0, UNPROVEN",
        "1, 0, CLEARABLE",
        "1, , UNPROVEN",
        "1, 1, UNPROVEN",
        "1, 2, UNPROVEN",
        "1, 3, UNPROVEN",
        "1, 4, CLEARABLE"
    })
    void everyNodeMustBeAccountedFor(int state, Integer statusInformation, Verdict expected) {
        cluster.nodes.put("NODE2", new Node("NODE2", new NodeState(state), statusInformation));
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().verdict()).isEqualTo(expected);
    }

    @Test
    void aProvenDownNodeIsNotAsked() {
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.DOWN, 0));
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().checks())
                .extracting(Check::name)
                .doesNotContain("vss-stopped NODE2", "swprv-stopped NODE2", "shadow-copies NODE2");
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "4", "5", "6", "7", "99"})
    void aServiceThatIsNotStoppedProvesNothingAndIsNeverToBeStopped(int state) {
        cluster.services.put("NODE2", new ServiceStatus(state, 77L, null));
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assess(), "vss-stopped NODE2").remedy()).contains("Do not stop it");
    }

    @Test
    void aServiceMustHaveBeenSeenStoppedForTheQuietTime() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofSeconds(10));
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.STOPPED, null, null));

        pollFor(Duration.ofMinutes(3));
        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        pollFor(Duration.ofSeconds(10));
        assertThat(assess().verdict()).isEqualTo(Verdict.CLEARABLE);
    }

    @Test
    void theSoftwareProviderMustBeQuietToo() {
        cluster.softwareProviders.put(
                "NODE2", new ServiceStatus(ServiceStatus.RUNNING, 42L, Instant.parse("2026-03-01T02:00:00Z")));
        pollFor(Duration.ofSeconds(10));

        Check check = check(assess(), "swprv-stopped NODE2");

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check.seen())
                .isEqualTo("Microsoft's shadow copy provider (service swprv) on NODE2 is RUNNING, process 42,"
                        + " started 2026-03-01 02:00:00 UTC, read from its service control manager at 03:35:10 UTC");
        assertThat(check(assess(), "vss-stopped NODE2").result()).isEqualTo(CheckResult.PASSED);
    }

    @Test
    void timeInWhichNobodyLookedIsNotObserved() {
        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofSeconds(10));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(SETTINGS.staleAfter());

        clock.advance(Duration.ofSeconds(50));

        assertThat(assess().verdict()).isEqualTo(Verdict.RECENT);
        assertThat(check(assess(), "observed-long-enough").seen()).startsWith("observed without a gap for 29 min 50 s");
    }

    @Test
    void eachCheckSaysWhenItWasSeen() {
        Instant lastPoll = clock.instant();
        clock.advance(Duration.ofSeconds(3));

        assertThat(assess().checks())
                .allSatisfy(check -> assertThat(check.at())
                        .as(check.name())
                        .isEqualTo(check.result() == CheckResult.DEFERRED ? null : lastPoll));
    }

    @Test
    void whatAnEarlierPollSawIsNoEvidence() {
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().checks())
                .allSatisfy(check -> assertThat(check.result())
                        .as(check.name())
                        .isIn(CheckResult.UNKNOWN, CheckResult.RECENT, CheckResult.DEFERRED));
    }

    @Test
    void aNodeThatCannotBeAskedProvesNothingAndTheRemedySaysWhatToDo() {
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5);
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assess(), "vss-stopped NODE1").seen()).contains("ERROR_ACCESS_DENIED (5)");
        assertThat(check(assess(), "vss-stopped NODE1").remedy()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "false, 12, ACTIVE",
        "true, 5, ACTIVE",
        "true, 0, ACTIVE",
        "false, 13, CLEARABLE",
        "false, 14, CLEARABLE"
    })
    void aLiveShadowCopyIsABackup(boolean persistent, int state, Verdict expected) {
        assertThat(assessWith(copy(persistent, state, clock.instant())).verdict())
                .isEqualTo(expected);
    }

    @Test
    void aPersistentCopyIsNoSignOnlyIfItIsOlderThanTheState() {
        Instant stateSet = clock.instant().minus(Duration.ofMinutes(35));

        assertThat(assessWith(copy(true, 12, stateSet.minus(Duration.ofHours(2))))
                        .verdict())
                .isEqualTo(Verdict.CLEARABLE);
        assertThat(assessWith(copy(true, 12, stateSet.minus(Duration.ofMinutes(4))))
                        .verdict())
                .isEqualTo(Verdict.UNPROVEN);
        assertThat(assessWith(copy(true, 12, stateSet.plus(Duration.ofMinutes(1))))
                        .verdict())
                .isEqualTo(Verdict.UNPROVEN);
        assertThat(assessWith(copy(true, 12, null)).verdict()).isEqualTo(Verdict.UNPROVEN);
    }

    @Test
    void vssThatSomebodyElseStartedBetweenTheLastLookAndTheQuestionIsNotTakenForTheQuestionsOwn() {
        Assessment assessment = assess(Map.of("NODE2", told(List.of(), ServiceStatus.START_PENDING)));

        assertThat(assessment.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assessment, "vss-stopped NODE2"))
                .extracting(Check::result, Check::seen, Check::at, Check::remedy, Check::passesAt)
                .containsExactly(
                        CheckResult.UNKNOWN,
                        "the VSS service on NODE2 was START_PENDING before the node was asked for shadow copies",
                        clock.instant(),
                        "Wait until it stops by itself, some minutes after its last use, and stays stopped for 3 min."
                                + " Do not stop it: a backup may be using it.",
                        null);
    }

    @Test
    void aListOfMoreThanAMinuteAgoIsNoEvidence() {
        NodeAnswer<ShadowCopies> list = told(List.of(), ServiceStatus.STOPPED);
        pollFor(Duration.ofMinutes(1));
        assertThat(check(assess(Map.of("NODE2", list)), "shadow-copies NODE2").result())
                .isEqualTo(CheckResult.PASSED);
        pollFor(Duration.ofSeconds(10));

        Assessment assessment = assess(Map.of("NODE2", list));

        assertThat(assessment.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assessment, "shadow-copies NODE2").seen())
                .startsWith("the list of shadow copies of NODE2 is outdated: ");
    }

    @Test
    void thatTheAgentsOwnNodeIsDownIsNoEvidence() {
        cluster.nodes.put("NODE1", new Node("NODE1", NodeState.DOWN, 0));
        pollFor(Duration.ofMinutes(1));

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assess(), "node-accounted NODE1").seen())
                .isEqualTo("NODE1 is reported as DOWN, but this agent runs on it");
    }

    @Test
    void anAgentStartedInTheMiddleOfAnIncidentTrustsNoPersistentCopy() {
        Watcher late = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
        late.refresh();
        for (int i = 0; i < 200; i++) {
            clock.advance(SETTINGS.pollInterval());
            late.refresh();
        }
        ShadowCopy beforeTheAgent = copy(true, 12, clock.instant().minus(Duration.ofHours(2)));
        Snapshot snapshot = late.snapshot();

        Assessment assessment = guard.assess(
                snapshot,
                snapshot.volume(cluster.volumes.get(VOLUME1).key()).orElseThrow(),
                Map.of("NODE2", told(List.of(beforeTheAgent), ServiceStatus.STOPPED)),
                clock.instant());

        assertThat(assessment.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assessment, "shadow-copies NODE2").remedy())
                .isEqualTo(
                        "Once the backup product shows no job, delete it on NODE2: vssadmin delete shadows"
                                + " \"/shadow={c}\". Copies of backup products may need diskshadow instead: delete shadows id {c}.");
    }

    @Test
    void aCopyOfAnotherVolumeIsNoSign() {
        ShadowCopy other =
                new ShadowCopy("{c}", "{s}", "{p}", StubCluster.guid(10), "NODE2", false, 12, clock.instant());

        assertThat(assessWith(other).verdict()).isEqualTo(Verdict.CLEARABLE);
    }

    @Test
    void aBackupSeenByAPollStandsWhileTheServiceProcessLives() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        cluster.shadowCopies.put("NODE2", List.of(copy(false, 12, clock.instant())));
        pollFor(Duration.ofMinutes(1));
        assertThat(assess().verdict()).isEqualTo(Verdict.ACTIVE);

        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 78L, null));
        pollFor(Duration.ofSeconds(10));
        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
    }

    @Test
    void theMostForbiddingResultDecides() {
        List<CheckResult> all = List.of(CheckResult.values());
        for (int mask = 1; mask < 1 << all.size(); mask++) {
            List<Check> checks = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                if ((mask & 1 << i) != 0) {
                    checks.add(new Check("c", all.get(i), "", null, ""));
                }
            }
            List<CheckResult> results = checks.stream().map(Check::result).toList();
            Verdict expected = results.contains(CheckResult.NOT_SET)
                    ? Verdict.IDLE
                    : results.contains(CheckResult.BACKUP)
                            ? Verdict.ACTIVE
                            : results.contains(CheckResult.UNKNOWN)
                                    ? Verdict.UNPROVEN
                                    : results.contains(CheckResult.RECENT) ? Verdict.RECENT : Verdict.CLEARABLE;
            assertThat(Guard.verdict(checks))
                    .as(Arrays.toString(results.toArray()))
                    .isEqualTo(expected);
        }
    }
}
