package io.github.csvbackup.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A cluster node as the cluster sees it.
 *
 * @param name the node's NetBIOS name
 * @param state the result of GetClusterNodeState
 * @param statusInformation the flags of the node's common property {@code StatusInformation} (Windows Server 2016 and later);
 *     null where it could not be read
 * @param failure why the state or the flags could not be read; null if they could, or if this Windows has no flags
 * @param version the node's version of Windows; null where it could not be read, or was not, because it is read only while a node is Down
 */
public record Node(
        String name,
        NodeState state,
        @Nullable Integer statusInformation,
        @Nullable ClusterException failure,
        @Nullable WindowsVersion version) {
    public static final int ISOLATED = 0x1;
    public static final int QUARANTINED = 0x2;

    /** A node that could be read. */
    public Node(String name, NodeState state, @Nullable Integer statusInformation) {
        this(name, state, statusInformation, null, null);
    }

    /** The same node with its version of Windows; null if that could not be read. */
    public Node withVersion(@Nullable WindowsVersion nowVersion) {
        return new Node(name, state, statusInformation, failure, nowVersion);
    }

    /** True if the node is Down and known to be neither isolated nor quarantined: it cannot access the volume. */
    public boolean isProvenDown() {
        return state.isDown() && statusInformation != null && (statusInformation & (ISOLATED | QUARANTINED)) == 0;
    }
}
