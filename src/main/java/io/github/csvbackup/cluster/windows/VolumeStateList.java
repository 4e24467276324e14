package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.VolumeIoState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES returns: for each volume and node a CLUSTER_SHARED_VOLUME_STATE_INFO_EX
 * (1584 bytes; on Windows Server 2012 only its first 1044). Pure: bytes in, states out.
 */
final class VolumeStateList {
    private static final int SIZE = 1044;
    private static final int SIZE_EX = 1584;
    private static final int NODE_NAME = 520;
    private static final int STATE = 1040;
    private static final int FRIENDLY_NAME = 1044;
    private static final int FILE_SYSTEM_REASONS = 1568;
    private static final int VOLUME_REASONS = 1576;
    private static final int NAME_CHARS = 260;

    private VolumeStateList() {}

    /**
     * The states of a list; none if it is empty.
     *
     * @param friendlyPaths friendly paths by GUID name in lower case, for Windows Server 2012, whose list lacks them
     * @param nodes the names of the nodes so far, to which this adds: all states are kept, and share the texts of names
     * @throws MalformedListException if any part is invalid
     */
    static List<VolumeIoState> parse(ByteBuffer bytes, Map<String, String> friendlyPaths, Map<String, String> nodes)
            throws MalformedListException {
        VolumeIoState last = null;
        String lastFriendly = "";
        List<VolumeIoState> states = new ArrayList<>();
        for (ByteBuffer info : ClusPropList.structures(bytes, SIZE, "a volume's state")) {
            boolean extended = info.limit() >= SIZE_EX;
            String guid = ClusPropList.text(info, 0, NAME_CHARS, last == null ? "" : last.guidName());
            String node = ClusPropList.text(info, NODE_NAME, NAME_CHARS);
            if (guid.isEmpty() || node.isEmpty()) {
                throw new MalformedListException("a state without the name of its volume or node");
            }
            String friendly = extended ? ClusPropList.text(info, FRIENDLY_NAME, NAME_CHARS, lastFriendly) : "";
            String path = friendly.isEmpty()
                    ? friendlyPaths.getOrDefault(guid.toLowerCase(Locale.ROOT), guid)
                    : VolumeInfo.withoutBackslash(friendly);
            last = new VolumeIoState(
                    last != null && last.friendlyPath().equals(path) ? last.friendlyPath() : path,
                    guid,
                    nodes.computeIfAbsent(node, name -> name),
                    info.getInt(STATE),
                    extended ? info.getLong(FILE_SYSTEM_REASONS) : 0,
                    extended ? info.getLong(VOLUME_REASONS) : 0);
            lastFriendly = friendly;
            states.add(last);
        }
        return states;
    }
}
