package io.github.csvbackup.model;

import static io.github.csvbackup.model.NodeName.NODE1;
import static io.github.csvbackup.model.NodeName.NODE2;
import static io.github.csvbackup.model.VolumeName.VOLUME1;
import static io.github.csvbackup.model.VolumeName.VOLUME2;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.model.RandomStories.Form;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryTest {
    @Test
    void aStoryPrintsItsStepsInWords() {
        Story story = Story.of(
                new Step.StartBackup(VOLUME1, NODE2),
                new Step.PollFor(1),
                new Step.PollFor(35),
                new Step.SetNode(NODE2, Nodes.State.ISOLATED),
                new Step.HangNext(ObservedCluster.Call.READ),
                new Step.ShortBackup(VOLUME2, NODE1, Duration.ofSeconds(70), World.Meanwhile.AGENT_IS_HELD_UP),
                new Step.ClearAll(List.of(VOLUME2, VOLUME1)));

        assertThat(story)
                .hasToString(
                        "StartBackup(VOLUME1, NODE2), PollFor(1 poll), PollFor(35 polls), SetNode(NODE2, ISOLATED),"
                                + " HangNext(READ), ShortBackup(VOLUME2, NODE1, 70 s, AGENT_IS_HELD_UP),"
                                + " ClearAll([VOLUME2, VOLUME1])");
    }

    @Test
    void theSameSeedDrawsTheSameStories() {
        RandomStories stories = new RandomStories(1, Form.LONG);
        Story first = stories.next();
        Story second = stories.next();
        RandomStories again = new RandomStories(1, Form.LONG);
        again.skip(1);

        assertThat(second).isNotEqualTo(first).isEqualTo(again.next());
    }
}
