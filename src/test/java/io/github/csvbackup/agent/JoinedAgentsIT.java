package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Processes that are nodes of one simulated cluster. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Signals are those of a POSIX system.")
@Tag("jdk-independent")
class JoinedAgentsIT extends WithThreeAgents {
    private static Map<?, ?> volume(int node) throws Exception {
        return (Map<?, ?>) ((List<?>) nodes.operator(node).read("CsvBackupState", "Volumes")).get(0);
    }

    @Test
    @Order(1)
    void eachIsItsNodeOfTheSameCluster() throws Exception {
        for (int node = 1; node <= 3; node++) {
            int each = node;
            await(
                    "the first poll",
                    () -> nodes.operator(each).read("CsvBackupState", "LastPollError") == null
                            && !((List<?>) nodes.operator(each).read("CsvBackupState", "Volumes")).isEmpty());
            assertThat(nodes.operator(node).read("CsvBackupState", "Node")).isEqualTo(ThreeAgents.name(node));
            assertThat(nodes.operator(node).read("CsvBackupState", "Backend")).isEqualTo("SIMULATED");
        }

        nodes.cluster().simulate("startBackup", VOLUME, "NODE3");
        for (int node = 1; node <= 3; node++) {
            int each = node;
            await("the state", () -> "IN_PROGRESS".equals(volume(each).get("backupState")));
        }
        nodes.cluster().simulate("completeBackup", VOLUME);
        await("the end of the state", () -> "NONE".equals(volume(2).get("backupState")));
    }

    @Test
    @Order(2)
    void withoutTheHolderANodeCannotReadItsClusterAndSaysSo() throws Exception {
        nodes.agent(1).kill();
        await(
                "a poll that fails",
                () -> String.valueOf(nodes.operator(2).read("CsvBackupState", "LastPollError"))
                        .contains("the simulated cluster at http://127.0.0.1:"));
        assertThat(String.valueOf(nodes.operator(2).read("CsvBackupState", "LastPollError")))
                .contains("does not answer", "Start the agent that holds the simulated cluster");
    }
}
