package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.clear.FoundShadowCopies;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Source;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many nodes an answer is from, and when they were asked. */
class ShadowCopiesViewTest {
    private static final Instant REQUESTED = Instant.parse("2026-11-29T17:22:04.500Z");
    private static final Volume VOLUME = new Volume(
            "id-1",
            "Cluster Disk 1",
            "NODE1",
            ResourceState.ONLINE,
            StubCluster.VOLUME1,
            StubCluster.guid(1),
            FaultState.NO_FAULTS,
            BackupState.NONE);

    private static ShadowCopiesView asked(Instant at) {
        Map<String, NodeAnswer<ShadowCopies>> answers = new LinkedHashMap<>();
        ShadowCopies none =
                new ShadowCopies(List.of(), new ServiceStatus(ServiceStatus.STOPPED, null, null), List.of());
        answers.put("NODE1", NodeAnswer.of(at, none));
        answers.put("NODE2", NodeAnswer.none(at, new Problem("it is down", "Start it.")));
        answers.put("NODE3", NodeAnswer.of(at, none));
        return ShadowCopiesView.of(
                StubCluster.VOLUME1,
                new FoundShadowCopies(VOLUME, answers, Map.of(), at),
                REQUESTED,
                REQUESTED.plusSeconds(30),
                new Times(instant -> ZoneOffset.ofHours(1)));
    }

    @Test
    void anAnswerToThisRequestHasNoAgeHoweverLongItTook() {
        ShadowCopiesView view = asked(REQUESTED);

        assertThat(view.nodesAsked()).isEqualTo(3);
        assertThat(view.problems()).containsExactly("it is down. Start it.");
        assertThat(view.at()).isEqualTo("2026-11-29T17:22:04.500Z");
        assertThat(view.atEpochMillis()).isEqualTo(REQUESTED.toEpochMilli());
        assertThat(view.ageSeconds()).isZero();
        assertThat(view.lists()).extracting(ListedNodeView::ageSeconds).containsOnly(0L);
        assertThat(view.lists())
                .extracting(ListedNodeView::problem)
                .containsExactly(null, "it is down. Start it.", null);
        assertThat(view.message())
                .startsWith("0 shadow copies of this volume on 2 of 3 nodes, at 2026-11-29 18:22:04 +01:00.")
                .contains("The query has started the VSS service");
    }

    @Test
    void anEarlierAnswerSaysThatItIs() {
        ShadowCopiesView view = asked(REQUESTED.minusSeconds(720));

        assertThat(view.ageSeconds()).isEqualTo(720);
        assertThat(view.lists()).extracting(ListedNodeView::ageSeconds).containsExactly(720L, 0L, 720L);
        assertThat(view.at()).isEqualTo("2026-11-29T17:10:04.500Z");
        assertThat(view.message())
                .contains("at 2026-11-29 18:10:04 +01:00. This is the last answer: ")
                .doesNotContain("The query has started");
    }

    private static final ShadowCopies NONE =
            new ShadowCopies(List.of(), new ServiceStatus(ServiceStatus.STOPPED, null, null), List.of());

    /** NODE1 is asked at the request, and only a clear asks the agents of these nodes. */
    private static ShadowCopiesView besides(Map<String, NodeAnswer<ShadowCopies>> known) {
        return ShadowCopiesView.of(
                StubCluster.VOLUME1,
                new FoundShadowCopies(VOLUME, Map.of("NODE1", NodeAnswer.of(REQUESTED, NONE)), known, REQUESTED),
                REQUESTED,
                REQUESTED.plusSeconds(30),
                new Times(instant -> ZoneOffset.ofHours(1)));
    }

    @Test
    void aListOfANodeThatWasNotAskedHasItsOwnTimeAndAMissingOneIsAProblem() {
        Instant earlier = REQUESTED.minusSeconds(3600);
        Map<String, NodeAnswer<ShadowCopies>> known = new LinkedHashMap<>();
        known.put("NODE2", NodeAnswer.of(earlier, NONE).from(Source.AGENT_OF_NODE));
        known.put("NODE3", NodeAnswer.none(REQUESTED, new Problem("NODE3 was not asked", "The clear asks.")));

        ShadowCopiesView view = besides(known);

        assertThat(view.nodesAsked()).isEqualTo(1);
        assertThat(view.problems()).containsExactly("NODE3 was not asked. The clear asks.");
        assertThat(view.lists())
                .containsExactly(
                        new ListedNodeView(
                                "NODE1", true, "2026-11-29T17:22:04.500Z", REQUESTED.toEpochMilli(), 0, null, null),
                        new ListedNodeView(
                                "NODE2",
                                false,
                                "2026-11-29T16:22:04.500Z",
                                earlier.toEpochMilli(),
                                3600,
                                "AGENT_OF_NODE",
                                null),
                        new ListedNodeView("NODE3", false, null, 0, 0, null, "NODE3 was not asked. The clear asks."));
        assertThat(view.message())
                .startsWith("0 shadow copies of this volume on 2 of 3 nodes, at 2026-11-29 18:22:04 +01:00. NODE2 was"
                        + " not asked, the clear asks its agent: its list is of 2026-11-29 17:22:04 +01:00. The query");
    }

    @Test
    void manyEarlierListsAreOneSentence() {
        Map<String, NodeAnswer<ShadowCopies>> known = new LinkedHashMap<>();
        for (int node = 2; node <= 64; node++) {
            known.put("NODE" + node, NodeAnswer.of(REQUESTED.minusSeconds(60L * node), NONE));
        }

        assertThat(besides(known).message())
                .startsWith(
                        "0 shadow copies of this volume on 64 of 64 nodes, at 2026-11-29 18:22:04 +01:00. Not asked, as"
                                + " the clear asks their agents: NODE2 to NODE64. Their lists are older, the oldest is of"
                                + " 2026-11-29 17:18:04 +01:00. The query")
                .hasSizeLessThan(400);
    }
}
