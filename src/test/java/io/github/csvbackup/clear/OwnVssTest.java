package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.OwnStart;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every refusal says where VSS runs because this agent asked, if that was seen, and only then. */
@Tag("jdk-independent")
class OwnVssTest extends ClearingFixture {
    private static final String STOPS_SOON = "; if nothing else uses it, it usually stops within minutes.";
    private static final String BY_AGENT = "when this agent listed";

    private String started(String nodes, String whose, Instant asked) {
        return "VSS on " + nodes + " started at " + Times.UTC.timeOn(clock.instant(), asked)
                + ", when this agent listed " + whose + " shadow copies";
    }

    private String bothStarted(Instant asked) {
        return " " + started("NODE1 and NODE2", "their", asked) + STOPS_SOON;
    }

    /** A reader or an operator listed the shadow copies, and the next poll saw what that started. */
    private Instant askedAndPolled() {
        Instant asked = clock.instant();
        clearing.shadowCopies(VOLUME1, OPERATOR);
        pollFor(Duration.ofSeconds(10));
        return asked;
    }

    private ClearResult forced(String volume, String reason) {
        return clearing.forceClear(VOLUME1, volume, reason, OPERATOR);
    }

    /** What a second request is told while the call of the first one is under way. */
    private String busyWhile(Runnable meanwhile) throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        cluster.duringClear = () -> {
            called.countDown();
            awaitQuietly(release);
        };
        CompletableFuture<ClearResult> first = CompletableFuture.supplyAsync(() -> forced(VOLUME1, REASON));
        called.await();
        meanwhile.run();
        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);
        release.countDown();
        assertThat(first.get().outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.earliestClear()).isNull();
        assertThat(refused.message())
                .startsWith("A clear of " + VOLUME1
                        + " is already running, requested by alice through http. Wait for its result.");
        return refused.message();
    }

    @Test
    void aSecondClearIsToldThatTheFirstOneHasStartedVss() throws Exception {
        Instant asked = clock.instant();

        assertThat(busyWhile(() -> {})).endsWith("Wait for its result." + bothStarted(asked));
    }

    @Test
    void aSecondClearIsToldWhatTheLastPollSaw() throws Exception {
        Instant asked = clock.instant();

        assertThat(busyWhile(() -> pollFor(Duration.ofSeconds(10))))
                .endsWith("Wait for its result." + bothStarted(asked));
    }

    @Test
    void aSecondClearIsNotToldOfVssThatHasStoppedSince() throws Exception {
        assertThat(busyWhile(() -> {
                    cluster.stopVss();
                    pollFor(Duration.ofSeconds(10));
                }))
                .doesNotContain(BY_AGENT);
    }

    @Test
    void aSecondClearIsToldNothingOfANodeWhereAPollSawAnotherProcess() throws Exception {
        Instant asked = clock.instant();

        assertThat(busyWhile(() -> {
                    pollFor(Duration.ofSeconds(10));
                    cluster.startVss("NODE2");
                    pollFor(Duration.ofSeconds(10));
                }))
                .endsWith("Wait for its result. " + started("NODE1", "its", asked) + STOPS_SOON);
    }

    @Test
    void aSecondClearIsToldNothingOfVssThatRanBeforeItsNodeWasAsked() throws Exception {
        cluster.beforeAnsweringForShadowCopies = cluster::startVss;

        assertThat(busyWhile(() -> {})).doesNotContain(BY_AGENT);
    }

    @Test
    void vssThatWasNotSeenAfterTheListIsNotSaidToRun() {
        cluster.afterAnsweringForShadowCopies = node -> cluster.silentServices.add(node);

        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .contains("the VSS service on NODE1 was not readable")
                .doesNotContain(BY_AGENT);
    }

    /** No poll has looked for longer than VSS usually runs. */
    @Test
    void aSecondClearIsToldNothingOfVssThatShouldHaveStoppedUnseen() throws Exception {
        assertThat(busyWhile(() -> clock.advance(Duration.ofMinutes(6)))).doesNotContain(BY_AGENT);
    }

    @Test
    void anEarlierCallThatHasNotReturnedIsToldWithTheVssThatItStarted() {
        CountDownLatch release = new CountDownLatch(1);
        Clearing slow = clearingWhoseCallWaitsFor(release, audit::add);
        Instant asked = clock.instant();
        assertThat(slow.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.UNKNOWN);

        ClearResult refused = slow.clear(VOLUME1, OPERATOR);

        assertThat(refused.message())
                .startsWith("An earlier clear of ")
                .contains("has not returned")
                .endsWith(bothStarted(asked));
        letReturnLate(release);
    }

    @Test
    void aRequestToOverrideThatIsNotValidSaysOnlyWhatIsWrongWithIt() {
        askedAndPolled();

        assertThat(forced(VOLUME1, "short").message())
                .startsWith("The reason is too short.")
                .endsWith("The reason is written to the audit.");
        assertThat(forced(VOLUME10, REASON).message()).endsWith("again, exactly.");
        assertThat(clearing(false, audit::add, Duration.ofSeconds(5))
                        .forceClear(VOLUME1, VOLUME1, REASON, OPERATOR)
                        .message())
                .isEqualTo(ForceRequest.SWITCHED_OFF);
    }

    @Test
    void aPathOfTwoVolumesSaysSo() {
        Instant asked = askedAndPolled();
        cluster.rename(VOLUME10, VOLUME1);
        pollFor(Duration.ofSeconds(10));

        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);

        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.message()).endsWith(bothStarted(asked));
        assertThat(clearing.clear("D:\\nowhere", OPERATOR).message())
                .as("it failed, and was not refused")
                .doesNotContain(BY_AGENT);
    }

    @Test
    void aPathThatHasComeToMeanAnotherVolumeSaysSo() {
        Instant asked = askedAndPolled();
        cluster.rename(VOLUME1, "C:\\ClusterStorage\\Old");
        cluster.rename(VOLUME10, VOLUME1);

        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);

        assertThat(refused.message())
                .startsWith("The path resolved to ")
                .endsWith("Check the path, then try again." + bothStarted(asked));
    }

    @Test
    void anAgentThatStopsSaysSo() throws Exception {
        Instant asked = askedAndPolled();
        clearing.drain(Duration.ZERO);

        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);

        assertThat(refused.message()).isEqualTo(Refusals.STOPPING + bothStarted(asked));
    }

    /** The guard does not say it there, because it was overridden. */
    @Test
    void anOverriddenClearWhoseVolumeMovesSaysWhatAnEarlierQueryHasStarted() {
        Instant asked = askedAndPolled();
        cluster.beforeRereading = () -> cluster.own(VOLUME1, "NODE2");

        ClearResult refused = forced(VOLUME1, REASON);

        assertThat(refused.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(refused.message())
                .contains(VOLUME1 + " changed during the checks")
                .endsWith(bothStarted(asked));
        assertThat(refused.earliestClear()).isNull();
        nothingWasCalled();
    }

    @Test
    void vssThatShouldHaveStoppedIsNotExpectedToStop() throws Exception {
        Instant asked = askedAndPolled();
        pollFor(Duration.ofMinutes(6));
        clearing.drain(Duration.ZERO);

        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .endsWith(" " + started("NODE1 and NODE2", "their", asked)
                        + ", and still runs: something else may use it.");
    }

    @Test
    void nodesThatWereAskedAtOtherTimesHaveTheirOwnSentences() throws Exception {
        cluster.silentForShadowCopies.add("NODE2");
        Instant one = askedAndPolled();
        pollFor(Duration.ofMinutes(2));
        cluster.silentForShadowCopies.clear();
        Instant two = askedAndPolled();
        clearing.drain(Duration.ZERO);

        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .endsWith(" " + started("NODE1", "its", one) + STOPS_SOON + " " + started("NODE2", "its", two)
                        + STOPS_SOON);
    }

    @Test
    void aVssProcessThatChangedSinceTheListIsToldAsItWasSeen() {
        Instant asked = clock.instant();
        cluster.beforeRereading = () -> cluster.startVss("NODE2");

        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);

        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.message())
                .matches("The clear function was not called: "
                        + started("NODE2", "its", asked)
                        + ", was RUNNING as process \\d+ then and is RUNNING as process \\d+ now: a backup may have begun"
                        + " in between\\. Assess the volume again\\. "
                        + started("NODE1", "its", asked) + STOPS_SOON.replace(".", "\\."));
        assertThat(refused.message()).hasSizeLessThanOrEqualTo(400);
        assertThat(refused.earliestClear()).isNull();
        nothingWasCalled();
    }

    @Test
    void aVssProcessThatWasNotStartedByTheAgentAndChangedIsNotExplained() {
        cluster.beforeAnsweringForShadowCopies = node -> {
            if (node.equals("NODE2")) {
                cluster.startVss(node);
            }
        };
        cluster.beforeRereading = () -> cluster.startVss("NODE2");

        assertThat(forced(VOLUME1, REASON).message())
                .startsWith("The clear function was not called: the VSS service on NODE2 was RUNNING as process ")
                .containsOnlyOnce(BY_AGENT)
                .contains(" VSS on NODE1 started at ");
    }

    @Test
    void aVssServiceThatStoppedRightAfterTheListIsNotSaidToRun() {
        Instant asked = clock.instant();
        cluster.afterAnsweringForShadowCopies = node -> {
            if (node.equals("NODE2")) {
                cluster.services.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            }
        };

        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .startsWith("The clear function was not called: the VSS service on NODE2 was STOPPED right after")
                .endsWith(" " + started("NODE1", "its", asked) + STOPS_SOON);
    }

    /** VSS may now run for somebody else, so it is not known when the rest can be cleared. */
    @Test
    void whatIsLeftAfterAnotherVssProcessHasNoEstimate() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        Instant asked = clock.instant();
        cluster.beforeRereading = () -> {
            cluster.startVss("NODE2");
            clock.advance(Duration.ofSeconds(43));
        };

        List<ClearResult> results = clearing.clearAll(List.of(VOLUME1, VOLUME10), OPERATOR);

        assertThat(results.get(0).message()).contains("a backup may have begun in between");
        assertThat(results.get(1).message())
                .isEqualTo(Refusals.LEFT + " " + started("NODE1", "its", asked) + STOPS_SOON);
        assertThat(results.get(1).earliestClear()).isNull();
        nothingWasCalled();
    }

    private void askNode1AsTheClearDoes(Runnable before) {
        AtomicBoolean first = new AtomicBoolean(true);
        cluster.beforeAnsweringForShadowCopies = node -> {
            if (node.equals("NODE1") && first.getAndSet(false)) {
                before.run();
            }
        };
    }

    @Test
    void aQueryBetweenThePollAndThoseOfTheClearIsExplained() {
        Instant asked = clock.instant();
        askNode1AsTheClearDoes(() -> evidence.shadowCopies(List.of("NODE1")));

        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);

        assertThat(refused.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(refused.message())
                .startsWith("Refused: UNPROVEN. Some evidence is missing: " + started("NODE1", "its", asked)
                        + STOPS_SOON + " Do not stop it. Earliest clear: about ");
        assertThat(refused.checks())
                .filteredOn(check -> check.name().equals("vss-stopped NODE1"))
                .singleElement()
                .satisfies(
                        check -> assertThat(check.seen() + ".").isEqualTo(started("NODE1", "its", asked) + STOPS_SOON));
        assertThat(refused.earliestClear())
                .isEqualTo(asked.plus(OwnStart.STOPS_WITHIN).plus(SETTINGS.quietTime()));
    }

    @Test
    void vssThatSomebodyElseStartedAfterThePollIsNotExplained() {
        vssOfSomebodyElseIsNotExplained();
    }

    private void vssOfSomebodyElseIsNotExplained() {
        askNode1AsTheClearDoes(() -> cluster.startVss("NODE1"));

        ClearResult refused = clearing.clear(VOLUME1, OPERATOR);

        assertThat(refused.message())
                .startsWith("Refused: UNPROVEN. Some evidence is missing: the VSS service on NODE1 was RUNNING before");
        assertThat(refused.earliestClear()).isNull();
    }

    @Test
    void anOldQueryDoesNotExplainVssThatSomebodyElseStartedAfterThePoll() {
        clearing.shadowCopies(VOLUME1, OPERATOR);
        cluster.stopVss();
        pollFor(Duration.ofMinutes(5));

        vssOfSomebodyElseIsNotExplained();
    }

    @Test
    void aRunningBackupIsToldWithTheVssThatTheAgentStarted() {
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        Instant asked = askedAndPolled();

        assertThat(clearing.assess(VOLUME1, OPERATOR)).satisfies(assessment -> {
            assertThat(assessment.verdict()).isEqualTo(Verdict.ACTIVE);
            assertThat(assessment.reason()).doesNotContain(BY_AGENT);
            assertThat(assessment.nextStep()).endsWith(bothStarted(asked));
            assertThat(assessment.checks())
                    .anySatisfy(check -> assertThat(check.seen()).contains("{live}"));
            assertThat(assessment.earliestClear()).isNull();
        });
        assertThat(clearing.assess(VOLUME1, ANONYMOUS).nextStep()).endsWith(bothStarted(asked));
        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .startsWith("Refused: ACTIVE. ")
                .endsWith(bothStarted(asked));
        assertThat(clearing.clearAll(List.of(VOLUME1), OPERATOR).get(0).message())
                .endsWith(bothStarted(asked));
        assertThat(forced(VOLUME1, REASON).message()).endsWith(bothStarted(asked) + " This cannot be overridden.");

        cluster.startVss("NODE1");
        cluster.startVss("NODE2");
        pollFor(Duration.ofSeconds(10));
        assertThat(clearing.assess(VOLUME1, OPERATOR).nextStep())
                .as("other processes, which the agent did not start")
                .doesNotContain(BY_AGENT);
    }
}
