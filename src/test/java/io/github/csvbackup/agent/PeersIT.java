package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents and networks that fail, and at last the clears. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Signals are those of a POSIX system.")
@TestMethodOrder(OrderAnnotation.class)
@Tag("jdk-independent")
class PeersIT extends WithAnAbandonedBackup {
    @Test
    void anAgentThatWasKilled() throws Exception {
        refusedWhile(() -> nodes.agent(THIRD).kill(), () -> nodes.start(THIRD), "the agent of NODE3");
    }

    @Test
    void anAgentThatIsStopped() throws Exception {
        refusedWhile(() -> nodes.agent(THIRD).close(), () -> nodes.start(THIRD), "the agent of NODE3");
    }

    @Test
    void anAgentThatHangs() throws Exception {
        refusedWhile(() -> nodes.suspend(THIRD), () -> nodes.resume(THIRD), "did not answer within");
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkThat(Relay.Mode mode) throws Exception {
        if (mode == Relay.Mode.PASS) {
            return;
        }
        refusedWhile(() -> nodes.network(THIRD).become(mode), WithAnAbandonedBackup::reconnect, "the agent of NODE3");
    }

    @Test
    void theAgentOfAnotherNodeAtItsAddress() throws Exception {
        refusedWhile(
                () -> nodes.network(THIRD).leadTo(nodes.agent(2).remoteUrl().getPort()),
                WithAnAbandonedBackup::reconnect,
                "certificate",
                "NODE3.example.com");
    }

    @Test
    void recordedBytesOfAnEarlierConnection() throws Exception {
        Relay.Recording recording = nodes.network(THIRD).record();
        awaitVerdict(1, "CLEARABLE");
        byte[] bytes = recording.bytes();
        assertThat(bytes).isNotEmpty();

        refusedWhile(() -> nodes.network(THIRD).replay(bytes), WithAnAbandonedBackup::reconnect, "the agent of NODE3");
    }

    @Test
    void theAgentOfAnotherClusterWithTheSameNames() throws Exception {
        List<String> holder = List.of("--simulated-nodes=3", "--simulated-volumes=2");
        try (PackagedAgent other = nodes.startAnother(holder)) {
            List<String> third = new ArrayList<>(nodes.options(THIRD));
            third.addAll(ThreeAgents.joining(THIRD, other));
            try (PackagedAgent namesake = nodes.startAnother(third)) {
                refusedWhile(
                        () -> nodes.network(THIRD).leadTo(namesake.remoteUrl().getPort()),
                        WithAnAbandonedBackup::reconnect,
                        "shared disks of this node");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMachineThatIsBackedUpOnOneNodeStopsTheClearOnEach(int host) throws Exception {
        String machine = "SQL-" + host;
        nodes.cluster().simulate("addMachine", ThreeAgents.name(host), machine, VOLUME);
        nodes.cluster().simulate("backUpMachine", machine);
        try {
            for (int node = 1; node <= 3; node++) {
                awaitVerdict(node, "ACTIVE");
                Map<?, ?> clear = result(node, "clear");
                assertThat(clear.get("outcome")).as("%s", clear).isEqualTo("REFUSED");
                assertThat(String.valueOf(clear.get("message")))
                        .contains("the virtual machine " + machine + " on NODE" + host
                                + " says that it is being backed up");
            }
            assertThat(clearCalls()).isZero();
        } finally {
            nodes.cluster().simulate("endMachineBackup", machine);
            nodes.cluster().simulate("removeMachine", machine);
        }
        awaitVerdict(1, "CLEARABLE");
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void aBackupOnNode2IsSeenByAllAndNobodyClears() throws Exception {
        nodes.cluster().simulate("startBackup", VOLUME, "NODE2");
        // The agent on the volume's owner asks for the shadow copies, before NODE2 lists them itself.
        awaitVerdict(1, "ACTIVE");

        for (int node = 1; node <= 3; node++) {
            int each = node;
            await("NODE" + node + " sees it", () -> !verdict(each).equals("CLEARABLE"));
            Map<?, ?> clear = result(node, "clear");
            assertThat(clear.get("outcome")).as("%s", clear).isEqualTo("REFUSED");
            assertThat(openChecks(clear)).contains("NODE2");
        }
        assertThat(clearCalls()).isZero();
        nodes.cluster().simulate("killBackup", VOLUME);
        nodes.cluster().simulate("advance", SECONDS_UNTIL_VSS_STOPS);
    }

    /** NODE2 has listed its shadow copies a moment ago, which does not keep its own clear from listing them. */
    @Test
    @Order(Integer.MAX_VALUE)
    void theSameClearAskedOfEach() throws Exception {
        awaitVerdict(THIRD, "CLEARABLE");

        Map<?, ?> clear = clear(2);
        assertThat(clear.get("outcome")).as("%s", clear).isEqualTo("CLEARED");
        for (int node : List.of(1, THIRD)) {
            assertThat(result(node, "clear").get("outcome")).isEqualTo("NOTHING_TO_CLEAR");
        }
        assertThat(clearCalls()).isEqualTo(1);
    }
}
