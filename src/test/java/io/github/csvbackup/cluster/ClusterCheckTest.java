package io.github.csvbackup.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.Finding.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("jdk-independent")
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterCheckTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final StubCluster cluster = new StubCluster();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
    }

    private void hang() {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Finding finding(List<Finding> findings, String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError(check + " is not in " + findings));
    }

    @Test
    void asksEachNodeOnceAndNoneForItsShadowCopies() {
        List<String> asked = new CopyOnWriteArrayList<>();
        cluster.beforeService = asked::add;
        cluster.startVss("NODE2");

        List<Finding> findings = new ClusterCheck(cluster, LONG).run();

        assertThat(asked).as("VSS and swprv").containsExactlyInAnyOrder("NODE1", "NODE1", "NODE2", "NODE2");
        assertThat(cluster.askedForShadowCopies).isEmpty();
        assertThat(cluster.cleared).isEmpty();
        assertThat(finding(findings, "services on NODE1"))
                .isEqualTo(Finding.ok("services on NODE1", "VSS STOPPED, swprv STOPPED"));
        assertThat(finding(findings, "services on NODE2").detail())
                .matches("VSS RUNNING \\(process \\d+\\), swprv STOPPED");
        assertThat(finding(findings, "read-access").detail()).isEqualTo("the cluster CLUSTER was read");
        assertThat(finding(findings, "volume " + StubCluster.VOLUME10).detail())
                .startsWith("backup state NONE, fault state NO_FAULTS, Cluster Disk 10 on NODE1, ");
    }

    @Test
    void aClusterThatCannotBeReadIsTheOnlyFinding() {
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 5);

        assertThat(new ClusterCheck(cluster, LONG).run()).singleElement().satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.FAILED);
            assertThat(finding.detail()).contains("ERROR_ACCESS_DENIED");
            assertThat(finding.remedy()).startsWith("Run the agent as LocalSystem");
        });
    }

    @Test
    void aNodeThatTheAccountCannotAskIsUnknownAndTheOthersAreRead() {
        cluster.silentServices.add("NODE2");

        List<Finding> findings = new ClusterCheck(cluster, LONG).run();

        assertThat(finding(findings, "services on NODE1").result()).isEqualTo(Result.OK);
        assertThat(finding(findings, "services on NODE2").result()).isEqualTo(Result.UNKNOWN);
        assertThat(finding(findings, "services on NODE2").detail())
                .startsWith("VSS: OpenSCManager failed with RPC_S_SERVER_UNAVAILABLE (1722)");
        assertThat(finding(findings, "services on NODE2").remedy()).isNotEmpty();
    }

    @Test
    void aNodeThatMayBeIsolatedIsAWarningAndOneThatIsDownIsNotAsked() {
        cluster.nodes.put("NODE2", new Node("NODE2", new NodeState(NodeState.DOWN.code()), Node.ISOLATED));
        cluster.nodes.put("NODE3", new Node("NODE3", new NodeState(NodeState.DOWN.code()), 0));
        cluster.nodes.put(
                "NODE4",
                new Node("NODE4", new NodeState(-1), null, ClusterException.win32("OpenClusterNode", 5042), null));
        List<String> asked = new CopyOnWriteArrayList<>();
        cluster.beforeService = asked::add;

        List<Finding> findings = new ClusterCheck(cluster, LONG).run();

        assertThat(finding(findings, "node NODE2").result()).isEqualTo(Result.WARNING);
        assertThat(finding(findings, "node NODE3").result()).isEqualTo(Result.OK);
        assertThat(finding(findings, "node NODE4").result()).isEqualTo(Result.UNKNOWN);
        assertThat(asked).contains("NODE2").doesNotContain("NODE3");
    }

    @Test
    void aNodeThatHangsIsNamedTheOthersAreReadAndTheNextCheckLeavesNoFurtherCallBehind() {
        List<String> asked = new CopyOnWriteArrayList<>();
        cluster.beforeService = node -> {
            asked.add(node);
            if (node.equals("NODE2")) {
                hang();
            }
        };
        ClusterCheck check = new ClusterCheck(cluster, SHORT);

        List<Finding> findings = check.run();
        assertThat(finding(findings, "services on NODE1").result()).isEqualTo(Result.OK);
        assertThat(finding(findings, "services on NODE2").result()).isEqualTo(Result.UNKNOWN);
        assertThat(finding(findings, "services on NODE2").detail()).startsWith("the check did not return within 2 s");

        assertThat(finding(check.run(), "services on NODE2").detail()).contains("was not started: 1 earlier calls");
        assertThat(asked.stream().filter("NODE2"::equals)).hasSize(1);
    }

    private void addDisks(int most) {
        for (int n = 11; n <= most; n++) {
            cluster.put(new Volume(
                    "id-" + n,
                    "Cluster Disk " + n,
                    "NODE1",
                    ResourceState.ONLINE,
                    "C:\\ClusterStorage\\Volume" + n,
                    StubCluster.guid(n),
                    FaultState.NO_FAULTS,
                    BackupState.NONE));
        }
    }

    @Test
    void moreDisksThanAreAskedAtOnceAreAllRead() {
        addDisks(109);
        assertThat(new ClusterCheck(cluster, LONG)
                        .run().stream()
                                .filter(finding -> finding.check().startsWith("volume "))
                                .filter(finding -> finding.result() == Result.OK))
                .hasSize(100 + 1);
    }

    @Test
    void disksThatAreNotAskedBecauseAnotherHangsAreCounted() {
        addDisks(109);
        cluster.beforeDisk = disk -> {
            if (disk.equals("Cluster Disk 1")) {
                hang();
            }
        };

        List<Finding> findings = new ClusterCheck(cluster, SHORT).run();

        assertThat(finding(findings, "disk Cluster Disk 1").result()).isEqualTo(Result.UNKNOWN);
        assertThat(finding(findings, "disks"))
                .extracting(Finding::result, Finding::detail)
                .containsExactly(Result.UNKNOWN, "61 disks were not asked, because earlier ones took too long");
        assertThat(finding(findings, "volume " + StubCluster.VOLUME10).result()).isEqualTo(Result.OK);
    }
}
