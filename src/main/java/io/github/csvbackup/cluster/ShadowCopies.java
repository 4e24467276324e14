package io.github.csvbackup.cluster;

import java.util.List;

/**
 * What a node says when it is asked for shadow copies.
 *
 * @param copies of all volumes that the node knows
 * @param vssBefore its Volume Shadow Copy service in the moment before the question, which starts it: what ran then was not started by this question
 * @param volumes the volumes that the node lists itself
 */
public record ShadowCopies(List<ShadowCopy> copies, ServiceStatus vssBefore, List<NodeVolume> volumes) {
    public ShadowCopies {
        copies = List.copyOf(copies);
        volumes = List.copyOf(volumes);
    }

    /** True if the node says that a copy is of a volume of its own, which is not a Cluster Shared Volume. */
    public boolean isOfALocalVolume(ShadowCopy copy) {
        return volumes.stream()
                .anyMatch(volume -> volume.isLocal() && volume.deviceId().equalsIgnoreCase(copy.volumeName()));
    }
}
