package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.management.CsvBackupState;
import io.github.csvbackup.management.LogControl;
import io.github.csvbackup.management.ResultView;
import io.github.csvbackup.peer.LocalAnswers;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.SharedPolls;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read while all 64 nodes of a cluster have the same trouble: the assessment, and the refusal as the client gets it. */
@Tag("jdk-independent")
class RefusalLengthTest extends ClearingFixture {
    private static final int LONGEST = 400;
    /** Of VSS_SNAPSHOT_STATE. */
    private static final int PREPARING = 1;

    /** Every cluster that is ready for the trouble is a minute before midnight. */
    private static final Times TIMES = new Times(instant -> ZoneOffset.ofHoursMinutes(-3, -41));

    private static Arguments trouble(String name, Consumer<RefusalLengthTest> begins) {
        return arguments(named(name, begins));
    }

    static Stream<Arguments> theSameTroubleOnAllNodesIsShort() {
        return Stream.of(
                trouble("services run", test -> test.services(ServiceStatus.RUNNING)),
                trouble("services start", test -> test.services(ServiceStatus.START_PENDING)),
                trouble(
                        "vss is not seen",
                        test -> test.cluster.serviceFailure = ClusterException.win32("OpenSCManager", 1722)),
                trouble(
                        "access to services is denied",
                        test -> test.cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5)),
                trouble(
                        "lists fail",
                        test -> test.cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722)),
                trouble(
                        "access to lists is denied",
                        test -> test.cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 5)),
                trouble("isolated", test -> test.others(node -> new Node(node, NodeState.DOWN, Node.ISOLATED))),
                trouble("quarantined", test -> test.others(node -> new Node(node, NodeState.DOWN, Node.QUARANTINED))),
                trouble("down and not read", test -> test.others(node -> new Node(node, NodeState.DOWN, null))),
                trouble("state not known", test -> test.others(node -> new Node(node, NodeState.UNKNOWN, 0))),
                trouble("vss started by the agent", test -> {
                    test.cluster.vssStopsAfterAQuestion = false;
                    test.clearing.shadowCopies(VOLUME1, OPERATOR);
                }),
                trouble("vss started by the agent still runs", test -> {
                    test.cluster.vssStopsAfterAQuestion = false;
                    test.cluster.afterAnsweringForShadowCopies = node -> test.cluster.softwareProviders.put(
                            node, new ServiceStatus(ServiceStatus.RUNNING, 9L, null));
                    test.clearing.shadowCopies(VOLUME1, OPERATOR);
                    test.pollFor(Duration.ofMinutes(6));
                }),
                trouble("live copies", test -> test.copies(1, false)),
                trouble("copies are being created", test -> test.copies(1, true, PREPARING)),
                trouble("persistent copies", test -> test.copies(1, true)),
                trouble("live copies of unknown volumes", test -> test.copies(99, false)),
                trouble("persistent copies of unknown volumes", test -> test.copies(99, true)),
                trouble("agents do not answer and access is denied", test -> {
                    test.agents();
                    test.agentsFail(node -> ClusterException.unavailable(
                            "the agent of " + node + " did not answer within 10 s",
                            "Start the service CsvBackupAgent on " + node + ", and open TCP port 8779 there."));
                    test.deniesOthers();
                }),
                trouble("agents have certificates that expired", test -> {
                    test.agents();
                    test.agentsFail(node -> ClusterException.unavailable(
                            "the certificate of the agent of " + node + " expired on 2026-11-29",
                            "Run certificates renew and give each node its new files."));
                    test.deniesOthers();
                }),
                trouble("agents fail in different ways", test -> {
                    test.agents();
                    test.agentsFail(node -> ClusterException.unavailable(
                            "the agent of " + node
                                    + switch (node.hashCode() % 5) {
                                        case 0 -> " did not answer within 10 s";
                                        case 1 -> " refused the connection";
                                        case 2 -> " belongs to another cluster, with other shared disks";
                                        case 3 -> " has a certificate that expired on 2026-11-29";
                                        default -> " is of a version that does not know the question";
                                    },
                            "Start the service CsvBackupAgent on " + node + ", and open TCP port 8779 there."));
                    test.deniesOthers();
                }),
                trouble("agents see vss running", test -> {
                    test.agents();
                    test.services(ServiceStatus.RUNNING);
                }),
                trouble("agents have restarted", test -> {
                    test.agents();
                    test.cluster.nodes.keySet().forEach(node -> test.peers.stoppedFor.put(node, Duration.ZERO));
                }),
                trouble("agents give no list", test -> {
                    test.agents();
                    test.cluster.nodes.keySet().forEach(node -> {
                        test.peers.listless.put(
                                node,
                                new Problem(
                                        node
                                                + " lists its shadow copies at most once a minute; the next can begin at 17:22:04 UTC",
                                        "Try again then."));
                        test.cluster.silentForShadowCopies.add(node);
                    });
                    test.cluster.silentForShadowCopies.remove("NODE1");
                }),
                trouble("agents see live copies", test -> {
                    test.agents();
                    test.copies(1, false);
                }),
                trouble("machines are being backed up", test -> test.machines(Duration.ZERO)),
                trouble("machines were being backed up", test -> test.machines(Duration.ofMinutes(6))));
    }

    private final CsvBackupState bean = new CsvBackupState(
            "1",
            cluster,
            watcher,
            guard(),
            clearing,
            new SharedPolls(watcher, SETTINGS, clock::nanoTime),
            clock,
            TIMES,
            () -> OPERATOR,
            List::of,
            null,
            false,
            new LocalAnswers("1", cluster, watcher, evidence, Times.UTC, clock, clock::nanoTime),
            new LogControl() {
                @Override
                public String level() {
                    return "info";
                }

                @Override
                public void change(String level, Caller by) {
                    throw new AssertionError("no one changes the level to " + level);
                }
            },
            () -> Leftovers.none(Leftovers.Answer.NOT_ASKED));

    @Override
    StubCluster cluster() {
        return StubCluster.thatAnswersAtOnce();
    }

    @Override
    Guard guard() {
        return new Guard(SETTINGS, TIMES);
    }

    /** As long as Windows allows, but for the two that the cluster has. */
    private static String node(int number) {
        return number < 3 ? "NODE" + number : "PRODUCTION-HV%02d".formatted(number);
    }

    @BeforeEach
    void add62Nodes() {
        for (int number = 3; number <= 64; number++) {
            String node = node(number);
            cluster.nodes.put(node, new Node(node, NodeState.UP, 0));
            cluster.shadowCopies.put(node, List.of());
        }
        services(ServiceStatus.STOPPED);
        pollFor(Duration.ofMinutes(5));
        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.CLEARABLE);
        assertThat(TIMES.timeOn(clock.instant(), clock.instant())).isEqualTo("23:59:00 -03:41");
    }

    private void redirectAll() {
        Set<VolumeIoState.Reason> reasons = Set.of(VolumeIoState.Reason.FILE_SYSTEM_FILTER);
        int state = VolumeIoState.FILE_SYSTEM_REDIRECTED;
        cluster.io = cluster.nodes.keySet().stream()
                .flatMap(node -> Stream.of(
                        VolumeIoState.of(VOLUME1, StubCluster.guid(1), node, state, reasons),
                        VolumeIoState.of(StubCluster.VOLUME10, StubCluster.guid(10), node, state, reasons)))
                .toList();
    }

    private void services(int state) {
        cluster.nodes.keySet().forEach(node -> {
            Long process = state == ServiceStatus.STOPPED ? null : Long.valueOf(node.hashCode());
            cluster.services.put(node, new ServiceStatus(state, process, null));
            cluster.softwareProviders.put(node, new ServiceStatus(state, process, null));
        });
    }

    private void deniesOthers() {
        cluster.deniedServices.addAll(cluster.nodes.keySet());
        cluster.deniedServices.remove("NODE1");
    }

    private void agents() {
        peers.agents.addAll(cluster.nodes.keySet());
        watcher.refresh();
    }

    private void agentsFail(Function<String, ClusterException> failure) {
        cluster.nodes.keySet().forEach(node -> peers.failures.put(node, failure.apply(node)));
    }

    private void machines(Duration ago) {
        VolumeKey volume = cluster.volumes.get(VOLUME1).key();
        Instant at = clock.instant().minus(ago);
        for (String node : cluster.nodes.keySet()) {
            MachineBackup backup = new MachineBackup(volume, node, "SQL ".repeat(25), at);
            peers.machines.put(node, new MachineBackups(true, List.of(backup)));
        }
        agents();
    }

    private void others(Function<String, Node> made) {
        cluster.nodes.replaceAll((name, node) -> name.equals("NODE1") ? node : made.apply(name));
    }

    private void copies(int volume, boolean persistent) {
        copies(volume, persistent, ShadowCopy.CREATED);
    }

    private void copies(int volume, boolean persistent, int state) {
        cluster.shadowCopies.replaceAll((node, none) -> List.of(new ShadowCopy(
                "{3f2504e0-4f89-11d3-9a0c-0305e82c3301}",
                "{3f2504e0-4f89-11d3-9a0c-0305e82c3302}",
                "{3f2504e0-4f89-11d3-9a0c-0305e82c3303}",
                StubCluster.guid(volume),
                node,
                persistent,
                state,
                clock.instant())));
    }

    static Stream<Arguments> theSameTroubleOnEachSecondNodeIsShort() {
        return theSameTroubleOnAllNodesIsShort()
                .filter(each -> !each.get()[0].toString().startsWith("vss started"));
    }

    /** Names that do not follow each other take more room than "all 64 nodes". */
    @ParameterizedTest
    @MethodSource
    void theSameTroubleOnEachSecondNodeIsShort(Consumer<RefusalLengthTest> begins) {
        theSameTroubleOnAllNodesIsShort(begins.andThen(test -> test.healEachSecondNode()));
    }

    private void healEachSecondNode() {
        for (int number = 1; number <= 64; number += 2) {
            String node = node(number);
            cluster.nodes.put(node, new Node(node, NodeState.UP, 0));
            cluster.shadowCopies.put(node, List.of());
            cluster.services.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            cluster.softwareProviders.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
        }
    }

    @ParameterizedTest
    @MethodSource("theSameTroubleOnAllNodesIsShort")
    void redirectedIoOnAllNodesAsWellIsShort(Consumer<RefusalLengthTest> begins) {
        redirectAll();
        theSameTroubleOnAllNodesIsShort(begins);
    }

    /** Then its start has a date, and it is told beside the trouble. */
    @ParameterizedTest
    @MethodSource("theSameTroubleOnAllNodesIsShort")
    void vssThatTheAgentStartedBeforeMidnightAsWellIsShort(Consumer<RefusalLengthTest> begins) {
        redirectAll();
        clearing.shadowCopies(VOLUME1, OPERATOR);
        begins.accept(this);
        pollFor(Duration.ofMinutes(2));
        isShort();
    }

    /** The list that starts VSS also finds the trouble. */
    @ParameterizedTest
    @MethodSource("theSameTroubleOnAllNodesIsShort")
    void aListBeforeMidnightThatFindsTheTroubleIsShort(Consumer<RefusalLengthTest> begins) {
        redirectAll();
        begins.accept(this);
        clearing.shadowCopies(VOLUME1, OPERATOR);
        pollFor(Duration.ofMinutes(2));
        isShort();
    }

    /** The clear itself starts VSS, and says so after midnight. */
    @ParameterizedTest
    @MethodSource("theSameTroubleOnAllNodesIsShort")
    void aClearOverMidnightIsShort(Consumer<RefusalLengthTest> begins) {
        redirectAll();
        begins.andThen(RefusalLengthTest::letTheNextAnswerTakeUntilMidnight).accept(this);
        isShort();
    }

    /** The clear of another volume of the request starts VSS on all nodes. */
    @Test
    void aRefusalBesideAClearIsShort() {
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        redirectAll();
        letTheNextAnswerTakeUntilMidnight();

        List<ResultView> results = bean.clearAll(new String[] {VOLUME1, StubCluster.VOLUME10});

        assertThat(results).extracting(ResultView::outcome).containsExactly("CLEARED", "REFUSED");
        assertThat(results.get(1).message())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .startsWith("Refused: RECENT. The state has been observed for less than 30 min;")
                .contains("VSS", "Earliest clear: about ")
                .endsWith("No direct I/O: see IoStates.");
    }

    /** And when other trouble begins, for the volumes that the clear was not for. */
    @ParameterizedTest
    @MethodSource("theSameTroubleOnAllNodesIsShort")
    void aRefusalBesideAClearThatFindsTroubleIsShort(Consumer<RefusalLengthTest> begins) {
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        redirectAll();
        begins.andThen(RefusalLengthTest::letTheNextAnswerTakeUntilMidnight).accept(this);

        assertThat(bean.clearAll(new String[] {VOLUME1, StubCluster.VOLUME10}))
                .allSatisfy(result -> assertThat(result.message()).hasSizeLessThanOrEqualTo(LONGEST));
    }

    @Test
    void aBackupOnAllNodesIsToldWithTheStartOfVssAndTheAgeOfTheEvidence() {
        redirectAll();
        copies(1, false);
        clearing.shadowCopies(VOLUME1, OPERATOR);
        // A missing answer to a new query does not revoke what was seen.
        cluster.silentForShadowCopies.addAll(cluster.nodes.keySet());
        pollFor(Duration.ofMinutes(2));

        assertThat(bean.clear(VOLUME1).message())
                .isEqualTo(
                        "Refused: ACTIVE. A backup of this volume is running, and clearing would corrupt it:"
                                + " it has a shadow copy on all 64 nodes, seen 2 min ago. Let it end, or cancel its job."
                                + " VSS on all 64 nodes started at 2026-02-28 23:59:00 -03:41, when this agent listed their shadow"
                                + " copies; if nothing else uses it, it usually stops within minutes. No direct I/O: see IoStates.");
        assertThat(bean.forceClear(VOLUME1, VOLUME1, REASON).message())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .contains(" This cannot be overridden.");
    }

    @Test
    void anAssessmentAfterAClearThatDidNotHelpIsShort() {
        redirectAll();
        cluster.lyingClear = true;
        assertThat(bean.clear(VOLUME1).outcome()).isEqualTo("NOT_CLEARED");
        letVssStop();
        lookFor(clearing, Duration.ofMinutes(25));

        ResultView assessed = bean.assess(VOLUME1);

        assertThat(assessed.verdict()).isEqualTo("CLEARABLE");
        assertThat(assessed.message())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .contains("ended as NOT_CLEARED: read its message")
                .endsWith(" No direct I/O: see IoStates.");
    }

    private void letTheNextAnswerTakeUntilMidnight() {
        pollFor(Duration.ofSeconds(50));
        Consumer<String> before = cluster.afterAnsweringForShadowCopies;
        cluster.afterAnsweringForShadowCopies = node -> {
            before.accept(node);
            if (node.equals(node(64))) {
                clock.advance(Duration.ofSeconds(20));
            }
        };
    }

    @ParameterizedTest
    @MethodSource
    void theSameTroubleOnAllNodesIsShort(Consumer<RefusalLengthTest> begins) {
        begins.accept(this);
        pollFor(Duration.ofSeconds(10));
        isShort();
    }

    private void isShort() {
        ResultView assessed = bean.assess(VOLUME1);
        ResultView refused = bean.clear(VOLUME1);

        assertThat(refused.outcome()).isEqualTo("REFUSED");
        assertThat(refused.message()).startsWith("Refused: " + refused.verdict() + ". ");
        assertThat(assessed.message()).hasSizeLessThanOrEqualTo(LONGEST);
        assertThat(refused.message()).hasSizeLessThanOrEqualTo(LONGEST);
        assertThat(bean.forceClear(VOLUME1, VOLUME1, REASON).message()).hasSizeLessThanOrEqualTo(LONGEST);
    }
}
