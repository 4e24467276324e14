package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.BoundedChecks;
import io.github.csvbackup.cluster.ClusterCheck;
import io.github.csvbackup.cluster.Finding;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("jdk-independent")
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProbeTest {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final String PATH = "C:\\ClusterStorage\\Volume1";

    private final CountDownLatch released = new CountDownLatch(1);
    private String hanging = "";
    private byte[] volumes = list(FakeClusApi.GUID);

    @AfterEach
    void release() {
        released.countDown();
    }

    /** The list of volumes of the names, all with one path. */
    private static byte[] list(String... guids) {
        ByteBuffer list = ByteBuffer.allocate(648 * guids.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < guids.length; i++) {
            list.putInt(648 * i, 0x00010001).putInt(648 * i + 4, 640);
            list.put(648 * i + 28, PATH.getBytes(StandardCharsets.UTF_16LE));
            list.put(648 * i + 548, guids[i].getBytes(StandardCharsets.UTF_16LE));
        }
        return list.array();
    }

    /** A library with a hanging function, and with lists of volumes from the test. */
    private <T> T library(Class<T> functions, Object real) {
        return Libraries.noting(
                functions,
                functions.cast(Proxy.newProxyInstance(
                        functions.getClassLoader(), new Class<?>[] {functions}, (proxy, method, arguments) -> {
                            if (method.getName().equals(hanging)) {
                                released.await();
                            }
                            if (method.getName().equals("ClusterResourceControl")
                                    && arguments[2].equals(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO)) {
                                System.arraycopy(volumes, 0, arguments[5], 0, volumes.length);
                                ((IntByReference) arguments[7]).setValue(volumes.length);
                                return 0;
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        })));
    }

    private List<Finding> probe() {
        Kernel32 kernel = (Kernel32) Proxy.newProxyInstance(
                Kernel32.class.getClassLoader(), new Class<?>[] {Kernel32.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("GetComputerNameEx")) {
                        "NODE1\0".getChars(0, 6, (char[]) arguments[1], 0);
                        return true;
                    }
                    return 0;
                });
        Advapi32 services = (Advapi32) Proxy.newProxyInstance(
                Advapi32.class.getClassLoader(), new Class<?>[] {Advapi32.class}, (proxy, method, arguments) -> null);
        ResUtils clear = path -> {
            throw new AssertionError("a probe clears nothing");
        };
        Libraries libraries = new Libraries(
                library(ClusApi.class, new FakeClusApi()),
                clear,
                new SystemCalls(library(Kernel32.class, kernel)),
                library(Advapi32.class, services));
        List<Finding> findings = new ArrayList<>(
                new MachineCheck(name -> "", new BoundedChecks(new BoundedCalls(4), DEADLINE)).cluster(libraries));
        findings.addAll(new ClusterCheck(WindowsCluster.with(libraries), DEADLINE).parts());
        return findings;
    }

    private static List<String> names(List<Finding> findings) {
        return findings.stream().map(Finding::check).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "GetComputerNameEx, computer-name, GetComputerNameEx",
        "GetClusterInformation, read-access, GetClusterInformation",
        "GetClusterNodeState, read-access, GetClusterNodeState on NODE1",
        "GetClusterResourceState, disk Cluster Disk 1, GetClusterResourceState on Cluster Disk 1",
        "OpenSCManager, services on NODE1, OpenSCManager on NODE1"
    })
    void aHangIsNamedByItsFunctionAndItsObject(String function, String name, String site) {
        hanging = function;

        assertThat(probe())
                .filteredOn(finding -> finding.check().equals(name))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail())
                        .isEqualTo("the check did not return within 2 s: it is in " + site));
    }

    @Test
    void volumesWithOnePathAreToldApartAndWhatIsListedTwiceIsToldOnce() {
        String other = FakeClusApi.GUID.replace("000001}", "000002}");
        volumes = list(FakeClusApi.GUID, other, other);

        assertThat(names(probe()))
                .doesNotHaveDuplicates()
                .contains("volume " + FakeClusApi.GUID, "volume " + other)
                .doesNotContain("volume " + PATH);
    }

    @Test
    void aVolumeIsNamedByItsPath() {
        assertThat(names(probe())).contains("volume " + PATH).doesNotHaveDuplicates();
    }
}
