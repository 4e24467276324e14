package io.github.csvbackup.cluster.windows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads what CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO returns: one CLUS_CSV_VOLUME_INFO (clusapi.h, 640 bytes) for each volume of
 * the disk ([MS-CMRP] 3.1.4.3.1.48). Pure: bytes in, volumes out.
 */
final class VolumeInfoList {
    private static final int SIZE = 640;
    private static final int FAULT_STATE = 12;
    private static final int BACKUP_STATE = 16;
    private static final int FRIENDLY_NAME = 20;
    private static final int FRIENDLY_NAME_CHARS = 260;
    private static final int VOLUME_NAME = 540;
    private static final int VOLUME_NAME_CHARS = 50;

    /** Also used for the volume of a shadow copy. */
    static final Pattern GUID_NAME =
            Pattern.compile("\\\\\\\\\\?\\\\Volume\\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}}\\\\");

    private VolumeInfoList() {}

    /**
     * The volumes of a list, at least one.
     *
     * @throws MalformedListException if any part is invalid or there is no volume: a shared disk has at least one
     */
    static List<VolumeInfo> parse(ByteBuffer bytes) throws MalformedListException {
        List<VolumeInfo> volumes = new ArrayList<>();
        for (ByteBuffer info : ClusPropList.structures(bytes, SIZE, "a volume")) {
            String friendlyName = ClusPropList.text(info, FRIENDLY_NAME, FRIENDLY_NAME_CHARS);
            String volumeName = ClusPropList.text(info, VOLUME_NAME, VOLUME_NAME_CHARS);
            if (friendlyName.isEmpty()) {
                throw new MalformedListException("a volume without a name");
            }
            volumes.add(new VolumeInfo(
                    info.getInt(FAULT_STATE), info.getInt(BACKUP_STATE), friendlyName, guidName(volumeName)));
        }
        if (volumes.isEmpty()) {
            throw new MalformedListException("it has no volume");
        }
        return volumes;
    }

    /** With a trailing backslash: shadow copies are compared with this name and would not match another form. */
    private static String guidName(String volumeName) throws MalformedListException {
        String name = volumeName.endsWith("\\") ? volumeName : volumeName + "\\";
        if (!GUID_NAME.matcher(name).matches()) {
            throw new MalformedListException("\"" + volumeName + "\" is not a volume's GUID name");
        }
        return name;
    }
}
