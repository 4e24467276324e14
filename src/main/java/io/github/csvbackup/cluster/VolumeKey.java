package io.github.csvbackup.cluster;

/**
 * Identifies a Cluster Shared Volume even if its path or its disk's name changes: the id of its disk resource and its GUID name.
 *
 * @param resourceId id of the cluster resource, as the cluster spells it
 * @param guidName {@code \\?\Volume{...}\}, with its trailing backslash
 */
public record VolumeKey(String resourceId, String guidName) {}
