package io.github.csvbackup.cluster;

/**
 * The {@code .avhdx} files below some folders.
 *
 * @param files their number
 * @param bytes the sum of their sizes
 * @param complete false if the count ended early, at its limit of time or entries, or could not open a folder: there may be more
 */
public record DifferencingDisks(long files, long bytes, boolean complete) {}
