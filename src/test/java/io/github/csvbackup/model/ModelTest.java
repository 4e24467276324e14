package io.github.csvbackup.model;

import static io.github.csvbackup.model.NodeName.NODE1;
import static io.github.csvbackup.model.VolumeName.VOLUME1;
import static io.github.csvbackup.model.VolumeName.VOLUME2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.model.ObservedCluster.Call;
import io.github.csvbackup.model.ObservedCluster.Misbehaviour;
import io.github.csvbackup.model.Promises.Scope;
import io.github.csvbackup.model.RandomStories.Form;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The first random stories of the model, for every run of the tests; {@link ModelIT} plays these and many more. */
@Tag("jdk-independent")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ModelTest {
    @Test
    void thePromisesHoldInTenThousandRandomSteps() {
        RandomRun.promisesHold(Form.LONG, 0, 40);
    }

    @Test
    void thePromisesHoldInTheFirstStoriesWithTheAgentOfAnotherNode() {
        RandomRun.promisesHold(Form.WITH_A_PEER, 0, 100);
    }

    @Test
    void aClearOfAStateThatIsNotYetStaleIsFound() {
        Story story = Story.of(
                new Step.StartBackup(VOLUME1, NODE1),
                new Step.PollFor(1),
                new Step.KillBackup(VOLUME1, Backups.Kind.IN_PROGRESS),
                new Step.IdleServices(NODE1),
                new Step.PollFor(10),
                new Step.Clear(VOLUME1));

        assertThat(new Trial(Bug.NONE, Scope.EFFECTS).play(story)).isNull();
        assertThat(new Trial(Bug.OBSERVED_LONG_ENOUGH, Scope.EFFECTS).play(story))
                .startsWith("a clear was executed on a state that the cluster's own timer may still end");
    }

    @Test
    void theFirstStoriesWithBackupsOfMachinesHold() {
        RandomRun.promisesHold(Form.WITH_MACHINES, 0, 100);
    }

    /** The agent asks every 15 minutes, and each minute once a machine on the volume has said so. */
    @Test
    void aMachineThatSaysItIsBeingBackedUpRefusesTheClearUntilItSaysSoNoLonger() {
        World world = new World(Bug.NONE, Scope.EVERYTHING);
        Story.ABANDONED_STATE
                .then(List.of(new Step.BackUpMachine(VOLUME1), new Step.PollFor(17), new Step.Clear(VOLUME1)))
                .steps()
                .forEach(world::play);
        assertThat(world.outcomes(Outcome.REFUSED)).isEqualTo(1);
        assertThat(world.agent.checks(VOLUME1))
                .anyMatch(check -> check.name().equals("machines NODE1") && check.result() == CheckResult.BACKUP);

        world.play(new Step.EndMachineBackup(VOLUME1));
        world.play(new Step.PollFor(3));
        world.play(new Step.Clear(VOLUME1));
        assertThat(world.outcomes(Outcome.CLEARED)).isEqualTo(1);
        assertThat(world.brokenPromise()).isNull();
    }

    @Test
    void aClearDuringTheBackupOfAMachineIsFound() {
        Story story = Story.ABANDONED_STATE.then(
                List.of(new Step.BackUpMachine(VOLUME1), new Step.PollFor(17), new Step.Clear(VOLUME1)));

        assertThat(new Trial(Bug.MACHINES, Scope.EFFECTS).play(story))
                .startsWith("a clear was executed although a machine on the volume said that it is being backed up");
    }

    @Test
    void theFirstStoriesWithBackupsOfMachinesOnTheOtherNodeHold() {
        RandomRun.promisesHold(Form.WITH_MACHINES_OF_A_PEER, 0, 100);
    }

    private static final List<Step> CLEAR_DURING_A_BACKUP_ON_NODE2 =
            List.of(new Step.BackUpMachineOnNode2(VOLUME1), new Step.PollFor(2), new Step.Clear(VOLUME1));

    @Test
    void aMachineOnTheOtherNodeRefusesTheClearUntilItSaysSoNoLonger() {
        World world = new World(Bug.NONE, Scope.EVERYTHING);
        world.play(new Step.SetPeer(true));
        Story.ABANDONED_STATE.then(CLEAR_DURING_A_BACKUP_ON_NODE2).steps().forEach(world::play);
        assertThat(world.outcomes(Outcome.REFUSED)).isEqualTo(1);
        assertThat(world.agent.checks(VOLUME1))
                .anyMatch(check -> check.name().equals("machines NODE2") && check.result() == CheckResult.BACKUP);

        world.play(new Step.EndMachineBackupOnNode2(VOLUME1));
        world.play(new Step.PollFor(10));
        world.play(new Step.Clear(VOLUME1));
        assertThat(world.outcomes(Outcome.CLEARED)).isEqualTo(1);
        assertThat(world.brokenPromise()).isNull();
    }

    /** Its agent stops, and NODE2 itself says that no VSS session is open: what the machine said still counts. */
    @Test
    void aMachineOnTheOtherNodeIsNotForgottenWhenItsAgentStops() {
        World world = new World(Bug.NONE, Scope.EVERYTHING);
        world.play(new Step.SetPeer(true));
        Story.ABANDONED_STATE
                .then(List.of(
                        new Step.BackUpMachineOnNode2(VOLUME1),
                        new Step.PollFor(2),
                        new Step.SetPeer(false),
                        new Step.PollFor(60),
                        new Step.Clear(VOLUME1)))
                .steps()
                .forEach(world::play);
        assertThat(world.outcomes(Outcome.REFUSED)).isEqualTo(1);
        assertThat(world.agent.checks(VOLUME1).stream()
                        .filter(check -> check.result().compareTo(CheckResult.DEFERRED) > 0))
                .extracting(Check::name, Check::result)
                .containsExactly(tuple("machines NODE2", CheckResult.UNKNOWN));

        world.play(new Step.PollFor(62));
        world.play(new Step.Clear(VOLUME1));
        assertThat(world.outcomes(Outcome.CLEARED)).as("not indefinitely").isEqualTo(1);
    }

    @Test
    void aClearDuringTheBackupOfAMachineOnTheOtherNodeIsFound() {
        Story story = Story.of(new Step.SetPeer(true))
                .then(Story.ABANDONED_STATE.steps())
                .then(CLEAR_DURING_A_BACKUP_ON_NODE2);

        assertThat(new Trial(Bug.ONLY_OWN_MACHINES_COUNT, Scope.EFFECTS).play(story))
                .startsWith("a clear was executed although a machine on the volume said that it is being backed up");
    }

    @Test
    void aCallAfterASlowIntentIsFound() {
        Story story = Story.ABANDONED_STATE.then(
                List.of(new Step.SlowNextIntent(Duration.ofSeconds(6)), new Step.Clear(VOLUME1)));

        assertThat(new Trial(Bug.NONE, Scope.EFFECTS).play(story)).isNull();
        assertThat(new Trial(Bug.CLOCK_STOPS_IN_INTENTS, Scope.EFFECTS).play(story))
                .startsWith("a clear was executed PT6S after its volume was read again");
    }

    /** The second of two volumes that may be cleared shows whether a batch goes on. */
    @ParameterizedTest
    @MethodSource
    void aBatchEndsWithTheFirstClearThatGoesWrong(Step before, List<Outcome> outcomes) {
        World world = new World(Bug.NONE, Scope.EVERYTHING);

        Story.ABANDONED_STATES
                .then(List.of(before, new Step.ClearAll(List.of(VOLUME1, VOLUME2))))
                .steps()
                .forEach(world::play);

        assertThat(world.brokenPromise()).isNull();
        assertThat(world.agent.batches()).containsExactly(outcomes);
    }

    static Stream<Arguments> aBatchEndsWithTheFirstClearThatGoesWrong() {
        return Stream.of(
                arguments(new Step.PollFor(1), List.of(Outcome.CLEARED, Outcome.CLEARED)),
                arguments(
                        new Step.MisbehaveInNextClear(Misbehaviour.REFUSES), List.of(Outcome.FAILED, Outcome.REFUSED)),
                arguments(
                        new Step.MisbehaveInNextClear(Misbehaviour.LIES),
                        List.of(Outcome.NOT_CLEARED, Outcome.REFUSED)),
                arguments(
                        new Step.MisbehaveInNextClear(Misbehaviour.ANSWER_IS_LOST),
                        List.of(Outcome.UNKNOWN, Outcome.REFUSED)),
                arguments(new Step.HangNext(Call.CLEAR), List.of(Outcome.UNKNOWN, Outcome.REFUSED)),
                arguments(
                        new Step.SlowNext(Call.CLEAR, Duration.ofSeconds(40)),
                        List.of(Outcome.CLEARED, Outcome.CLEARED)),
                arguments(
                        new Step.SlowNext(Call.CLEAR, Duration.ofSeconds(41)),
                        List.of(Outcome.CLEARED, Outcome.REFUSED)),
                arguments(new Step.RestartVssInNextClear(VOLUME2, NODE1), List.of(Outcome.CLEARED, Outcome.REFUSED)),
                arguments(new Step.SlowNextIntent(Duration.ofSeconds(5)), List.of(Outcome.CLEARED, Outcome.CLEARED)),
                arguments(new Step.SlowNextIntent(Duration.ofSeconds(6)), List.of(Outcome.REFUSED, Outcome.CLEARED)),
                arguments(new Step.SlowNextIntent(Duration.ofSeconds(46)), List.of(Outcome.REFUSED, Outcome.REFUSED)));
    }

    @Test
    void aFailurePrintsTheShortestStoryAndHowToRepeatIt() {
        String failure =
                new Trial(Bug.OBSERVED_LONG_ENOUGH, Scope.EVERYTHING).firstFailure(Seed.FIXED, Form.LONG, 0, 1);

        assertThat(failure)
                .startsWith("observed-long-enough PASSED for")
                // One or two steps of the 250: something sets the state, and a poll sees it.
                .containsPattern("\\nafter the steps \\w+\\([^()]*\\)(, \\w+\\([^()]*\\))?\\n")
                .contains("(story 0, shortened; repeat it with -Dcsvbackup.model.seed=42)");
    }
}
