package io.github.csvbackup.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DisksByReasonTest {
    private static UnreadableDisk disk(int number, String reason) {
        String name = "Cluster Disk " + number;
        return new UnreadableDisk(
                "id-" + number, name, ClusterException.unavailable(name + " " + reason, "Repair it."));
    }

    private static List<UnreadableDisk> disks(int count, String reason) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> disk(n, reason)).toList();
    }

    @Test
    void disksWithTheSameReasonAreOneGroupEvenIfTheReasonNamesTheDisk() {
        List<DisksByReason> groups = DisksByReason.of(List.of(disk(1, "hangs"), disk(2, "is off"), disk(3, "hangs")));

        assertThat(groups)
                .containsExactly(
                        new DisksByReason(List.of("Cluster Disk 1", "Cluster Disk 3"), "the disk hangs. Repair it."),
                        new DisksByReason(List.of("Cluster Disk 2"), "the disk is off. Repair it."));
    }

    @Test
    void threeHundredDisksAreTheFirstOnesAndACount() {
        assertThat(DisksByReason.text(disks(300, "hangs")))
                .isEqualTo("Cluster Disk 1, Cluster Disk 2, Cluster Disk 3, Cluster Disk 4, Cluster Disk 5, ..."
                        + " (300 disks): the disk hangs. Repair it.");
    }

    @Test
    void disksThatHangForDifferentTimesHaveOneReason() {
        List<UnreadableDisk> disks =
                List.of(disk(1, "has not returned for 40 s"), disk(2, "has not returned for 41 s"));

        assertThat(DisksByReason.of(disks))
                .containsExactly(new DisksByReason(
                        List.of("Cluster Disk 1", "Cluster Disk 2"), "the disk has not returned for 40 s. Repair it."));
    }

    @Test
    void manyReasonsAreCountedToo() {
        List<UnreadableDisk> disks = IntStream.rangeClosed(1, 300)
                .mapToObj(n -> disk(n, "hangs " + n))
                .toList();

        assertThat(DisksByReason.text(disks))
                .startsWith("Cluster Disk 1: the disk hangs 1. Repair it. Cluster Disk 2: ")
                .endsWith("Repair it. There are 295 more reasons.")
                .hasSizeLessThan(400);
    }
}
