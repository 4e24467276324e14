package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Answers of NODE3 that do not count in the last steps of a clear: all that was asked before let it begin. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Signals are those of a POSIX system.")
@Tag("jdk-independent")
class PeerListsIT extends WithAnAbandonedBackup {
    /** NODE1 clears, while NODE2 answers as it should, and NODE3 as a test says. */
    private static Map<?, ?> clear(ListingPeer.Fault withList, ListingPeer.Fault later) throws Exception {
        Map<?, ?> clear = clearOnce(withList, later);
        for (int tries = 1; tries < 3 && aNodeWasSlow(clear); tries++) {
            nodes.cluster().simulate("advance", SECONDS_UNTIL_VSS_STOPS);
            clear = clearOnce(withList, later);
        }
        return clear;
    }

    private static Map<?, ?> clearOnce(ListingPeer.Fault withList, ListingPeer.Fault later) throws Exception {
        try (ListingPeer second = new ListingPeer(impostor(2), ListingPeer.Fault.NONE, ListingPeer.Fault.NONE);
                ListingPeer third = new ListingPeer(impostor(THIRD), withList, later)) {
            nodes.network(2).leadTo(second.port());
            nodes.network(THIRD).leadTo(third.port());
            awaitVerdict(1, "CLEARABLE");
            assertThat(third.isListed()).as("asked too early").isFalse();

            Map<?, ?> clear = result(1, "clear");

            if (!aNodeWasSlow(clear)) {
                assertThat(second.isListed()).as("%s", clear).isTrue();
                assertThat(third.isListed()).as("%s", clear).isTrue();
            }
            return clear;
        } finally {
            reconnect(2);
            reconnect(THIRD);
        }
    }

    private static void refused(ListingPeer.Fault withList, ListingPeer.Fault later, String reason) throws Exception {
        try {
            Map<?, ?> clear = clear(withList, later);

            assertThat(clear.get("outcome")).as("%s", clear).isEqualTo("REFUSED");
            assertThat((String) clear.get("message")).contains("NODE3", reason);
            assertThat(clearCalls()).isZero();
            nodes.operator(1).ask("refresh");
            assertThat(nodes.operator(1).read("CsvBackupState", "InProgressCount"))
                    .isEqualTo(1L);
        } finally {
            // NODE1 has listed its own shadow copies, which started its VSS service.
            nodes.cluster().simulate("advance", SECONDS_UNTIL_VSS_STOPS);
        }
    }

    private static void refusedList(ListingPeer.Fault withList, String reason) throws Exception {
        refused(withList, ListingPeer.Fault.NONE, reason);
    }

    private static void refusedAfterTheList(ListingPeer.Fault later, String reason) throws Exception {
        refused(ListingPeer.Fault.NONE, later, reason);
    }

    @Test
    void theConnectionEndsWithoutAList() throws Exception {
        refusedList(
                evidence -> {
                    throw new IOException("the connection ends");
                },
                "closed the connection without an answer");
    }

    @Test
    void aListForAnotherQuestion() throws Exception {
        refusedList(evidence -> evidence.put("question", "0123456789abcdef0123456789abcdef"), "answered another");
    }

    @Test
    void aListOfAnotherNode() throws Exception {
        refusedList(evidence -> evidence.put("node", "NODE2"), "says that it runs on NODE2");
    }

    @Test
    void aListOfAnotherClustersNode() throws Exception {
        refusedList(
                evidence -> evidence.put("sharedDisks", List.of("11111111-2222-3333-4444-555555555555")),
                "lists none of the shared disks of this node");
    }

    @Test
    void anAnswerWithoutTheList() throws Exception {
        refusedList(evidence -> evidence.remove("shadowCopies"), "did not list them");
    }

    @Test
    void anotherVssProcessRightBeforeTheCall() throws Exception {
        refusedAfterTheList(
                evidence -> evidence.put("vss", ListingPeer.service("RUNNING", 4, ListingPeer.PROCESS + 1)),
                "is RUNNING as process 4712 now");
    }

    @Test
    void noVssProcessRightBeforeTheCall() throws Exception {
        refusedAfterTheList(evidence -> evidence.put("vss", ListingPeer.service("STOPPED", 1, null)), "is STOPPED now");
    }

    @Test
    void noAnswerRightBeforeTheCall() throws Exception {
        refusedAfterTheList(
                evidence -> {
                    throw new IOException("the connection ends");
                },
                "is not readable");
    }

    @Test
    void anAgentThatHangsWhenItIsAskedForTheList() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try {
            refusedList(
                    evidence -> {
                        try {
                            over.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "did not answer within 34 s");
        } finally {
            over.countDown();
        }
    }

    /** Otherwise the tests with changed answers could not fail. */
    @Test
    @Order(Integer.MAX_VALUE)
    void theSameAnswersWithoutAFaultLetItClear() throws Exception {
        Map<?, ?> clear = clear(ListingPeer.Fault.NONE, ListingPeer.Fault.NONE);

        assertThat(clear.get("outcome")).as("%s", clear).isEqualTo("CLEARED");
        assertThat(clearCalls()).isEqualTo(1);
    }
}
