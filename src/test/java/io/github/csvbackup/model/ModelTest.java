package io.github.csvbackup.model;

import static io.github.csvbackup.model.NodeName.NODE1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.model.Promises.Scope;
import io.github.csvbackup.model.RandomStories.Form;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first random stories of the model, for every run of the tests; {@link ModelIT} plays these and many more. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ModelTest {
    @Test
    void thePromisesHoldInTenThousandRandomSteps() {
        RandomRun.promisesHold(Form.LONG, 0, 40);
    }

    @Test
    void aClearOfAStateThatIsNotYetStaleIsFound() {
        Story story = Story.of(
                new Step.StartBackup(NODE1),
                new Step.PollFor(1),
                new Step.KillBackup(Backups.Kind.IN_PROGRESS),
                new Step.IdleServices(NODE1),
                new Step.PollFor(10),
                new Step.Clear());

        assertThat(new Trial(Bug.NONE, Scope.EFFECTS).play(story)).isNull();
        assertThat(new Trial(Bug.OBSERVED_LONG_ENOUGH, Scope.EFFECTS).play(story))
                .startsWith("a clear was executed on a state that the cluster's own timer may still end");
    }

    @Test
    void aFailurePrintsTheShortestStoryAndHowToRepeatIt() {
        String failure =
                new Trial(Bug.OBSERVED_LONG_ENOUGH, Scope.EVERYTHING).firstFailure(Seed.FIXED, Form.LONG, 0, 1);

        assertThat(failure)
                .startsWith("observed-long-enough PASSED on")
                // One or two steps of the 250: something sets the state, and a poll sees it.
                .containsPattern("\\nafter the steps \\w+\\([^()]*\\)(, \\w+\\([^()]*\\))?\\n")
                .contains("(story 0, shortened; repeat it with -Dcsvbackup.model.seed=42)");
    }
}
