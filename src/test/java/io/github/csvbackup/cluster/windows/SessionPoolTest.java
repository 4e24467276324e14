package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.Volume;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Cluster service that is restarted while the agent reads. */
class SessionPoolTest {
    private final FakeClusApi api = new FakeClusApi();
    private final SystemCalls system = new SystemCalls((Kernel32) Proxy.newProxyInstance(
            Kernel32.class.getClassLoader(), new Class<?>[] {Kernel32.class}, (proxy, method, arguments) -> 0));
    private final SessionPool pool = new SessionPool(() -> ClusterSession.open(api, system));

    private ClusterOverview overview() throws ClusterException {
        return pool.read((session, justOpened) -> session.overview("NODE1", justOpened));
    }

    private List<Volume> volumes() throws ClusterException {
        return pool.read((session, justOpened) -> session.volumes("Cluster Disk 1"));
    }

    @AfterEach
    void everyHandleIsClosed() {
        pool.close();
        assertThat(api.open()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetClusterInformation", "ClusterOpenEnum", "OpenClusterNodeEx", "GetClusterNodeState"})
    void aFirstReadWithDeadHandlesIsRepeatedBeforeANodeIsReported(String function) throws Exception {
        api.restartAt(function);

        assertThat(overview().nodes()).containsExactly(new Node("NODE1", NodeState.UP, null));
        assertThat(api.sessions).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OpenClusterResourceEx", "GetClusterResourceState", "ClusterResourceControl"})
    void aFirstReadWithDeadHandlesIsRepeatedBeforeADiskIsReported(String function) throws Exception {
        api.restartAt(function);

        assertThat(volumes()).singleElement().extracting(Volume::guidName).isEqualTo(FakeClusApi.GUID);
        assertThat(api.sessions).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetClusterResourceState", "ClusterResourceControl"})
    void handlesThatDiedSinceTheLastReadAreReplaced(String function) throws Exception {
        overview();
        volumes();
        api.restartAt(function);

        assertThat(volumes()).hasSize(1);
        assertThat(overview().disks()).containsExactly("Cluster Disk 1");
        assertThat(api.sessions).isEqualTo(2);
    }

    @Test
    void whatSaysTwiceThatItsHandlesAreDeadHasFailed() throws Exception {
        api.alwaysRestartAt("GetClusterNodeState");
        assertThat(overview().nodes())
                .singleElement()
                .satisfies(node -> assertThat(node.failure()).hasMessageContaining("GetClusterNodeState failed with"));
        api.alwaysRestartAt("GetClusterResourceState");
        assertThatThrownBy(this::volumes)
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("GetClusterResourceState failed with RPC_X_SS_IN_NULL_CONTEXT");
    }

    @Test
    void aFailureWithoutAnErrorIsNotCalledASuccess() throws Exception {
        api.failWithoutReason("GetClusterNodeState");
        assertThat(overview().nodes())
                .singleElement()
                .satisfies(node ->
                        assertThat(node.failure()).hasMessage("GetClusterNodeState failed and gave no error code"));
        api.failWithoutReason("GetClusterResourceState");
        assertThatThrownBy(this::volumes).hasMessage("GetClusterResourceState failed and gave no error code");
        api.failWithoutReason("OpenClusterResourceEx");
        assertThatThrownBy(this::volumes).hasMessage("OpenClusterResourceEx failed and gave no error code");
    }

    @Test
    void aDiskThatIsNotListedAnyMoreIsClosedWhenTheSessionIsUsedNext() throws Exception {
        volumes();
        int withDisk = api.open().size();
        pool.keepOnly(List.of("Cluster Disk 2"));

        String name = pool.read((session, justOpened) -> "used");

        assertThat(name).isEqualTo("used");
        assertThat(api.open()).hasSize(withDisk - 1);
    }
}
