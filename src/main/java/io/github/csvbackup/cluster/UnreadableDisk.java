package io.github.csvbackup.cluster;

/**
 * A disk resource that the cluster lists as shared but whose volumes could not be read.
 *
 * @param resource the resource's id where it is known, else its name
 * @param resourceName the resource's name
 * @param problem why
 */
public record UnreadableDisk(String resource, String resourceName, ClusterException problem) {
    /** For people: the disk, what happened and what to do. */
    @Override
    public String toString() {
        return resourceName + ": " + problem.getMessage() + ". " + problem.remedy();
    }
}
