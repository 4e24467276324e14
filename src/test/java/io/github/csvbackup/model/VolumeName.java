package io.github.csvbackup.model;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import java.util.Arrays;
import java.util.function.Predicate;

/** The volumes of the simulated cluster, by the names that it gives them. */
enum VolumeName {
    VOLUME1(1),
    VOLUME2(2),
    VOLUME3(3);

    private final int number;
    final String path;
    private final String disk;
    final String guidName;
    /** The GUID name that no API of the cluster lists, but that nodes may show for a shadow copy of the volume. */
    final String hiddenGuidName;

    VolumeName(int number) {
        this.number = number;
        path = "C:\\ClusterStorage\\Volume" + number;
        disk = "Cluster Disk " + number;
        guidName = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-00000000000" + number + "}\\";
        hiddenGuidName = "\\\\?\\Volume{5f0c9a10-ffff-4000-8000-00000000000" + number + "}\\";
    }

    VolumeKey key() {
        return new VolumeKey("5f0c9a10-0000-4000-9000-00000000000" + number, guidName);
    }

    static VolumeName of(Volume volume) {
        return at(volume.friendlyPath());
    }

    static VolumeName at(String path) {
        return theOne(name -> name.path.equals(path), path);
    }

    /** By the name of the disk. */
    static VolumeName onDisk(String disk) {
        return theOne(name -> name.disk.equals(disk), disk);
    }

    private static VolumeName theOne(Predicate<VolumeName> condition, String what) {
        return Arrays.stream(values())
                .filter(condition)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No volume for " + what));
    }
}
