package io.github.csvbackup.cluster.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.Volume;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent as NODE2 of a cluster of three that another agent holds. */
class JoinedClusterTest {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SimulatedCluster held = new SimulatedCluster(new MovableClock(), 3, 2, false);
    private final SimulatedClusterMBean controls = held.controls();
    private final AtomicInteger tokenReads = new AtomicInteger();
    private Holder holder;
    private Cluster joined;

    @BeforeEach
    void join() throws Exception {
        holder = new Holder(held::answer, 0);
        joined = joined("NODE2");
    }

    @AfterEach
    void leave() {
        joined.close();
        holder.close();
    }

    private Cluster joined(String node) {
        return new JoinedCluster(holder.url(), node, () -> {
            tokenReads.incrementAndGet();
            return holder.token;
        });
    }

    private static void assertFails(ThrowingCallable call, Integer code, String... parts) {
        assertThatThrownBy(call)
                .asInstanceOf(type(ClusterException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.getMessage() + ". " + e.remedy()).contains(parts));
    }

    @Test
    void itReadsTheClusterAsItsHolderDoesAndIsAnotherNode() throws Exception {
        controls.startBackup(VOLUME, "NODE3");
        controls.setNodeState("NODE3", "DOWN_UNKNOWN");
        controls.setWindowsVersion("NODE1", "6.3");
        controls.setIoState(VOLUME, "NODE1", "BLOCK_REDIRECTED", "NO_DISK_CONNECTIVITY");
        controls.setFaultState(VOLUME, "DISMOUNTED");

        ClusterOverview seen = held.overview();
        assertThat(joined.overview())
                .isEqualTo(new ClusterOverview(seen.clusterName(), "NODE2", seen.nodes(), seen.disks()));
        assertThat(seen.localNode()).isEqualTo("NODE1");
        for (String disk : seen.disks()) {
            assertThat(joined.disk(disk)).isEqualTo(held.disk(disk));
            assertThat(joined.volumes(disk)).isEqualTo(held.volumes(disk)).isNotEmpty();
            assertThat(joined.ioStates(disk)).isEqualTo(held.ioStates(disk)).hasSize(3);
        }
        assertThat(joined.backend()).isEqualTo(Backend.SIMULATED);
        assertThat(joined.backupStateSupport()).isEqualTo(BackupStateSupport.SIMULATED);
        assertThat(joined.machine(PATIENCE)).isEqualTo(held.machine(PATIENCE)).isNotEmpty();
    }

    @Test
    void itSeesTheServicesAndShadowCopiesOfItsOwnNode() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        Cluster onNode2 = held.seenBy("NODE2");

        assertThat(joined.service("NODE2", Cluster.VSS))
                .isEqualTo(onNode2.service("NODE2", Cluster.VSS))
                .satisfies(vss -> assertThat(vss.processId()).isNotNull())
                .satisfies(vss -> assertThat(vss.startTime()).isNotNull());
        assertThat(joined.service("node2", Cluster.SOFTWARE_PROVIDER).isStopped())
                .isFalse();
        assertThat(joined.shadowCopies("NODE2"))
                .isEqualTo(onNode2.shadowCopies("NODE2"))
                .satisfies(list -> assertThat(list.copies()).hasSize(1));
    }

    @Test
    void neitherItNorAHolderWithoutRemoteAccessMayAskAnotherNode() {
        for (Cluster each : List.of(joined, held)) {
            assertFails(() -> each.service("NODE3", Cluster.VSS), 5, "OpenSCManager", "ERROR_ACCESS_DENIED");
            assertFails(() -> each.shadowCopies("NODE3"), 5, "Win32_ShadowCopy", "ERROR_ACCESS_DENIED");
        }
        assertThat(controls.getShadowCopyQueries()).containsExactly("NODE1: 0", "NODE2: 0", "NODE3: 0");
    }

    @Test
    void aHolderHasRemoteAccessUnlessItsOptionSaysOtherwise() throws Exception {
        Cluster alone = new SimulatedCluster(new MovableClock(), 3, 1);

        assertThat(alone.service("NODE3", Cluster.VSS).isStopped()).isTrue();
        assertThat(alone.shadowCopies("NODE3").copies()).isEmpty();
    }

    @Test
    void itsClearEndsTheState() throws Exception {
        controls.startBackup(VOLUME, "NODE3");
        Volume volume = joined.volumes("Cluster Disk 1").get(0);
        assertThat(volume.backupState()).isEqualTo(BackupState.IN_PROGRESS);

        joined.clear(volume, volume.guidName());

        assertThat(held.volumes("Cluster Disk 1").get(0).backupState()).isEqualTo(BackupState.NONE);
        assertThat(controls.getClearCalls()).isEqualTo(1);
    }

    @Test
    void aFailureOfAWindowsFunctionArrivesWithItsCode() {
        controls.failNextCalls("ClusterResourceControl", 5910, 1);

        assertFails(() -> joined.volumes("Cluster Disk 1"), 5910, "ClusterResourceControl failed with");
        assertFails(() -> joined.disk("Cluster Disk 9"), 5007, "ERROR_RESOURCE_NOT_FOUND");
    }

    @Test
    void withoutItsHolderItIsLikeAClusterServiceThatIsDownUntilTheHolderIsBack() throws Exception {
        joined.overview();
        int port = holder.port();
        holder.close();

        assertFails(
                joined::overview,
                1753,
                "the simulated cluster at http://127.0.0.1:" + port + "/ does not answer",
                "Start the agent that holds the simulated cluster");
        assertFails(() -> joined.service("NODE2", Cluster.VSS), 1753, "does not answer");

        holder = new Holder(held::answer, port);
        holder.token = "second";
        Cluster again = joined;
        assertThat(again.overview().localNode()).isEqualTo("NODE2");
    }

    @Test
    void aMachineThatIsOffHasNoClusterServiceEither() {
        controls.setNodeState("NODE2", "DOWN");

        assertFails(joined::overview, 1753, "OpenClusterEx");
        assertFails(() -> joined.service("NODE2", Cluster.VSS), 1753, "OpenClusterEx");
    }

    @Test
    void theTokenIsReadOnceAndAgainWhenItIsRefused() throws Exception {
        joined.overview();
        joined.overview();
        assertThat(tokenReads).hasValue(1);

        holder.token = "second";

        assertThat(joined.overview().nodes()).extracting(Node::name).containsExactly("NODE1", "NODE2", "NODE3");
        assertThat(tokenReads).hasValue(2);
    }

    @Test
    void aWrongTokenIsOneSentence() {
        Cluster stranger = new JoinedCluster(holder.url(), "NODE2", () -> "wrong");

        assertFails(stranger::overview, null, "does not let this agent join its cluster", "HTTP 401", "token file");
    }

    @Test
    void aTokenFileThatCannotBeReadIsNamed() {
        Cluster withoutFile = new JoinedCluster(holder.url(), "NODE2", () -> {
            throw new NoSuchFileException("/lost/operator.token");
        });

        assertFails(withoutFile::overview, 1753, "/lost/operator.token");
    }

    @Test
    void aNodeThatTheClusterDoesNotHaveIsNamed() {
        assertFails(() -> joined("NODE9").overview(), null, "no node NODE9, only NODE1, NODE2, NODE3", "option node");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 404, 500})
    void anotherStatusIsNotFollowedAndIsOneSentence(int status) {
        holder.status = status;

        assertFails(joined::overview, null, "HTTP " + status, "must hold a simulated cluster itself");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "[]",
                "{}",
                "null",
                "{\"answer\":null}",
                "{\"answer\":{}}",
                "{\"answer\":[1]}",
                "{\"answer\":{\"clusterName\":7}}",
                "{\"answer\":{\"clusterName\":\"C\",\"localNode\":\"N\",\"nodes\":[{\"name\":\"N\",\"state\":{\"code\":99999999999}}],\"disks\":[]}}",
                "{\"answer\":{\"clusterName\":\"C\",\"localNode\":\"N\",\"nodes\":[{\"name\":\"N\",\"state\":\"UP\"}],\"disks\":[]}}"
            })
    void whatIsNoAnswerIsOneSentence(String answer) {
        holder.answers = request -> answer;

        assertFails(joined::overview, null, "is not understood", "the same version");
    }

    @Test
    void aTimeThatIsNoneIsNotUnderstood() {
        holder.answers = request -> "{\"answer\":{\"state\":4,\"processId\":1,\"startTime\":\"noon\"}}";

        assertFails(() -> joined.service("NODE2", Cluster.VSS), null, "noon");
    }

    @Test
    void aLongerAnswerThanAnyClusterGivesIsNotRead() {
        String longer = " ".repeat(2 * 1024 * 1024) + "{}";
        holder.answers = request -> longer;

        assertFails(joined::overview, null, "longer than 1048576 bytes");
    }

    @Test
    void aThousandVolumesFit() throws Exception {
        SimulatedCluster large = new SimulatedCluster(new MovableClock(), 64, 1000);
        holder.answers = large::answer;

        assertThat(joined.overview().disks()).hasSize(1000);
        assertThat(joined.ioStates("Cluster Disk 1")).hasSize(64);
    }

    @Test
    void aHolderThatAcceptsAndDoesNotAnswerIsNotWaitedForLonger() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Cluster waiting = new JoinedCluster(
                    URI.create("http://127.0.0.1:" + mute.getLocalPort() + "/"),
                    "NODE2",
                    () -> "token",
                    Duration.ofMillis(50));

            assertFails(waiting::overview, 1753, "does not answer", "timed out");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "{}",
                "{\"node\":\"NODE2\",\"call\":\"service\",\"arguments\":[]}",
                "{\"node\":\"NODE2\",\"call\":\"service\",\"arguments\":[1,2]}",
                "{\"node\":\"NODE2\",\"call\":\"clear\",\"arguments\":[null,\"C:\\\\\"]}",
                "{\"node\":\"NODE2\",\"call\":\"format\",\"arguments\":[]}"
            })
    void aRequestThatIsNoCallGetsAFailure(String request) {
        assertThat(held.answer(request))
                .startsWith("{\"failure\":{\"code\":null,\"message\":\"the request is not a call");
        assertThat(controls.getClearCalls()).isZero();
    }
}
