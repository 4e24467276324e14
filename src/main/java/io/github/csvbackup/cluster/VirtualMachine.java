package io.github.csvbackup.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine as the Hyper-V of its node shows it (WMI namespace {@code root\virtualization\v2}).
 *
 * @param id {@code Msvm_ComputerSystem.Name}: a GUID without braces
 * @param name {@code Msvm_ComputerSystem.ElementName}, as an administrator gave it; may hold any character, and other machines may have the same
 * @param operationalStatus {@code Msvm_ComputerSystem.OperationalStatus}: the second number, if there is one, says what the machine is busy with
 * @param mergeState {@code Msvm_DiskMergeSettingData.EnabledState}; null where the class is absent (before Windows Server 2016) or has no
 *     instance for the machine
 * @param paths folders of the machine's configuration and checkpoints, and files of its disks, as Hyper-V spells them
 * @param checkpoints its recovery checkpoints, and no others
 */
public record VirtualMachine(
        String id,
        String name,
        List<Integer> operationalStatus,
        @Nullable Integer mergeState,
        List<String> paths,
        List<RecoveryCheckpoint> checkpoints) {
    /**
     * {@code BackingUpVirtualMachine} of the type VMOperationalStatus in Microsoft's PowerShell module for Hyper-V, which shows OperationalStatus.
     * The page of Msvm_ComputerSystem (learn.microsoft.com, "Hyper-V WMI provider (V2)") lists the numbers only up to 32774.
     */
    public static final int BACKING_UP = 32776;

    /** {@code EnabledState} of Msvm_DiskMergeSettingData: 1 is "Enabled", 0 is "Temporarily disabled" (its page, same book). */
    public static final int MERGE_ENABLED = 1;

    /** "Enabled" in EnabledState of CIM_EnabledLogicalElement, from which the class inherits; its page does not have it. */
    public static final int CIM_ENABLED = 2;

    /** True if checkpoints do not merge, by {@code EnabledState} of Msvm_DiskMergeSettingData. */
    public static boolean isMergeOff(int mergeState) {
        return mergeState != MERGE_ENABLED && mergeState != CIM_ENABLED;
    }

    public VirtualMachine {
        operationalStatus = List.copyOf(operationalStatus);
        paths = List.copyOf(paths);
        checkpoints = List.copyOf(checkpoints);
    }

    /** True if the machine says that it is being backed up. False says nothing: a status that is unknown here may mean the same. */
    public boolean isBackingUp() {
        return operationalStatus.contains(BACKING_UP);
    }
}
