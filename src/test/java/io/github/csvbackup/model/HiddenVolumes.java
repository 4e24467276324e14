package io.github.csvbackup.model;

import io.github.csvbackup.cluster.ShadowCopy;
import java.util.Arrays;

/** Since Windows Server 2012 each Cluster Shared Volume has a hidden volume; shadow copies may show its GUID name. */
final class HiddenVolumes {
    private HiddenVolumes() {}

    /** The same copy under the GUID name of the hidden volume, if it is a copy of a Cluster Shared Volume. */
    static ShadowCopy hide(ShadowCopy copy) {
        String shown = Arrays.stream(VolumeName.values())
                .filter(volume -> copy.volumeName().equals(volume.guidName))
                .map(volume -> volume.hiddenGuidName)
                .findFirst()
                .orElse(copy.volumeName());
        return new ShadowCopy(
                copy.id(),
                copy.setId(),
                copy.providerId(),
                shown,
                copy.originatingMachine(),
                copy.persistent(),
                copy.state(),
                copy.created());
    }

    static boolean isOfOne(ShadowCopy copy) {
        return Arrays.stream(VolumeName.values())
                .anyMatch(volume -> copy.volumeName().equals(volume.hiddenGuidName));
    }
}
