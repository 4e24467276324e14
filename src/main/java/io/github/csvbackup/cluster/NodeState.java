package io.github.csvbackup.cluster;

/**
 * CLUSTER_NODE_STATE (SDK header ClusApi.h). {@code DOWN} does not say whether the node is off, stopped or isolated.
 *
 * @param code the cluster's own number; -1 is unknown
 */
public record NodeState(int code) {
    public static final NodeState UNKNOWN = new NodeState(-1);
    public static final NodeState UP = new NodeState(0);
    public static final NodeState DOWN = new NodeState(1);
    public static final NodeState PAUSED = new NodeState(2);
    public static final NodeState JOINING = new NodeState(3);

    public boolean isDown() {
        return code == 1;
    }

    /** The header's name in upper case, or the raw number. */
    @Override
    public String toString() {
        return switch (code) {
            case -1 -> "UNKNOWN";
            case 0 -> "UP";
            case 1 -> "DOWN";
            case 2 -> "PAUSED";
            case 3 -> "JOINING";
            default -> Integer.toString(code);
        };
    }
}
