package io.github.csvbackup.cluster;

/**
 * A disk resource that the cluster lists as shared but whose volumes could not be read.
 *
 * @param resource the resource's id if known, else its name
 * @param resourceName the resource's name
 * @param problem why
 */
public record UnreadableDisk(String resource, String resourceName, ClusterException problem) {
    /** The disk, the failure and the remedy, for users. */
    @Override
    public String toString() {
        return resourceName + ": " + problem.getMessage() + ". " + problem.remedy();
    }
}
