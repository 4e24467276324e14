package io.github.csvbackup.cluster;

/**
 * CLUSTER_SHARED_VOLUME_BACKUP_STATE of a volume (SDK header ClusApi.h; [MS-CMRP] 2.2.3.17). A number that the header does not
 * define is kept as it is and counts neither as set nor as clear.
 *
 * @param code the cluster's own number
 */
public record BackupState(int code) {
    public static final BackupState NONE = new BackupState(0);
    public static final BackupState IN_PROGRESS = new BackupState(1);

    public boolean isNone() {
        return code == 0;
    }

    public boolean isInProgress() {
        return code == 1;
    }

    /** {@code NONE}, {@code IN_PROGRESS}, or the raw number. */
    @Override
    public String toString() {
        return switch (code) {
            case 0 -> "NONE";
            case 1 -> "IN_PROGRESS";
            default -> Integer.toString(code);
        };
    }
}
