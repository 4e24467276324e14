package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which source is asked about a node, and when another one. NODE1 is the agent's own node. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class PeersFirstTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final List<String> NODES = List.of("NODE1", "NODE2");
    private final ClusterException silent = ClusterException.unavailable(
            "the agent of NODE2 did not answer", "Start the service CsvBackupAgent on NODE2.");

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final StubPeers peers = new StubPeers(cluster, "NODE2");
    private final List<String> second = new CopyOnWriteArrayList<>();
    private final NodeEvidence evidence = evidence(DEADLINE);

    PeersFirstTest() {
        cluster.beforeService = second::add;
        evidence.setOwnNode("NODE1");
    }

    private NodeEvidence evidence(Duration deadline) {
        return new NodeEvidence(cluster, peers, deadline, deadline, clock, clock::nanoTime);
    }

    private NodeServices servicesOf(String node) {
        return evidence.services(List.of(node)).get(node);
    }

    private NodeAnswer<ServiceStatus> vssOf(String node) {
        return evidence.vss(List.of(node)).get(node);
    }

    private NodeAnswer<ShadowCopies> listOf(String node) {
        return evidence.shadowCopies(List.of(node)).get(node);
    }

    @Test
    void theAgentOfANodeGivesBothServicesInOneAnswerAndTheOwnNodeIsReadDirectly() {
        Map<String, NodeServices> services = evidence.services(NODES);

        assertThat(peers.asked).containsExactly("NODE2");
        assertThat(second).containsExactly("NODE1", "NODE1");
        assertThat(services.keySet()).containsExactly("NODE1", "NODE2");
        assertThat(services.get("NODE1").vss().answer().source()).isEqualTo(Source.SERVICE_MANAGER);
        assertThat(services.get("NODE2").vss().answer().source()).isEqualTo(Source.AGENT_OF_NODE);
        assertThat(services.get("NODE2").vss().stoppedFor()).isEqualTo(Duration.ofHours(1));
        assertThat(services.get("NODE2").softwareProvider().stoppedFor()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void theOwnNodeIsReadDirectlyEvenIfAnAgentIsConfiguredForIt() {
        peers.agents.add("NODE1");

        assertThat(vssOf("NODE1").source()).isEqualTo(Source.SERVICE_MANAGER);
        assertThat(peers.asked).isEmpty();
    }

    @Test
    void theServiceControlManagerIsAskedWhereTheAgentGaveNoAnswer() {
        peers.failures.put("NODE2", silent);

        NodeServices services = servicesOf("NODE2");

        assertThat(services.vss().answer().source()).isEqualTo(Source.SERVICE_MANAGER);
        assertThat(services.vss().stoppedFor()).isNull();
        assertThat(services.softwareProvider().answer().value().isStopped()).isTrue();
    }

    @Test
    void onlyTheServiceThatTheAgentCouldNotReadIsAskedForAgain() {
        List<String> asked = new CopyOnWriteArrayList<>();
        Peers halfBlind = new Peers() {
            @Override
            public boolean asks(String node) {
                return true;
            }

            @Override
            public PeerEvidence ask(String node, boolean withShadowCopies) {
                ServiceStatus running = new ServiceStatus(ServiceStatus.RUNNING, 9L, null);
                Problem problem = new Problem("OpenService failed", "Look there.");
                return new PeerEvidence(
                        new PeerEvidence.Seen(running, Duration.ZERO, null),
                        new PeerEvidence.Seen(null, Duration.ofHours(1), problem),
                        MachineBackups.UNKNOWN,
                        null);
            }
        };
        cluster.beforeService = asked::add;

        NodeServices services = new NodeEvidence(cluster, halfBlind, DEADLINE, DEADLINE, clock, clock::nanoTime)
                .services(List.of("NODE2"))
                .get("NODE2");

        assertThat(asked).containsExactly("NODE2");
        assertThat(services.vss().answer().value().processId()).isEqualTo(9);
        assertThat(services.softwareProvider().answer().source()).isEqualTo(Source.SERVICE_MANAGER);
        assertThat(services.softwareProvider().stoppedFor()).isNull();
    }

    @Test
    void whereNoSourceAnswersBothReasonsAreToldWithTheAgentsRemedy() {
        peers.failures.put("NODE2", silent);
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5);
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);

        NodeServices services = servicesOf("NODE2");

        String reason =
                "the agent of NODE2 did not answer; its service control manager failed:" + " ERROR_ACCESS_DENIED (5)";
        assertThat(services.vss().answer().problem().message()).isEqualTo(reason);
        assertThat(services.softwareProvider().answer().problem().message()).isEqualTo(reason);
        assertThat(services.vss().answer().problem().remedy()).isEqualTo(silent.remedy());
        assertThat(listOf("NODE2").problem().message())
                .isEqualTo("the agent of NODE2 did not answer; its WMI failed:" + " RPC_S_SERVER_UNAVAILABLE (1722)");
    }

    @Test
    void afterADeniedAccessTheNodeIsNotAskedForAnHourAndTheOldFailureStands() {
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5);
        peers.agents.clear();
        Instant denied = clock.instant();
        servicesOf("NODE2");
        assertThat(second).as("one question is enough for both services").containsExactly("NODE2");
        cluster.serviceFailure = null;

        clock.advance(Duration.ofMinutes(59));
        NodeAnswer<ServiceStatus> standing = vssOf("NODE2");
        assertThat(standing.problem().message()).contains("ERROR_ACCESS_DENIED");
        assertThat(standing.at()).isEqualTo(denied);
        assertThat(second).hasSize(1);

        clock.advance(Duration.ofMinutes(1));
        assertThat(vssOf("NODE2").value()).isNotNull();
        assertThat(vssOf("NODE2").value()).as("it is forgotten").isNotNull();
    }

    @Test
    void theAgentIsAskedEachTimeAlsoAfterADeniedAccess() {
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5);
        peers.failures.put("NODE2", silent);
        servicesOf("NODE2");
        peers.failures.clear();

        assertThat(servicesOf("NODE2").vss().answer().source()).isEqualTo(Source.AGENT_OF_NODE);
    }

    @Test
    void accessIsDeniedForOneKindAndOneNode() {
        peers.agents.clear();
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5);
        vssOf("NODE2");
        cluster.serviceFailure = null;

        assertThat(listOf("NODE2").value()).isNotNull();
        assertThat(vssOf("NODE2").value()).isNull();
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 5);
        listOf("NODE2");
        cluster.shadowCopyFailure = null;
        cluster.askedForShadowCopies.clear();

        assertThat(listOf("NODE2").value()).isNull();
        assertThat(cluster.askedForShadowCopies).isEmpty();
        assertThat(listOf("NODE1").value()).isNotNull();
    }

    @Test
    void anotherFailureDoesNotKeepFromAskingAgain() {
        peers.agents.clear();
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 1722);
        vssOf("NODE2");
        cluster.serviceFailure = null;

        assertThat(vssOf("NODE2").value()).isNotNull();
    }

    @Test
    void theOwnNodeIsAskedAgainAfterADeniedAccess() {
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5);
        vssOf("NODE1");
        cluster.serviceFailure = null;

        assertThat(vssOf("NODE1").value()).isNotNull();
    }

    @Test
    void anAgentThatHangsLeavesTimeForTheOtherSource() {
        CountDownLatch released = new CountDownLatch(1);
        peers.beforeAnswer = node -> awaitQuietly(released);

        NodeAnswer<ServiceStatus> answer =
                evidence(Duration.ofSeconds(1)).vss(List.of("NODE2")).get("NODE2");

        assertThat(answer.source()).isEqualTo(Source.SERVICE_MANAGER);
        assertThat(answer.value()).isNotNull();
        released.countDown();
    }

    @Test
    void anAgentThatHangsIsNamedAsTheReason() {
        CountDownLatch released = new CountDownLatch(1);
        peers.beforeAnswer = node -> awaitQuietly(released);
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 5);

        Problem problem = evidence(Duration.ofSeconds(1))
                .vss(List.of("NODE2"))
                .get("NODE2")
                .problem();

        assertThat(problem.message())
                .isEqualTo("the agent of NODE2 did not answer within 500 ms; its service control manager failed:"
                        + " ERROR_ACCESS_DENIED (5)");
        released.countDown();
    }

    @Test
    void anAgentThatHangsDoesNotDelayTheOtherSourceOfAnotherNode() {
        CountDownLatch answered = new CountDownLatch(1);
        peers.agents.add("NODE3");
        peers.failures.put("NODE3", silent);
        cluster.services.put("NODE3", cluster.services.get("NODE2"));
        peers.beforeAnswer = node -> {
            if (node.equals("NODE2")) {
                // Until the second source of NODE3 was asked, within the patience with NODE2.
                awaitQuietly(answered);
            }
        };
        cluster.beforeService = node -> answered.countDown();

        Map<String, NodeAnswer<ServiceStatus>> answers = evidence.vss(List.of("NODE2", "NODE3"));

        assertThat(answers.get("NODE2").source()).isEqualTo(Source.AGENT_OF_NODE);
        assertThat(answers.get("NODE3").source()).isEqualTo(Source.SERVICE_MANAGER);
    }

    @Test
    void anAnswerThatCameTooLateDoesNotCount() {
        peers.answersAtOnce = true;
        peers.beforeAnswer = node -> clock.advance(DEADLINE.dividedBy(2).plusMillis(1));
        cluster.silentServices.add("NODE2");

        assertThat(vssOf("NODE2").problem().message())
                .startsWith("the agent of NODE2 did not answer within 10 s; its service control manager");
        peers.beforeAnswer = node -> clock.advance(DEADLINE.dividedBy(2));
        assertThat(vssOf("NODE2").value()).isNotNull();
    }

    @Test
    void aListOfTheAgentHasTheTimeOfThisAgentsClockAndCountsAsAsked() {
        NodeAnswer<ShadowCopies> list = listOf("NODE2");

        assertThat(peers.asked).containsExactly("NODE2 with shadow copies");
        assertThat(list.source()).isEqualTo(Source.AGENT_OF_NODE);
        assertThat(list.at()).isEqualTo(clock.instant());
        assertThat(evidence.lastShadowCopies("NODE2")).isEqualTo(list);
        assertThat(evidence.questions().to("NODE2").startedVss()).isNotNull();
        assertThat(evidence.questions().to("NODE2").isUnderWay()).isFalse();
    }

    /** It answered: WMI would only start VSS there once more. */
    @Test
    void whyTheAgentGivesNoListStandsAndWmiIsNotAsked() {
        Problem tooOften = new Problem("the next can begin at 17:22:04", "Try again then.");
        peers.listless.put("NODE2", tooOften);

        assertThat(listOf("NODE2").source()).isEqualTo(Source.AGENT_OF_NODE);
        assertThat(listOf("NODE2").problem()).isEqualTo(tooOften);
        assertThat(polledList().problem()).isEqualTo(tooOften);
        assertThat(cluster.askedForShadowCopies).isEmpty();
        assertThat(evidence.questions().to("NODE2").isUnderWay()).isFalse();
    }

    /** As the polls ask for it. */
    private NodeAnswer<ShadowCopies> polledList() {
        BoundedCalls.Pending<NodeAnswer<ShadowCopies>> pending = evidence.beginShadowCopies("NODE2");
        assertThat(pending.endsWithin(Duration.ofMinutes(1))).isTrue();
        return evidence.ended(pending);
    }

    @Test
    void aListOfAnAgentThatDoesNotAnswerIsAskedOfWmi() {
        peers.failures.put("NODE2", silent);

        assertThat(listOf("NODE2").source()).isEqualTo(Source.WMI);
        assertThat(polledList().source()).isEqualTo(Source.WMI);

        cluster.silentForShadowCopies.add("NODE2");
        assertThat(listOf("NODE2").problem().message()).startsWith("the agent of NODE2 did not answer; its WMI");
        assertThat(listOf("NODE2").problem().remedy()).isEqualTo(silent.remedy());
    }

    /** A list that WMI gives too late has started VSS for nothing. */
    @Test
    void wmiIsNotAskedForAListIfLessThanAThirdOfTheTimeIsLeft() {
        peers.failures.put("NODE2", silent);
        peers.beforeAnswer =
                node -> clock.advance(DEADLINE.multipliedBy(2).dividedBy(3).plusMillis(1));

        assertThat(listOf("NODE2").problem()).isEqualTo(Problem.of(silent));
        assertThat(listOf("NODE2").source()).isEqualTo(Source.AGENT_OF_NODE);
        assertThat(polledList().problem()).isEqualTo(Problem.of(silent));
        assertThat(cluster.askedForShadowCopies).isEmpty();

        peers.beforeAnswer = node -> clock.advance(DEADLINE.multipliedBy(2).dividedBy(3));
        assertThat(listOf("NODE2").source()).isEqualTo(Source.WMI);
        assertThat(polledList().source()).isEqualTo(Source.WMI);
    }

    @Test
    void wmiIsNotAskedForAListAfterAnAgentThatHung() {
        Duration brief = Duration.ofMillis(200);
        CountDownLatch never = new CountDownLatch(1);
        peers.beforeAnswer = node -> {
            clock.advance(brief);
            awaitQuietly(never);
        };

        NodeAnswer<ShadowCopies> none =
                evidence(brief).shadowCopies(List.of("NODE2")).get("NODE2");

        assertThat(none.problem().message()).isEqualTo("the agent of NODE2 did not answer within 200 ms");
        assertThat(cluster.askedForShadowCopies).isEmpty();
        never.countDown();
    }

    @Test
    void theLastQuestionOfAClearGivesListAndProcessTogether() {
        NodeEvidence.Lists lists = evidence.listsAndVss(NODES);

        assertThat(peers.asked).containsExactly("NODE2 with shadow copies");
        assertThat(lists.shadowCopies()).hasSize(2);
        assertThat(lists.vssAfter().get("NODE2").value().processId())
                .isEqualTo(cluster.services.get("NODE2").processId());
        assertThat(second).as("the own node is asked for its process").containsExactly("NODE1");
    }

    /** Its answer may be from before the list. */
    @Test
    void anAgentThatSawVssStoppedIsAskedAgainForTheProcess() {
        peers.vss.put("NODE2", new ServiceStatus(ServiceStatus.STOPPED, null, null));
        NodeEvidence.Lists lists = evidence.listsAndVss(List.of("NODE2"));

        assertThat(peers.asked).containsExactly("NODE2 with shadow copies", "NODE2");
        assertThat(lists.vssAfter()).containsOnlyKeys("NODE2");
    }

    @Test
    void noProcessIsAskedWhereThereIsNoList() {
        cluster.silentForShadowCopies.add("NODE2");
        peers.failures.put("NODE2", silent);

        assertThat(evidence.listsAndVss(List.of("NODE2")).vssAfter()).isEmpty();
        assertThat(peers.asked).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
