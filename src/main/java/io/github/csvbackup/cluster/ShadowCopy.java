package io.github.csvbackup.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A shadow copy as a node lists it (WMI class Win32_ShadowCopy).
 *
 * @param id {@code ID}
 * @param setId {@code SetID}
 * @param providerId {@code ProviderID}
 * @param volumeName {@code VolumeName}: a volume's GUID name, or the path of a share such as {@code \\FS1\share\}
 * @param originatingMachine {@code OriginatingMachine}
 * @param persistent {@code Persistent}; if false, the copy is released when its requester ends, so the requester is running
 * @param state {@code State}, VSS_SNAPSHOT_STATE of vss.h
 * @param created {@code InstallDate}; null if unknown
 */
public record ShadowCopy(
        String id,
        String setId,
        String providerId,
        String volumeName,
        String originatingMachine,
        boolean persistent,
        int state,
        @Nullable Instant created) {
    public static final int CREATED = 12;
    private static final int ABORTED = 13;
    private static final int DELETED = 14;

    /** True while the copy is being created; an unknown state counts as such. */
    public boolean isInFlight() {
        return state != CREATED && !isDead();
    }

    /** True if the copy was aborted or deleted and only its entry is left. */
    public boolean isDead() {
        return state == ABORTED || state == DELETED;
    }

    /** The command that deletes this copy. The quotes are for PowerShell, where braces are a script block. */
    public String deleteCommand() {
        return "vssadmin delete shadows \"/shadow=" + id + "\"";
    }

    /** How to delete this copy, as sentences. vssadmin deletes only copies of the type ClientAccessible. */
    public String deleteAdvice() {
        return deleteCommand() + ". " + diskshadowAdvice();
    }

    /** The other way to delete this copy, as a sentence. */
    public String diskshadowAdvice() {
        return "Copies of backup products may need diskshadow instead: delete shadows id " + id + ".";
    }
}
