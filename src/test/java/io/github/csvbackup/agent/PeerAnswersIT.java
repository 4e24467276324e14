package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Answers over the verified channel of NODE3 that do not count. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Signals are those of a POSIX system.")
@Tag("jdk-independent")
class PeerAnswersIT extends WithAnAbandonedBackup {
    private static void refusedWith(FakePeer.Answering answering, String... reason) throws Exception {
        try (FakePeer peer = impostor()) {
            peer.answer(answering);
            refusedWhile(() -> nodes.network(THIRD).leadTo(peer.port()), WithAnAbandonedBackup::reconnect, reason);
            assertThat(peer.asked()).isPositive();
        }
    }

    private static void refusedWithAChange(FakePeer.Change change, String... reason) throws Exception {
        try (FakePeer peer = impostor()) {
            peer.answerWith(change);
            refusedWhile(() -> nodes.network(THIRD).leadTo(peer.port()), WithAnAbandonedBackup::reconnect, reason);
            assertThat(peer.asked()).isPositive();
        }
    }

    /** Otherwise the tests with changed answers could not fail. */
    @Test
    void theUnchangedAnswerCounts() throws Exception {
        try (FakePeer peer = impostor()) {
            nodes.network(THIRD).leadTo(peer.port());
            awaitVerdict(1, "CLEARABLE");
            assertThat(peer.asked()).isPositive();
        } finally {
            reconnect();
        }
    }

    @Test
    void anAnswerForAnotherNode() throws Exception {
        refusedWithAChange(evidence -> evidence.put("node", "NODE2"), "says that it runs on NODE2");
    }

    @Test
    void anAnswerOfARealCluster() throws Exception {
        refusedWithAChange(evidence -> evidence.put("simulated", false), "does not watch a simulated cluster");
    }

    @Test
    void anAnswerToAnEarlierQuestion() throws Exception {
        AtomicReference<String> first = new AtomicReference<>();
        try (FakePeer peer = impostor()) {
            peer.answer(question -> {
                first.compareAndSet(null, peer.truth(question));
                return FakePeer.Reply.ok(first.get());
            });
            refusedWhile(
                    () -> nodes.network(THIRD).leadTo(peer.port()),
                    WithAnAbandonedBackup::reconnect,
                    "answered another question");
        }
    }

    @Test
    void anOlderAgentWithoutTheOperation() throws Exception {
        refusedWith(
                question -> FakePeer.Reply.ok(
                        "{\"status\":400,\"error\":\"java.lang.IllegalArgumentException : No operation localEvidence"
                                + " found on MBean io.github.csvbackup:type=CsvBackupState\"}"),
                "version");
    }

    @Test
    void aNewerAgentThatTellsMore() throws Exception {
        try (FakePeer peer = impostor()) {
            peer.answerWith(evidence -> {
                evidence.put("version", "99.0");
                evidence.put("weather", Map.of("rain", true));
            });
            nodes.network(THIRD).leadTo(peer.port());
            awaitVerdict(1, "CLEARABLE");
            awaitVerdict(2, "CLEARABLE");
            assertThat(peer.asked()).isPositive();
        } finally {
            reconnect();
        }
    }

    @Test
    void anAnswerWithoutItsParts() throws Exception {
        refusedWithAChange(evidence -> evidence.remove("vss"), "vss is missing");
    }

    @Test
    void garbage() throws Exception {
        refusedWith(question -> FakePeer.Reply.ok("<html>welcome</html>"), "not the answer of an agent");
    }

    @Test
    void anAnswerThatIsTooLong() throws Exception {
        refusedWith(question -> FakePeer.Reply.ok(" ".repeat(300 * 1024) + "{}"), "at most 262144 are read");
    }

    @Test
    void aRedirectToTheAgentItself() throws Exception {
        String real = nodes.agent(THIRD).remoteUrl() + "jolokia/";
        refusedWith(
                question -> new FakePeer.Reply(307, Map.of("Location", real), "elsewhere"), "which is never followed");
    }

    @Test
    void aRefusal() throws Exception {
        refusedWith(question -> new FakePeer.Reply(403, Map.of(), "no"), "does not accept this node as a peer");
    }

    /** What forbids wins. As VSS seems to run on NODE3, the owner's agent asks for its shadow copies, and so it does run for some minutes. */
    @Test
    void anAgentThatSeesVssRun() throws Exception {
        try (FakePeer peer = impostor()) {
            peer.answerWith(evidence -> {
                Map<Object, Object> vss = new HashMap<>((Map<?, ?>) evidence.get("vss"));
                vss.putAll(Map.of("state", "RUNNING", "stateNumber", 4, "processId", 77, "stoppedForMillis", 0));
                evidence.put("vss", vss);
            });
            refusedWhile(
                    () -> nodes.network(THIRD).leadTo(peer.port()),
                    () -> {
                        reconnect();
                        nodes.cluster().simulate("advance", SECONDS_UNTIL_VSS_STOPS);
                    },
                    "vss-stopped NODE3");
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void atLastNode3Clears() throws Exception {
        assertClears(THIRD);
    }
}
