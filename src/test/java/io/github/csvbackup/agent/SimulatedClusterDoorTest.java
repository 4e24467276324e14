package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.simulated.JoinedCluster;
import io.github.csvbackup.http.TestUsers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where an agent with a simulated cluster lets others join it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SimulatedClusterDoorTest {
    private static final String PATH = "simulated-cluster";
    private static final String CALL = "{\"node\":\"NODE2\",\"call\":\"overview\",\"arguments\":[]}";

    @TempDir
    private Path folder;

    @Test
    void onlyTheTokenAtTheAddressForThisMachineOpensIt() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        Map<String, String> operator = Map.of("Authorization", TestUsers.authorization(TestUsers.OPERATOR));
        try (Agent agent = doors.start(doors.options())) {
            HttpResponse<String> withToken =
                    doors.send(agent.url(), PATH, CALL, Map.of("Authorization", "Bearer " + agent.token()));
            assertThat(withToken.statusCode()).isEqualTo(200);
            assertThat(withToken.body()).contains("\"localNode\":\"NODE2\"");

            assertThat(doors.send(agent.url(), PATH, CALL, Map.of()).statusCode())
                    .isEqualTo(401);
            assertThat(doors.send(TwoDoors.remote(agent), PATH, CALL, operator).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aClientOfItIsAnotherNodeOfTheCluster() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        try (Agent agent = doors.start("");
                JoinedCluster joined = new JoinedCluster(agent.url(), "NODE3", agent::token)) {
            ClusterOverview overview = joined.overview();

            assertThat(overview.localNode()).isEqualTo("NODE3");
            assertThat(overview.nodes()).hasSize(3);
        }
    }
}
