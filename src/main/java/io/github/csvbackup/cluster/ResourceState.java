package io.github.csvbackup.cluster;

/**
 * CLUSTER_RESOURCE_STATE of a volume's disk (SDK header ClusApi.h).
 *
 * @param code the cluster's own number; -1 is unknown
 */
public record ResourceState(int code) {
    public static final ResourceState UNKNOWN = new ResourceState(-1);
    public static final ResourceState ONLINE = new ResourceState(2);
    public static final ResourceState OFFLINE = new ResourceState(3);
    public static final ResourceState FAILED = new ResourceState(4);

    public boolean isOnline() {
        return code == 2;
    }

    /** The header's name in upper case, or the raw number. */
    @Override
    public String toString() {
        return switch (code) {
            case -1 -> "UNKNOWN";
            case 0 -> "INHERITED";
            case 1 -> "INITIALIZING";
            case 2 -> "ONLINE";
            case 3 -> "OFFLINE";
            case 4 -> "FAILED";
            case 128 -> "PENDING";
            case 129 -> "ONLINE_PENDING";
            case 130 -> "OFFLINE_PENDING";
            default -> Integer.toString(code);
        };
    }
}
