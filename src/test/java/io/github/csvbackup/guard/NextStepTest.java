package io.github.csvbackup.guard;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.OwnStart;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the guard tells people: the causes with their nodes, one step, the estimate. */
class NextStepTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final int LONGEST = 400;

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = StubCluster.thatAnswersAtOnce();
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, Duration.ofSeconds(5), Duration.ofSeconds(5), clock, clock::nanoTime);
    private final Watcher watcher = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
    private final Guard guard = new Guard(SETTINGS, new Times(instant -> ZoneOffset.ofHours(1)));

    @BeforeEach
    void becomeClearable() {
        for (int number = 3; number <= 64; number++) {
            String node = "NODE" + number;
            cluster.nodes.put(node, new Node(node, NodeState.UP, 0));
            cluster.shadowCopies.put(node, List.of());
        }
        services(ServiceStatus.STOPPED);
        watcher.refresh();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        assertThat(assess().verdict()).isEqualTo(Verdict.CLEARABLE);
    }

    private void services(int state) {
        cluster.nodes.keySet().forEach(node -> {
            Long process = state == ServiceStatus.STOPPED ? null : Long.valueOf(node.hashCode());
            cluster.services.put(node, new ServiceStatus(state, process, null));
            cluster.softwareProviders.put(node, new ServiceStatus(state, process, null));
        });
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

    private static Check check(Assessment assessment, String name) {
        return assessment.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String local(Instant time, String pattern) {
        return DateTimeFormatter.ofPattern(pattern).format(time.atOffset(ZoneOffset.ofHours(1))) + " +01:00";
    }

    @Test
    void servicesThatRunOn64NodesAreTwoCausesAndOneStep() {
        services(ServiceStatus.RUNNING);
        pollFor(Duration.ofSeconds(10));

        Assessment assessment = assess();

        assertThat(assessment.nextStep())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .isEqualTo("Some evidence is missing: the VSS service is RUNNING on all 64 nodes;"
                        + " Microsoft's shadow copy provider (service swprv) is RUNNING on all 64 nodes."
                        + " Wait until it stops by itself, some minutes after its last use, and stays stopped for 3 min."
                        + " Do not stop it: a backup may be using it.");
        assertThat(assessment.earliestClear()).as("it runs for somebody else").isNull();
    }

    @Test
    void nodesThatDoNotAnswerAreOneCause() {
        cluster.silentServices.addAll(cluster.nodes.keySet());
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().nextStep()).hasSizeLessThanOrEqualTo(LONGEST).contains("all 64 nodes");
    }

    /** As Windows says it, the agent's own node first. */
    @Test
    void listsThatFailOn64NodesAreOneCause() {
        Map<String, NodeAnswer<ShadowCopies>> fresh = new HashMap<>();
        cluster.nodes.keySet().forEach(node -> {
            String who = node.equals("NODE1") ? "this node" : node;
            Problem why = new Problem(
                    who + " did not list its shadow copies: Access denied",
                    "Run the agent as an account that is an administrator of " + who
                            + " too, and open its firewall for Windows Management Instrumentation.");
            fresh.put(node, NodeAnswer.none(clock.instant(), why));
        });

        assertThat(assess(fresh).nextStep())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .isEqualTo(
                        "Some evidence is missing: the node did not list its shadow copies: Access denied: all 64 nodes."
                                + " Run the agent as an account that is an administrator of the node too, and open its firewall"
                                + " for Windows Management Instrumentation.");
    }

    @Test
    void nodesWhoseStateCannotBeReadAreOneCause() {
        cluster.nodes.replaceAll((name, node) ->
                new Node(name, NodeState.UNKNOWN, null, ClusterException.win32("OpenClusterNode", 5), null));
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().nextStep())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .startsWith("Some evidence is missing: the state of the node could not be read: OpenClusterNode failed")
                .contains(": all 64 nodes. ");
    }

    @Test
    void someNodesAreNamedInOneList() {
        for (String node : List.of("NODE3", "NODE9", "NODE17")) {
            cluster.nodes.put(node, new Node(node, NodeState.DOWN, Node.ISOLATED));
        }
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().nextStep())
                .isEqualTo("Some evidence is missing: the node is DOWN and isolated: a backup may still run there:"
                        + " 3 nodes: NODE3, NODE9, NODE17."
                        + " Bring the node back into the cluster, or power it off and evict it.");
    }

    @Test
    void whatNeedsSomebodyComesBeforeWhatPassesByWaiting() {
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 7L, null));
        pollFor(Duration.ofSeconds(10));
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.STOPPED, null, null));
        pollFor(Duration.ofSeconds(20));
        cluster.nodes.put("NODE3", new Node("NODE3", NodeState.DOWN, Node.ISOLATED));
        pollFor(Duration.ofSeconds(10));

        Assessment assessment = assess();

        assertThat(assessment.nextStep())
                .startsWith("Some evidence is missing: NODE3 is DOWN and isolated")
                .contains("; the VSS service on NODE2 was seen stopped at every check for 20 s. ")
                .contains("Bring NODE3 back")
                .doesNotContain("Earliest clear");
        assertThat(assessment.earliestClear()).isNull();
    }

    @Test
    void theEstimateComesFromTheAgeAndFromTheQuietTime() {
        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofSeconds(10));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofSeconds(10));
        Instant set = clock.instant();
        pollFor(Duration.ofMinutes(28));

        assertThat(assess().earliestClear()).isEqualTo(set.plus(SETTINGS.staleAfter()));

        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 7L, null));
        pollFor(Duration.ofSeconds(10));
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.STOPPED, null, null));
        pollFor(Duration.ofSeconds(10));
        Instant quiet = clock.instant().plus(SETTINGS.quietTime());

        assertThat(assess().verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(assess().earliestClear()).isEqualTo(quiet);
        assertThat(assess().nextStep()).endsWith("Earliest clear: about " + local(quiet, "HH:mm") + ", an estimate.");
    }

    @Test
    void aClearableVolumeIsClearableNowAndAnIdleOneNever() {
        assertThat(assess().earliestClear()).isEqualTo(clock.instant());

        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().earliestClear()).isNull();
    }

    private Instant askAllNodes() {
        Instant asked = clock.instant();
        cluster.vssStopsAfterAQuestion = false;
        evidence.shadowCopies(cluster.nodes.keySet());
        pollFor(Duration.ofSeconds(10));
        return asked;
    }

    @Test
    void vssThatRunsSinceTheAgentAskedIsExplained() {
        Instant asked = askAllNodes();
        String at = local(asked, "HH:mm:ss");
        String because = " started at " + at + ", when this agent listed its shadow copies;"
                + " if nothing else uses it, it usually stops within minutes";

        Assessment assessment = assess();

        assertThat(assessment.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assessment, "vss-stopped NODE1").seen()).isEqualTo("VSS on NODE1" + because);
        assertThat(assessment.nextStep())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .startsWith("Some evidence is missing: VSS on all 64 nodes" + because.replace("its", "their")
                        + ". Do not stop it.");
        assertThat(assessment.earliestClear())
                .isEqualTo(asked.plus(OwnStart.STOPS_WITHIN).plus(SETTINGS.quietTime()));
    }

    private @Nullable Instant earliestClearWith(Instant... planned) {
        Snapshot snapshot = watcher.snapshot().with(null, List.of(planned));
        WatchedVolume volume =
                snapshot.volume(cluster.volumes.get(VOLUME1).key()).orElseThrow();
        return guard.assess(snapshot, volume, clock.instant()).earliestClear();
    }

    @Test
    void aListThatIsPlannedBeforeTheEstimateStartsVssAgain() {
        Instant asked = askAllNodes();
        Duration each = OwnStart.STOPS_WITHIN.plus(SETTINGS.quietTime());
        Instant list = asked.plus(SETTINGS.quietTime());

        assertThat(earliestClearWith(asked.plus(each)))
                .as("the volume can be cleared before this list")
                .isEqualTo(asked.plus(each));
        assertThat(earliestClearWith(list)).isEqualTo(list.plus(each));
        assertThat(earliestClearWith(list, list.plus(OwnStart.STOPS_WITHIN)))
                .isEqualTo(list.plus(OwnStart.STOPS_WITHIN).plus(each));
        assertThat(earliestClearWith(asked))
                .as("it is overdue")
                .isEqualTo(clock.instant().plus(each));

        pollFor(OwnStart.STOPS_WITHIN);
        assertThat(earliestClearWith(clock.instant())).as("VSS outlives it").isNull();
    }

    @Test
    void aPlannedListDoesNotDelayWhatIsClearableNow() {
        assertThat(earliestClearWith(clock.instant(), clock.instant().plusSeconds(1)))
                .isEqualTo(clock.instant());
    }

    @Test
    void thereIsNoEstimateOnceVssOutlivesIt() {
        Instant asked = askAllNodes();
        pollFor(OwnStart.STOPS_WITHIN);

        Assessment assessment = assess();

        assertThat(assessment.earliestClear()).isNull();
        assertThat(check(assessment, "vss-stopped NODE1").seen())
                .isEqualTo("VSS on NODE1 started at " + local(asked, "HH:mm:ss")
                        + ", when this agent listed its shadow copies, and still runs: something else may use it");
        assertThat(check(assessment, "vss-stopped NODE1").result()).isEqualTo(CheckResult.UNKNOWN);
        assertThat(assessment.nextStep())
                .hasSizeLessThanOrEqualTo(LONGEST)
                .isEqualTo("Some evidence is missing: VSS on all 64 nodes started at " + local(asked, "HH:mm:ss")
                        + ", when this agent listed their shadow copies, and still runs: something else may use it."
                        + " Wait until it stops by itself. Do not stop it: a backup may be using it.");
    }

    @Test
    void aVssServiceThatRanBeforeTheQuestionOrHasAnotherProcessIsNotExplained() {
        cluster.services.put("NODE1", new ServiceStatus(ServiceStatus.RUNNING, 7L, null));
        pollFor(Duration.ofSeconds(10));
        askAllNodes();

        assertThat(check(assess(), "vss-stopped NODE1").seen()).startsWith("the VSS service on NODE1 is RUNNING");
        assertThat(check(assess(), "vss-stopped NODE2").seen()).contains("when this agent listed");

        cluster.startVss("NODE2");
        pollFor(Duration.ofSeconds(10));

        assertThat(check(assess(), "vss-stopped NODE2").seen()).startsWith("the VSS service on NODE2 is RUNNING");
        assertThat(assess().earliestClear()).isNull();
    }

    private static ServiceStatus running(long process) {
        return new ServiceStatus(ServiceStatus.RUNNING, process, null);
    }

    @Test
    void theProviderHasAnEstimateIfItWasSeenStoppedBeforeTheQuestionToo() {
        cluster.afterAnsweringForShadowCopies = node -> cluster.softwareProviders.put(node, running(9));
        Instant asked = askAllNodes();
        Instant estimate = asked.plus(OwnStart.STOPS_WITHIN).plus(SETTINGS.quietTime());

        assertThat(check(assess(), "swprv-stopped NODE1").passesAt()).isEqualTo(estimate);
        assertThat(assess().earliestClear()).isEqualTo(estimate);

        cluster.softwareProviders.put("NODE1", running(10));
        pollFor(Duration.ofSeconds(10));

        assertThat(check(assess(), "swprv-stopped NODE1").passesAt())
                .as("another process")
                .isNull();
        assertThat(check(assess(), "swprv-stopped NODE2").passesAt()).isEqualTo(estimate);
        assertThat(assess().earliestClear()).isNull();
    }

    @Test
    void aProviderThatRanBeforeTheQuestionHasNoEstimate() {
        cluster.softwareProviders.put("NODE1", running(9));
        pollFor(Duration.ofSeconds(10));
        askAllNodes();

        assertThat(check(assess(), "vss-stopped NODE1").passesAt()).isNotNull();
        assertThat(check(assess(), "swprv-stopped NODE1").passesAt()).isNull();
        assertThat(assess().earliestClear()).isNull();
    }

    @Test
    void aVssServiceThatStoppedAndStartedAgainIsNotExplained() {
        askAllNodes();
        cluster.stopVss();
        pollFor(Duration.ofSeconds(10));
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, null, null));
        pollFor(Duration.ofSeconds(10));

        assertThat(check(assess(), "vss-stopped NODE2").seen()).startsWith("the VSS service on NODE2 is RUNNING");
    }

    @Test
    void aRunningBackupShowsTheAgeOfItsEvidence() {
        ShadowCopies live = new ShadowCopies(
                List.of(new ShadowCopy(
                        "{c}", "{s}", "{p}", StubCluster.guid(1), "NODE2", false, ShadowCopy.CREATED, clock.instant())),
                new ServiceStatus(ServiceStatus.RUNNING, 7L, null),
                List.of());
        NodeAnswer<ShadowCopies> answer = NodeAnswer.of(clock.instant(), live);
        clock.advance(Duration.ofSeconds(50));

        assertThat(assess(Map.of("NODE2", answer)).nextStep())
                .startsWith("A backup of this volume is running, and clearing would corrupt it:"
                        + " a running backup has a shadow copy on NODE2")
                .contains(", seen 50 s ago.");
        assertThat(assess(Map.of("NODE2", answer)).earliestClear()).isNull();
    }

    @Test
    void diskTroubleOfTheVolumeItselfIsToldInFull() {
        cluster.readFailure = ClusterException.win32("OpenCluster", 1722);
        pollFor(Duration.ofSeconds(10));

        assertThat(assess().nextStep()).contains("the last poll failed").contains("RPC_S_SERVER_UNAVAILABLE");
    }

    /** A list may take half a minute, and polls go on beside it. */
    @Test
    void vssIsExplainedAlsoIfAPollLooksDuringTheQuestion() {
        Instant asked = clock.instant();
        cluster.vssStopsAfterAQuestion = false;
        cluster.beforeAnsweringForShadowCopies = node -> lookAtNode2(node);
        cluster.afterAnsweringForShadowCopies = node -> lookAtNode2(node);

        evidence.shadowCopies(List.of("NODE2"));
        pollFor(Duration.ofSeconds(10));

        assertThat(check(assess(), "vss-stopped NODE2").seen()).contains("when this agent listed");
        assertThat(assess().earliestClear())
                .isEqualTo(asked.plusSeconds(2).plus(OwnStart.STOPS_WITHIN).plus(SETTINGS.quietTime()));
    }

    private void lookAtNode2(String node) {
        if (node.equals("NODE2")) {
            clock.advance(Duration.ofSeconds(1));
            watcher.refresh();
        }
    }

    @Test
    void vssThatSomebodyElseStartsMuchLaterIsNotExplained() {
        askAllNodes();
        cluster.set(VOLUME1, BackupState.NONE);
        pollFor(Duration.ofSeconds(10));
        cluster.stopVss();
        pollFor(Duration.ofHours(2));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.startVss("NODE2");
        pollFor(Duration.ofSeconds(10));

        assertThat(check(assess(), "vss-stopped NODE2").seen()).startsWith("the VSS service on NODE2 is RUNNING");
    }

    @Test
    void aLaterQuestionDoesNotExplainAVssThatHasOutlivedTheFirst() {
        askAllNodes();
        pollFor(OwnStart.STOPS_WITHIN.plusMinutes(1));
        evidence.shadowCopies(List.of("NODE2"));
        pollFor(Duration.ofSeconds(10));

        assertThat(check(assess(), "vss-stopped NODE2").seen()).endsWith("and still runs: something else may use it");
        assertThat(assess().earliestClear()).isNull();
    }

    @Test
    void aFailedPollEndsTheExplanationBecauseVssMayHaveStoppedMeanwhile() {
        askAllNodes();
        pollFor(Duration.ofMinutes(1));
        cluster.readFailure = ClusterException.win32("OpenCluster", 1722);
        pollFor(Duration.ofSeconds(10));
        cluster.readFailure = null;
        pollFor(Duration.ofSeconds(10));

        assertThat(check(assess(), "vss-stopped NODE2").seen()).startsWith("the VSS service on NODE2 is RUNNING");
    }
}
