package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.DifferencingDisks;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DiskCountTest {
    @TempDir
    Path volume;

    private Path machine;

    @BeforeEach
    void disks() throws IOException {
        machine = Files.createDirectories(volume.resolve("sql/Snapshots")).getParent();
        file(machine.resolve("d.vhdx"), 1000);
        file(machine.resolve("d_1.avhdx"), 20);
        file(machine.resolve("Snapshots/d_2.AVHDX"), 3);
    }

    private static void file(Path file, int bytes) throws IOException {
        Files.write(file, new byte[bytes]);
    }

    private static DifferencingDisks below(Path... folders) throws ClusterException {
        return new DiskCount(Duration.ofHours(1), 1000, () -> 0)
                .below(Arrays.stream(folders).map(Path::toString).toList());
    }

    @Test
    void countsEachDifferencingDiskOnceAndNoOtherFile() throws Exception {
        DifferencingDisks both = new DifferencingDisks(2, 23, true);

        assertThat(below(machine)).isEqualTo(both);
        assertThat(below(machine.resolve("Snapshots"), machine, volume, machine))
                .isEqualTo(both);
        assertThat(below(volume, machine.resolve("Snapshots/../d_1.avhdx"))).isEqualTo(both);
        assertThat(below(machine.resolve("d_1.avhdx"))).isEqualTo(new DifferencingDisks(1, 20, true));
        assertThat(below()).isEqualTo(new DifferencingDisks(0, 0, true));
    }

    @Test
    void aFolderNamedLikeADiskIsNone() throws Exception {
        Files.createDirectory(volume.resolve("x.avhdx"));

        assertThat(below(volume)).isEqualTo(new DifferencingDisks(2, 23, true));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void followsNoLink() throws Exception {
        Path other = Files.createDirectory(volume.resolve("other"));
        Files.createSymbolicLink(other.resolve("loop"), volume);
        Files.createSymbolicLink(other.resolve("link.avhdx"), machine.resolve("d_1.avhdx"));

        assertThat(below(other)).isEqualTo(new DifferencingDisks(0, 0, true));
    }

    @Test
    void aFolderThatVanishedHoldsNothingAndOneThatCannotBeNamedMayHoldMore() throws Exception {
        assertThat(below(volume.resolve("gone"), machine)).isEqualTo(new DifferencingDisks(2, 23, true));
        assertThat(new DiskCount(Duration.ofHours(1), 1000, () -> 0).below(List.of("a\0b", machine.toString())))
                .isEqualTo(new DifferencingDisks(2, 23, false));
    }

    @Test
    void aFolderThatCannotBeReadToItsEndMayHoldMore() throws Exception {
        DiskCount denied = new DiskCount(Duration.ofHours(1), 1000, () -> 0);
        denied.visitFileFailed(volume, new AccessDeniedException("denied"));
        DiskCount broken = new DiskCount(Duration.ofHours(1), 1000, () -> 0);
        broken.postVisitDirectory(volume, new IOException("the device is not ready"));

        for (DiskCount count : List.of(denied, broken)) {
            assertThat(count.below(List.of(machine.toString()))).isEqualTo(new DifferencingDisks(2, 23, false));
        }
    }

    @Test
    void aJunctionIsALink() {
        BasicFileAttributes junction = (BasicFileAttributes) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BasicFileAttributes.class},
                (proxy, method, arguments) -> method.getName().equals("isDirectory")
                        || method.getName().equals("isOther"));

        assertThat(new DiskCount(Duration.ofHours(1), 1000, () -> 0).preVisitDirectory(machine, junction))
                .isEqualTo(FileVisitResult.SKIP_SUBTREE);
    }

    @Test
    void ifNoneCanBeOpenedThereIsNoCount() {
        assertThatThrownBy(() -> below(volume.resolve("gone"), volume.resolve("away")))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.remedy()).contains("read access"))
                .hasMessageStartingWith(
                        "none of 2 folders of virtual machines can be opened, such as " + volume.resolve("gone"));
    }

    @Test
    void theCountEndsAtItsLimits() throws Exception {
        assertThat(new DiskCount(Duration.ofHours(1), 3, () -> 0)
                        .below(List.of(volume.toString()))
                        .complete())
                .isFalse();
        AtomicLong time = new AtomicLong();
        assertThat(new DiskCount(Duration.ofNanos(4), 1000, time::getAndIncrement)
                        .below(List.of(volume.toString(), machine.toString()))
                        .complete())
                .isFalse();
        assertThat(new DiskCount(Duration.ofNanos(100), 1000, time::getAndIncrement).below(List.of(volume.toString())))
                .isEqualTo(new DifferencingDisks(2, 23, true));
    }
}
