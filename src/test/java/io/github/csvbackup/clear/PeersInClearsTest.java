package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a clear asks the agents of other nodes, and what their answers do. The agent under test runs on NODE1. */
@Tag("jdk-independent")
class PeersInClearsTest extends ClearingFixture {
    private final ClusterException silent = ClusterException.unavailable(
            "the agent of NODE2 did not answer", "Start the service CsvBackupAgent on NODE2.");

    @BeforeEach
    void node2HasAnAgent() {
        peers.agents.add("NODE2");
        // This agent may not ask other nodes.
        cluster.silentServices.add("NODE2");
        watcher.refresh();
        peers.asked.clear();
    }

    private static Check check(List<Check> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Check check(String name) {
        return check(clearing.assess(VOLUME1, OPERATOR).checks(), name);
    }

    @Test
    void anAssessmentAsksEachAgentOnceAndForNoList() {
        cluster.own(VOLUME1, "NODE2");
        cluster.startVss("NODE2");

        clearing.assess(VOLUME1, OPERATOR);

        assertThat(peers.asked).containsExactly("NODE2");
    }

    @Test
    void theEvidenceOfTheAgentIsEnoughForAClear() {
        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(peers.asked)
                .as("the services, the list with the process after it, and the process before the call")
                .startsWith("NODE2", "NODE2 with shadow copies", "NODE2")
                .containsOnlyOnce("NODE2 with shadow copies");
        assertThat(cluster.askedForShadowCopies).containsOnlyOnce("NODE2");
    }

    @Test
    void theChecksNameWhoSaidSoAndWhen() {
        Assessment assessment = clearing.assess(VOLUME1, OPERATOR);

        assertThat(check(assessment.checks(), "vss-stopped NODE2").seen())
                .startsWith(
                        "the VSS service on NODE2 was seen stopped at every check for 1 h 0 min, told by its agent at ")
                .endsWith(" UTC");
        assertThat(check(assessment.checks(), "vss-stopped NODE1").seen())
                .contains(", read from its service control manager at ");
        ClearResult cleared = clearing.clear(VOLUME1, OPERATOR);
        assertThat(check(cleared.checks(), "shadow-copies NODE1").seen())
                .startsWith("NODE1 has no shadow copy of this volume, listed by its WMI at ");
        assertThat(check(cleared.checks(), "shadow-copies NODE2").seen())
                .startsWith("NODE2 has no shadow copy of this volume, told by its agent at ");
    }

    @Test
    void anAgentThatRestartedBeginsItsRowAgain() {
        peers.stoppedFor.put("NODE2", Duration.ZERO);

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.verdict()).isEqualTo(Verdict.UNPROVEN);
        nothingWasCalled();
    }

    @Test
    void withoutTheAgentTheReasonsOfBothSourcesAreGivenAndTheRemedyOfTheAgent() {
        peers.failures.put("NODE2", silent);

        Check check = check("vss-stopped NODE2");

        assertThat(check.result()).isEqualTo(CheckResult.UNKNOWN);
        assertThat(check.seen())
                .isEqualTo("the agent of NODE2 did not answer; its service control manager failed:"
                        + " RPC_S_SERVER_UNAVAILABLE (1722)");
        assertThat(check.remedy()).isEqualTo(silent.remedy());
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.REFUSED);
        nothingWasCalled();
    }

    @Test
    void anAgentThatIsLostBeforeTheListPreventsTheClear() {
        cluster.silentForShadowCopies.add("NODE2");
        peers.beforeAnswer = node -> {
            if (peers.asked.contains("NODE2 with shadow copies")) {
                peers.failures.put("NODE2", silent);
            }
        };

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).contains("the agent of NODE2 did not answer; its WMI failed");
        nothingWasCalled();
    }

    @Test
    void anAgentThatIsLostAfterTheListPreventsTheClear() {
        peers.beforeAnswer = node -> {
            if (peers.asked.indexOf("NODE2 with shadow copies") < peers.asked.size() - 1
                    && peers.asked.contains("NODE2 with shadow copies")) {
                peers.failures.put("NODE2", silent);
            }
        };

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).contains("not readable (the agent of NODE2 did not answer");
        nothingWasCalled();
    }

    /** One look of this agent saw VSS; the agent of the node, which looks at other moments, did not. */
    @Test
    void whatTheOtherSourceSawForbidsAlthoughTheAgentSaysStopped() {
        peers.failures.put("NODE2", silent);
        cluster.silentServices.clear();
        cluster.startVss("NODE2");
        pollFor(Duration.ofSeconds(10));
        cluster.stopVss();
        peers.failures.clear();

        assertThat(check("vss-stopped NODE2").result()).isEqualTo(CheckResult.UNKNOWN);
        pollFor(SETTINGS.quietTime());
        assertThat(check("vss-stopped NODE2").result()).isEqualTo(CheckResult.PASSED);
    }

    @Test
    void nobodyWhoListsShadowCopiesAsksTheAgents() {
        FoundShadowCopies first = clearing.shadowCopies(VOLUME1, OPERATOR);
        clearing.shadowCopies(VOLUME1, ANONYMOUS);

        assertThat(peers.asked).doesNotContain("NODE2 with shadow copies");
        assertThat(cluster.askedForShadowCopies).containsOnly("NODE1");
        assertThat(first.answers()).containsOnlyKeys("NODE1");
        assertThat(first.known().get("NODE2").problem().message())
                .isEqualTo("NODE2 was not asked for its shadow copies");
    }

    @Test
    void theLastListOfAnAgentIsShownWithItsTime() {
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        Instant listed = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        peers.asked.clear();

        NodeAnswer<ShadowCopies> known =
                clearing.shadowCopies(VOLUME1, ANONYMOUS).known().get("NODE2");
        assertThat(known.value()).as("the last list").isNotNull();
        assertThat(known.at()).isBeforeOrEqualTo(listed);
        assertThat(peers.asked).doesNotContain("NODE2 with shadow copies");
    }

    @Test
    void vssThatTheListOfAnAgentStartedIsNotTakenForABackup() {
        peers.vss.put("NODE2", new ServiceStatus(ServiceStatus.STOPPED, null, null));
        clearing.clear(VOLUME1, OPERATOR);
        peers.vss.clear();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);

        pollFor(Duration.ofSeconds(10));

        assertThat(peers.asked).contains("NODE2 with shadow copies");
        assertThat(check("vss-stopped NODE2").seen())
                .startsWith("VSS on NODE2 started at ")
                .contains("when this agent listed its shadow copies");
    }

    @Test
    void pollsAskForListsOnTheOwnerOfAVolumeWhoseStateIsSet() {
        cluster.shadowCopies.put("NODE2", List.of(copy("{1}", false)));
        cluster.startVss("NODE2");

        pollFor(Duration.ofSeconds(20));

        assertThat(peers.asked).containsOnlyOnce("NODE2 with shadow copies");
        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.ACTIVE);
    }

    @Test
    void theSameVssProcessIsAskedForAListEachFifteenMinutesAndAnotherOneAfterAMinute() {
        cluster.startVss("NODE2");
        pollFor(Duration.ofMinutes(14));
        assertThat(lists()).isEqualTo(1);
        pollFor(Duration.ofMinutes(2));
        assertThat(lists()).isEqualTo(2);
        cluster.startVss("NODE2");
        pollFor(Duration.ofSeconds(10));
        assertThat(lists()).isEqualTo(3);

        cluster.startVss("NODE2");
        pollFor(Duration.ofSeconds(50));
        assertThat(lists()).as("at most once a minute").isEqualTo(3);
        pollFor(Duration.ofSeconds(20));
        assertThat(lists()).isEqualTo(4);
    }

    @Test
    void aNodeWhereABackupRunsIsAskedForAListEachMinute() {
        cluster.shadowCopies.put("NODE2", List.of(copy("{1}", false)));
        cluster.startVss("NODE2");
        pollFor(Duration.ofMinutes(10));
        assertThat(lists()).isEqualTo(10);

        cluster.shadowCopies.put("NODE2", List.of(copy("{1}", true)));
        pollFor(Duration.ofMinutes(1));
        assertThat(lists()).isEqualTo(11);
        pollFor(Duration.ofMinutes(14));
        assertThat(lists()).as("this list shows no requester").isEqualTo(11);
    }

    private long lists() {
        return peers.asked.stream()
                .filter(question -> question.endsWith("with shadow copies"))
                .count();
    }

    @Test
    void pollsOfOtherAgentsAskForNoList() {
        cluster.own(VOLUME1, "NODE2");
        cluster.shadowCopies.put("NODE2", List.of(copy("{1}", false)));
        cluster.startVss("NODE1");
        cluster.startVss("NODE2");

        pollFor(Duration.ofMinutes(1));

        assertThat(peers.asked).doesNotContain("NODE2 with shadow copies");
        assertThat(cluster.askedForShadowCopies).isEmpty();
        Assessment assessment = clearing.assess(VOLUME1, ANONYMOUS);
        assertThat(assessment.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(check(assessment.checks(), "shadow-copies NODE2").seen()).startsWith("not asked");
    }

    @Test
    void withoutAgentsEachPollAsksAsBefore() {
        peers.agents.clear();
        cluster.own(VOLUME1, "NODE2");
        cluster.silentServices.clear();
        cluster.startVss("NODE2");

        pollFor(Duration.ofSeconds(20));

        assertThat(cluster.askedForShadowCopies).contains("NODE2");
    }

    @Test
    void theFollowUpOfAClearAsksTheAgents() {
        clearing.clear(VOLUME1, OPERATOR);
        letVssStop();
        peers.asked.clear();

        lookFor(clearing, SETTINGS.quietTime().plusSeconds(40));

        assertThat(peers.asked).containsOnlyOnce("NODE2 with shadow copies");
    }

    private Problem tooEarly(int seconds) {
        return new Problem(
                        "NODE2 lists its shadow copies at most once a minute; the next can begin at 04:00:00 UTC",
                        "Try again then.")
                .later(Duration.ofSeconds(seconds));
    }

    /** A backup may have begun since the list that made this one too early. */
    @Test
    void forceDoesNotOverrideAListThatComesSoon() {
        peers.listless.put("NODE2", tooEarly(40));

        ClearResult early = clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);

        assertThat(early.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(early.message())
                .startsWith("Refused: " + tooEarly(40).message()
                        + ". Until then this cannot be overridden, as a backup may be running there. Try again then.");
        nothingWasCalled();

        peers.listless.put("NODE2", new Problem("NODE2 cannot list its shadow copies", "Check WMI there."));
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
    }

    @Test
    void aListThatWasAskedForTooEarlyIsAskedForAgainAtItsTime() {
        peers.listless.put("NODE2", tooEarly(40));
        cluster.shadowCopies.put("NODE2", List.of(copy("{1}", false)));
        cluster.startVss("NODE2");
        pollFor(Duration.ofSeconds(30));
        assertThat(lists()).isEqualTo(1);
        peers.listless.clear();
        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.UNPROVEN);

        pollFor(Duration.ofSeconds(20));

        assertThat(lists()).isEqualTo(2);
        assertThat(clearing.assess(VOLUME1, OPERATOR).verdict()).isEqualTo(Verdict.ACTIVE);
    }

    @Test
    void theFollowUpOfAClearWaitsForAListThatItAskedForTooEarly() {
        clearing.clear(VOLUME1, OPERATOR);
        letVssStop();
        peers.asked.clear();
        peers.listless.put("NODE2", tooEarly(40));
        peers.beforeAnswer = node -> {
            if (lists() == 2) {
                peers.listless.clear();
                cluster.shadowCopies.put("NODE2", List.of(copy("{new}", false)));
            }
        };

        lookFor(clearing, SETTINGS.quietTime().plusSeconds(40));

        assertThat(lists()).isEqualTo(2);
        assertThat(kinds()).contains("suspect");
    }

    @Test
    void theFollowUpOfAClearDoesNotWaitForever() {
        clearing.clear(VOLUME1, OPERATOR);
        letVssStop();
        peers.asked.clear();
        peers.listless.put("NODE2", tooEarly(40));

        lookFor(clearing, SETTINGS.quietTime().plusSeconds(40));

        assertThat(lists()).isEqualTo(3);
    }

    @Test
    void ifTheAgentOfTheOwnerIsSilentForLongAnotherReportsTheStaleState() {
        cluster.own(VOLUME1, "NODE2");
        cluster.startVss("NODE1");
        peers.failures.put("NODE2", silent);
        pollFor(Duration.ofMinutes(1));
        for (int poll = 0; poll < 14 * 6; poll++) {
            pollFor(Duration.ofSeconds(10));
            clearing.polled();
        }
        assertThat(events).noneMatch(ClearEvent.Stale.class::isInstance);

        pollFor(Duration.ofMinutes(2));
        clearing.polled();

        assertThat(events).filteredOn(ClearEvent.Stale.class::isInstance).hasSize(1);
    }

    @Test
    void aStateIsReportedAsStaleByTheOwnersAgentWhileVssRuns() {
        assertThat(events).noneMatch(ClearEvent.Stale.class::isInstance);
        cluster.own(VOLUME1, "NODE2");
        cluster.startVss("NODE2");
        pollFor(Duration.ofMinutes(1));

        clearing.polled();
        assertThat(events).noneMatch(ClearEvent.Stale.class::isInstance);

        cluster.stopVss();
        watcher.refresh();
        clearing.polled();
        assertThat(events).anyMatch(ClearEvent.Stale.class::isInstance);
    }

    @Test
    void theOwnersAgentReportsItWhileVssRunsIfNoBackupIsSeen() {
        cluster.startVss("NODE2");
        pollFor(Duration.ofMinutes(1));

        clearing.polled();

        assertThat(events)
                .filteredOn(ClearEvent.Stale.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        ClearEvent.Stale.class,
                        stale -> assertThat(stale.backupRunning()).isFalse());
    }

    @Test
    void anAgentThatSeesVssStartingIsBelieved() {
        peers.vss.put("NODE2", new ServiceStatus(ServiceStatus.START_PENDING, 9L, null));

        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);

        assertThat(refused.message()).contains("the VSS service on NODE2 is START_PENDING, process 9. ");
        assertThat(check(refused.checks(), "vss-stopped NODE2").seen())
                .contains("the VSS service on NODE2 is START_PENDING, process 9, told by its agent at ");
        nothingWasCalled();
    }
}
