package io.github.csvbackup.cluster;

/**
 * CLUSTER_CSV_VOLUME_FAULT_STATE of a volume (SDK header ClusApi.h). Redirected I/O does not indicate a backup: ReFS volumes are always
 * redirected.
 *
 * @param code the cluster's own number
 */
public record FaultState(int code) {
    public static final FaultState NO_FAULTS = new FaultState(0);
    public static final FaultState NO_DIRECT_IO = new FaultState(1);
    public static final FaultState NO_ACCESS = new FaultState(2);
    public static final FaultState IN_MAINTENANCE = new FaultState(4);
    public static final FaultState DISMOUNTED = new FaultState(8);

    /** The header's name in upper case, or the raw number. */
    @Override
    public String toString() {
        return switch (code) {
            case 0 -> "NO_FAULTS";
            case 1 -> "NO_DIRECT_IO";
            case 2 -> "NO_ACCESS";
            case 4 -> "IN_MAINTENANCE";
            case 8 -> "DISMOUNTED";
            default -> Integer.toString(code);
        };
    }
}
