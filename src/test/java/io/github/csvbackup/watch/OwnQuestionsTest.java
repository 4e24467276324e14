package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OwnQuestionsTest {
    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, Duration.ofMinutes(1), Duration.ofMinutes(1), clock, clock::nanoTime);

    @Test
    void aQuestionIsUnderWayUntilItEndsWellOrBadly() {
        Instant asked = clock.instant();
        List<OwnQuestions.Last> underWay = new CopyOnWriteArrayList<>();
        cluster.beforeAnsweringForShadowCopies = node -> {
            underWay.addAll(evidence.questions().all().values());
            clock.advance(Duration.ofSeconds(7));
        };
        evidence.shadowCopies(List.of("NODE1"));
        assertThat(underWay)
                .singleElement()
                .satisfies(last -> assertThat(last.isUnderWay()).isTrue());
        assertThat(evidence.questions().to("NODE1"))
                .isEqualTo(new OwnQuestions.Last(
                        asked,
                        0,
                        clock.instant(),
                        0,
                        clock.nanoTime(),
                        new OwnQuestions.Start(asked, clock.instant())));
        assertThat(evidence.questions().to("NODE2")).isNull();

        clock.advance(Duration.ofSeconds(3));
        cluster.shadowCopyFailure = ClusterException.win32("Win32_ShadowCopy", 1722);
        Instant again = clock.instant();
        long askedNanos = clock.nanoTime();
        evidence.shadowCopies(List.of("NODE1"));

        assertThat(evidence.questions().to("NODE1"))
                .isEqualTo(new OwnQuestions.Last(
                        again,
                        askedNanos,
                        clock.instant(),
                        0,
                        clock.nanoTime(),
                        new OwnQuestions.Start(asked, asked.plusSeconds(7))));
    }
}
