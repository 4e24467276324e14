package io.github.csvbackup.cluster;

import java.util.List;

/**
 * A node's answer to a query for shadow copies.
 *
 * @param copies the copies of all volumes that the node knows
 * @param vssBefore its Volume Shadow Copy service right before the query, which starts it: a service that ran then was not started by the query
 * @param volumes the volumes in the node's own list
 */
public record ShadowCopies(List<ShadowCopy> copies, ServiceStatus vssBefore, List<NodeVolume> volumes) {
    public ShadowCopies {
        copies = List.copyOf(copies);
        volumes = List.copyOf(volumes);
    }

    /** True if the node lists the copy's volume as its own local volume, which is not a Cluster Shared Volume. */
    public boolean isOfALocalVolume(ShadowCopy copy) {
        return volumes.stream()
                .anyMatch(volume -> volume.isLocal() && volume.deviceId().equalsIgnoreCase(copy.volumeName()));
    }
}
