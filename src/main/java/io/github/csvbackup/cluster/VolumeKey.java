package io.github.csvbackup.cluster;

/**
 * What identifies a Cluster Shared Volume while its names change: the id of the disk resource that it lies on and its GUID name.
 *
 * @param resourceId id of the cluster resource, as the cluster spells it
 * @param guidName {@code \\?\Volume{...}\}, with its trailing backslash
 */
public record VolumeKey(String resourceId, String guidName) {}
