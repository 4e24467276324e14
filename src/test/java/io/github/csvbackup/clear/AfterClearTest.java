package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.WindowsVersion;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.OwnStart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks after a clear, within one run of the agent. */
@Tag("jdk-independent")
class AfterClearTest extends ClearingFixture {
    private static final Duration QUIET = SETTINGS.quietTime();
    private static final Duration REST = Duration.ofMinutes(20);

    private String cleared() {
        ClearResult result = clearAndStopVss(clearing);
        assertThat(result.outcome()).isEqualTo(Outcome.CLEARED);
        return result.auditId();
    }

    private void clearTheOther() {
        cluster.vssStopsAfterAQuestion = false;
        assertThat(clearing.forceClear(VOLUME10, VOLUME10, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
        letVssStop();
    }

    /** The nodes that are asked during this time. */
    private List<String> askedIn(Duration time) {
        cluster.askedForShadowCopies.clear();
        lookFor(clearing, time);
        return cluster.askedForShadowCopies.stream().sorted().toList();
    }

    private void vss(String node, int state) {
        Long process = state == ServiceStatus.STOPPED ? null : Long.valueOf(77);
        cluster.services.put(node, new ServiceStatus(state, process, null));
    }

    private String lastMessage() {
        return String.valueOf(audit.get(audit.size() - 1).fields().get("message"));
    }

    private static ShadowCopy copyOf(String id, Instant created) {
        return new ShadowCopy(id, "{s}", "{p}", StubCluster.guid(1), "NODE2", true, 12, created);
    }

    // How often nodes are asked.

    @Test
    void eachNodeIsAskedOnceAtQuietTimeAndNotAgainIfVssStopped() {
        cleared();

        assertThat(askedIn(QUIET.minusSeconds(10))).isEmpty();
        assertThat(askedIn(Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
        assertThat(clearing.hasFollowUps()).isTrue();
        assertThat(askedIn(REST)).isEmpty();

        assertThat(clearing.hasFollowUps()).isFalse();
        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(clearing.counts().suspect()).isEmpty();
        assertThat(clearing.counts().unchecked()).isZero();
    }

    @Test
    void theSecondLookIsFifteenMinutesAfterTheClear() {
        cleared();
        cluster.silentForShadowCopies.add("NODE2");
        lookFor(clearing, QUIET);

        assertThat(askedIn(Duration.ofMinutes(12).minusSeconds(10))).isEmpty();
        assertThat(askedIn(Duration.ofSeconds(10))).containsExactly("NODE2");
    }

    @Test
    void oneQuestionServesTheClearsThatAreDueTogether() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        cleared();
        clock.advance(Duration.ofSeconds(20));
        clearTheOther();
        cluster.silentForShadowCopies.add("NODE2");

        assertThat(askedIn(QUIET)).containsExactly("NODE1", "NODE2");
        assertThat(askedIn(REST)).containsExactly("NODE2");
        assertThat(clearing.hasFollowUps()).isFalse();
    }

    @Test
    void aLookThatIsDueWaitsForOthersNoLongerThanHalfAMinute() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        cleared();
        clock.advance(Duration.ofSeconds(20));
        clearTheOther();
        // A third is due 20 s after the second; then the first has waited long enough.
        clock.advance(Duration.ofSeconds(20));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cleared();

        assertThat(askedIn(QUIET.minusSeconds(20))).isEmpty();
        assertThat(askedIn(Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
        assertThat(askedIn(Duration.ofSeconds(10))).containsExactly("NODE1", "NODE2");
    }

    @Test
    void aClockThatIsSetChangesNoLook() {
        cleared();
        clock.set(Duration.ofHours(-1));
        assertThat(askedIn(QUIET.minusSeconds(10))).isEmpty();
        assertThat(askedIn(Duration.ofSeconds(10))).hasSize(2);
        cluster.silentForShadowCopies.add("NODE2");
        vss("NODE2", ServiceStatus.RUNNING);
        clock.set(Duration.ofHours(3));

        assertThat(askedIn(Duration.ofMinutes(12).minusSeconds(10))).isEmpty();
        assertThat(askedIn(Duration.ofSeconds(10))).containsExactly("NODE2");
    }

    // Which nodes are asked again.

    @Test
    void aNodeWhoseVssStopsWithinFiveMinutesIsNotAskedAgain() {
        cleared();
        vss("NODE2", ServiceStatus.RUNNING);
        lookFor(clearing, QUIET.plusMinutes(4));
        vss("NODE2", ServiceStatus.STOPPED);

        assertThat(askedIn(REST)).isEmpty();
        assertThat(clearing.hasFollowUps()).isFalse();
    }

    @Test
    void aNodeWhoseVssStillRunsFiveMinutesAfterTheQuestionIsAskedAgain() {
        cleared();
        vss("NODE2", ServiceStatus.RUNNING);
        lookFor(clearing, QUIET.plusMinutes(5));
        vss("NODE2", ServiceStatus.STOPPED);

        assertThat(askedIn(REST)).containsExactly("NODE2");
    }

    @Test
    void aNodeWhoseVssRunsAgainIsAskedAgain() {
        cleared();
        lookFor(clearing, QUIET.plusMinutes(1));
        vss("NODE2", ServiceStatus.START_PENDING);
        lookFor(clearing, Duration.ofSeconds(10));
        vss("NODE2", ServiceStatus.STOPPED);

        assertThat(askedIn(REST)).containsExactly("NODE2");
    }

    @Test
    void aNodeWhoseVssRunsInAnotherProcessIsAskedAgain() {
        cleared();
        vss("NODE1", ServiceStatus.RUNNING);
        vss("NODE2", ServiceStatus.RUNNING);
        lookFor(clearing, QUIET.plusMinutes(1));
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 78L, null));
        lookFor(clearing, Duration.ofSeconds(10));
        vss("NODE1", ServiceStatus.STOPPED);
        vss("NODE2", ServiceStatus.STOPPED);

        assertThat(askedIn(REST)).containsExactly("NODE2");
    }

    @Test
    void vssThatRanBeforeTheFirstLookIsNoReasonToAskAgain() {
        cleared();
        lookFor(clearing, Duration.ofMinutes(1));
        vss("NODE2", ServiceStatus.RUNNING);
        lookFor(clearing, Duration.ofMinutes(1));
        vss("NODE2", ServiceStatus.STOPPED);
        assertThat(askedIn(Duration.ofMinutes(1))).hasSize(2);

        assertThat(askedIn(REST)).isEmpty();
    }

    @Test
    void aPollWithoutAnAnswerCountsAsVssThatRuns() {
        cleared();
        lookFor(clearing, QUIET.plusMinutes(1));
        cluster.serviceFailure = ClusterException.win32("OpenSCManager", 1722);
        lookFor(clearing, Duration.ofSeconds(10));
        cluster.serviceFailure = null;

        assertThat(askedIn(REST)).containsExactly("NODE1", "NODE2");
    }

    @Test
    void aPollThatFailsCountsAsVssThatRunsOnEachNode() {
        cleared();
        lookFor(clearing, QUIET.plusMinutes(1));
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        lookFor(clearing, Duration.ofSeconds(10));
        cluster.readFailure = null;

        assertThat(askedIn(REST)).containsExactly("NODE1", "NODE2");
    }

    @Test
    void vssThatAnOperatorsQuestionStartsIsNoReasonToAskAgain() {
        cleared();
        lookFor(clearing, QUIET.plusMinutes(1));
        clearing.shadowCopies(VOLUME1, OPERATOR);
        vss("NODE1", ServiceStatus.RUNNING);
        vss("NODE2", ServiceStatus.RUNNING);
        lookFor(clearing, Duration.ofMinutes(4));
        vss("NODE1", ServiceStatus.STOPPED);
        vss("NODE2", ServiceStatus.STOPPED);

        assertThat(askedIn(REST)).isEmpty();
    }

    /** It runs because of the query or because of a backup, which cannot be distinguished. */
    @Test
    void aNodeWhoseVssWasNotSeenStoppedSinceTheLastQuestionIsAskedAgain() {
        cleared();
        lookFor(clearing, Duration.ofMinutes(14));
        vss("NODE2", ServiceStatus.RUNNING);
        clearing.shadowCopies(VOLUME1, OPERATOR);

        assertThat(askedIn(Duration.ofMinutes(1))).containsExactly("NODE2");
    }

    @Test
    void aNodeThatNeededNoEvidenceAndIsBackIsAskedAtTheSecondLook() {
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.DOWN, 0));
        pollFor(Duration.ofMinutes(1));
        cleared();
        assertThat(askedIn(QUIET)).containsExactly("NODE1");
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.UP, 0));
        Instant longAgo = clock.instant().minus(Duration.ofDays(9));
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{old}", longAgo), copyOf("{new}", clock.instant())));

        assertThat(askedIn(REST)).containsExactly("NODE2");

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat(lastMessage()).contains("exists on NODE2 ({new}, ").doesNotContain("{old}");
    }

    // What makes a clear suspect.

    @Test
    void aCopyThatWasNotThereBeforeMakesTheClearSuspect() {
        String id = cleared();
        Instant cleared = clock.instant();
        cluster.shadowCopies.put("NODE2", List.of(copy("{new}", false)));
        assertThat(clearing.counts().suspect()).isEmpty();

        lookFor(clearing, QUIET);

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat(lastMessage())
                .isEqualTo("A shadow copy that no node listed before the clear of " + VOLUME1 + " at "
                        + Times.UTC.time(cleared)
                        + " exists on NODE2 ({new}, created at an unknown time). A backup began around this clear, or within"
                        + " 3 min after it: check that job, its backup may be unusable.");
        assertThat(events).last().isInstanceOfSatisfying(ClearEvent.Suspect.class, suspect -> {
            assertThat(suspect.auditId()).isEqualTo(id);
            assertThat(suspect.message()).isEqualTo(lastMessage());
        });
    }

    @Test
    void aCopyAtTheSecondLookMakesTheClearSuspectHoweverLateItWasMade() {
        cleared();
        lookFor(clearing, QUIET.plusMinutes(8));
        vss("NODE2", ServiceStatus.RUNNING);
        Instant made = clock.instant();
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{late}", made)));

        lookFor(clearing, REST);

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
        assertThat(lastMessage())
                .contains("NODE2 ({late}, created " + Times.UTC.time(made) + ")", "or within 15 min after it");
    }

    @Test
    void aClearIsSuspectOnceOnHoweverManyNodesAndLooks() {
        cleared();
        cluster.shadowCopies.put("NODE1", List.of(copy("{a}", true)));
        cluster.shadowCopies.put("NODE2", List.of(copy("{b}", true)));
        vss("NODE1", ServiceStatus.RUNNING);
        vss("NODE2", ServiceStatus.RUNNING);

        lookFor(clearing, QUIET);
        assertThat(lastMessage()).contains("NODE1 ({a}, ", " and on NODE2 ({b}, ");
        assertThat(askedIn(REST)).as("what is known already").isEmpty();

        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(kinds()).containsExactly("intent", "outcome", "suspect");
    }

    @Test
    void copiesThatWereThereBeforeOrAreDeadOrOfOtherVolumesMakeNothingSuspect() {
        ShadowCopy old = copyOf("{old}", clock.instant().minus(Duration.ofDays(1)));
        cluster.shadowCopies.put("NODE2", List.of(old));
        cleared();
        ShadowCopy dead = new ShadowCopy("{dead}", "{s}", "{p}", StubCluster.guid(1), "NODE2", false, 14, null);
        ShadowCopy other = new ShadowCopy("{other}", "{s}", "{p}", StubCluster.guid(10), "NODE2", false, 12, null);
        cluster.shadowCopies.put("NODE2", List.of(old, dead, other));
        // The same copy, now seen from the other node.
        cluster.shadowCopies.put("NODE1", List.of(old));

        lookFor(clearing, REST);

        assertThat(kinds()).containsExactly("intent", "outcome");
    }

    @Test
    void aCopyOfAnUnknownVolumeMayBeOfTheVolume() {
        String unknown = "\\\\?\\Volume{99999999-0000-0000-0000-000000000000}\\";
        cleared();
        cluster.shadowCopies.put(
                "NODE2", List.of(new ShadowCopy("{new}", "{s}", "{p}", unknown, "NODE2", false, 12, null)));

        lookFor(clearing, QUIET);

        assertThat(lastMessage()).contains("NODE2 ({new}, of the unknown volume " + unknown + ", created at");
    }

    @Test
    void aLookOfOneClearIsALookOfTheOthersToo() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        cleared();
        lookFor(clearing, Duration.ofMinutes(1));
        clearTheOther();
        lookFor(clearing, QUIET.minusMinutes(1));
        cluster.shadowCopies.put("NODE2", List.of(copy("{of 1}", false)));

        lookFor(clearing, Duration.ofMinutes(1));

        assertThat(clearing.counts().suspect()).containsOnlyKeys(VOLUME1);
    }

    @Test
    void onANodeThatDidNotAnswerBeforeAForcedClearOnlyAnOldPersistentCopyWasThereBefore() {
        Instant longAgo = clock.instant().minus(Duration.ofMinutes(6));
        cluster.shadowCopies.put("NODE2", List.of(copyOf("{old}", longAgo)));
        cluster.silentForShadowCopies.add("NODE2");
        forced();
        cluster.silentForShadowCopies.clear();
        lookFor(clearing, REST);
        assertThat(kinds()).doesNotContain("suspect");

        cluster.shadowCopies.put(
                "NODE2", List.of(copyOf("{young}", clock.instant().minus(Duration.ofMinutes(4)))));
        cluster.silentForShadowCopies.add("NODE2");
        forced();
        cluster.silentForShadowCopies.clear();
        lookFor(clearing, REST);
        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 1L);

        ShadowCopy live = new ShadowCopy("{live}", "{s}", "{p}", StubCluster.guid(1), "NODE2", false, 12, longAgo);
        cluster.shadowCopies.put("NODE2", List.of(live));
        cluster.silentForShadowCopies.add("NODE2");
        forced();
        cluster.silentForShadowCopies.clear();
        lookFor(clearing, REST);
        assertThat(clearing.counts().suspect()).containsEntry(VOLUME1, 2L);
    }

    private void forced() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        watcher.refresh();
        cleared();
    }

    // Nodes that do not answer.

    @Test
    void aNodeThatGivesNoAnswerAtEitherLookIsNamedAndCountedAndNothingIsSuspect() {
        String id = cleared();
        Instant cleared = clock.instant();
        cluster.silentForShadowCopies.addAll(List.of("NODE1", "NODE2"));

        lookFor(clearing, REST);

        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
        assertThat(audit.get(2).id()).isEqualTo(id);
        assertThat(lastMessage())
                .isEqualTo("These nodes did not list their shadow copies: NODE1, NODE2. A backup of "
                        + VOLUME1 + " may have begun there around the clear at " + Times.UTC.time(cleared)
                        + ": check the backup jobs of that time.");
        assertThat(clearing.counts().unchecked()).isEqualTo(1);
        assertThat(clearing.counts().suspect()).isEmpty();
        assertThat(clearing.hasFollowUps()).isFalse();
    }

    @Test
    void aNodeThatAnswersAtTheSecondLookIsChecked() {
        cleared();
        cluster.silentForShadowCopies.add("NODE2");
        lookFor(clearing, QUIET);
        cluster.silentForShadowCopies.clear();

        assertThat(askedIn(REST)).containsExactly("NODE2");

        assertThat(kinds()).containsExactly("intent", "outcome");
    }

    @Test
    void aNodeThatGaveNoAnswerAndIsDownAtTheSecondLookIsNamed() {
        cleared();
        cluster.silentForShadowCopies.add("NODE2");
        lookFor(clearing, QUIET);
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.DOWN, 0));

        assertThat(askedIn(REST)).isEmpty();

        assertThat(lastMessage()).startsWith("These nodes did not list their shadow copies: NODE2. ");
    }

    /** Before Windows Server 2016: see the guard. */
    @Test
    void aNodeThatIsTakenForDeadIsNotNamed() {
        WindowsVersion old = new WindowsVersion(6, 1);
        cluster.nodes.put("NODE1", new Node("NODE1", NodeState.UP, null).withVersion(old));
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.DOWN, null).withVersion(old));
        cluster.silentForShadowCopies.add("NODE2");
        pollFor(QUIET);
        cleared();

        assertThat(askedIn(REST)).containsExactly("NODE1", "NODE2", "NODE2");

        assertThat(kinds()).containsExactly("intent", "outcome");
    }

    @Test
    void aNodeWhoseVssRanAgainAndThatGivesNoAnswerThenIsNamed() {
        cleared();
        lookFor(clearing, QUIET.plusMinutes(1));
        vss("NODE2", ServiceStatus.RUNNING);
        cluster.silentForShadowCopies.add("NODE2");

        lookFor(clearing, REST);

        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
        assertThat(lastMessage()).startsWith("These nodes did not list their shadow copies: NODE2. ");
    }

    @Test
    void aClearMayBeBothSuspectAndUnchecked() {
        cleared();
        cluster.silentForShadowCopies.add("NODE2");
        cluster.shadowCopies.put("NODE1", List.of(copy("{new}", false)));
        vss("NODE1", ServiceStatus.RUNNING);

        lookFor(clearing, QUIET);
        assertThat(askedIn(REST)).containsExactly("NODE2");

        assertThat(kinds()).containsExactly("intent", "outcome", "suspect", "unchecked");
    }

    @Test
    void aClearAfterWhichNoNodeCouldBeAskedIsUnchecked() {
        cleared();
        cluster.nodes.put("NODE1", new Node("NODE1", NodeState.DOWN, 0));
        cluster.nodes.put("NODE2", new Node("NODE2", NodeState.DOWN, 0));

        assertThat(askedIn(REST)).isEmpty();

        assertThat(kinds()).containsExactly("intent", "outcome", "unchecked");
        assertThat(lastMessage()).startsWith("No node could be asked for shadow copies. ");
    }

    // What goes wrong.

    @Test
    void whatTheAuditDoesNotTakeIsCountedAndToldOnce() {
        List<String> refused = new ArrayList<>();
        Clearing broken = clearing(
                true,
                line -> {
                    if (line.kind().equals("suspect") || line.kind().equals("unchecked")) {
                        refused.add(line.kind());
                        throw new IllegalStateException("planted");
                    }
                    audit.add(line);
                },
                Duration.ofSeconds(5),
                () -> {
                    throw new IllegalStateException("saving the state fails as well");
                });
        clearAndStopVss(broken);
        cluster.shadowCopies.put("NODE1", List.of(copy("{new}", true)));
        cluster.silentForShadowCopies.add("NODE2");
        assertThatIllegalStateException()
                .isThrownBy(() -> lookFor(broken, QUIET))
                .withMessage("planted");
        assertThat(events).last().isInstanceOf(ClearEvent.Suspect.class);
        assertThatIllegalStateException()
                .isThrownBy(() -> lookFor(broken, REST))
                .withMessage("planted");
        lookFor(broken, REST);

        assertThat(refused).containsExactly("suspect", "unchecked");
        assertThat(broken.counts().suspect()).containsEntry(VOLUME1, 1L);
        assertThat(broken.counts().unchecked()).isEqualTo(1);
        assertThat(broken.hasFollowUps()).isFalse();
    }

    @Test
    void aLookThatTheEndOfTheAgentCutsOffSaysNothingOfTheNodes() {
        cleared();
        lookFor(clearing, QUIET.minusSeconds(10));
        cluster.silentForShadowCopies.addAll(List.of("NODE1", "NODE2"));
        clock.advance(Duration.ofSeconds(10));
        Thread.currentThread().interrupt();

        clearing.followUp();

        assertThat(Thread.interrupted()).isTrue();
        cluster.silentForShadowCopies.clear();
        // A query of the interrupted check may still be in progress.
        assertThat(askedIn(Duration.ofSeconds(10))).containsOnly("NODE1", "NODE2");
        assertThat(askedIn(REST)).isEmpty();
        assertThat(kinds()).containsExactly("intent", "outcome");
    }

    @Test
    void whatWasNotCalledIsNoForcedClearAndIsNotLookedAfter() {
        vss("NODE2", ServiceStatus.RUNNING);
        Clearing slow = clearingOnASlowDisk(Duration.ofSeconds(6));

        ClearResult result = slow.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(kinds()).containsExactly("intent", "outcome");
        assertThat(slow.hasFollowUps()).isFalse();
        assertThat(slow.counts().forced()).isEmpty();
        nothingWasCalled();
    }

    @Test
    void theEstimateBetweenAClearAndItsLookStillHoldsAfterTheLook() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        cluster.vssStopsAfterAQuestion = false;
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        lookFor(clearing, Duration.ofMinutes(1));
        // An anonymous caller asks no node.
        Instant told = clearing.assess(VOLUME10, ANONYMOUS).earliestClear();
        cluster.askedForShadowCopies.clear();

        lookFor(clearing, SETTINGS.quietTime());

        assertThat(cluster.askedForShadowCopies).containsExactlyInAnyOrder("NODE1", "NODE2");
        assertThat(told).isNotNull();
        assertThat(clearing.assess(VOLUME10, ANONYMOUS).earliestClear()).isEqualTo(told);
        assertThat(clearing.plannedLists())
                .as("the second look may not be needed")
                .isEmpty();
    }

    /** Its second look is certain. */
    @Test
    void theEstimateAfterALookThatANodeDidNotAnswerCountsTheSecondLook() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        Instant cleared = clock.instant();
        cluster.silentForShadowCopies.add("NODE2");

        lookFor(clearing, SETTINGS.quietTime().plusSeconds(30));

        assertThat(clearing.plannedLists()).containsExactly(cleared.plus(Duration.ofMinutes(15)));
    }

    @Test
    void aRefusalSaysThatTheAgentItselfStartedVss() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
        cluster.vssStopsAfterAQuestion = false;
        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        Instant asked = clock.instant();
        pollFor(Duration.ofMinutes(2));

        ClearResult refused = clearing.clear(VOLUME10, OPERATOR);

        assertThat(refused.message())
                .startsWith("Refused: UNPROVEN. Some evidence is missing: VSS on NODE1 and NODE2 started at "
                        + Times.UTC.timeOn(asked, asked) + ", when this agent listed their shadow copies;"
                        + " if nothing else uses it, it usually stops within minutes.");
        assertThat(refused.earliestClear())
                .as("the look at quiet-time starts VSS again")
                .isEqualTo(asked.plus(SETTINGS.quietTime())
                        .plus(OwnStart.STOPS_WITHIN)
                        .plus(SETTINGS.quietTime()));
        assertThat(clearing.assess(VOLUME10, OPERATOR).nextStep())
                .as("an assessment says the same")
                .isEqualTo(refused.message().replace("Refused: UNPROVEN. ", ""));

        pollFor(Duration.ofMinutes(6));
        assertThat(clearing.clear(VOLUME10, OPERATOR).message())
                .contains("when this agent listed their shadow copies, and still runs: something else may use it");
        assertThat(clearing.clear(VOLUME10, OPERATOR).earliestClear()).isNull();
    }
}
