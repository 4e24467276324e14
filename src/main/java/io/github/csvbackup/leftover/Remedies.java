package io.github.csvbackup.leftover;

import static io.github.csvbackup.text.PowerShellText.quoted;

import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VirtualMachine;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an administrator can do about a leftover. The commands are for Windows PowerShell on the node that reported it. The agent only shows
 * them, and they were never run on Windows. Sources: learn.microsoft.com, Hyper-V module (Get-VM, Get-VMSnapshot, Remove-VMSnapshot); Hyper-V WMI
 * provider V2 (Msvm_DiskMergeSettingData, ModifyDiskMergeSettings of Msvm_VirtualSystemManagementService). No document says how to end a stuck
 * machine: restarting Hyper-V's management service is what administrators do.
 */
public final class Remedies {
    private static final String VIRTUALIZATION = "Get-WmiObject -Namespace root\\virtualization\\v2 -Class ";

    /**
     * Names that survive being shown, copied and pasted, and are not wildcards for Hyper-V's commands. A machine with another name is
     * named by its id.
     */
    private static final Pattern PLAIN_NAME =
            Pattern.compile("(?! )(?!.* {2})[\\p{L}\\p{M}\\p{N}!#$%&'()+,\\-.;=@^_{}~ ]{1,100}(?<! )");

    /** In an InstanceID it follows a prefix, such as {@code Microsoft:}. */
    private static final Pattern GUID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    private Remedies() {}

    /**
     * What to do about one leftover.
     *
     * @param command what ends the leftover
     * @param advice what to look at before, as sentences
     */
    public record Remedy(String command, String advice) {}

    /** Removes this checkpoint and no other; Hyper-V then merges its disks. */
    static Remedy checkpoint(String node, VirtualMachine machine, RecoveryCheckpoint checkpoint) {
        String all = PLAIN_NAME.matcher(machine.name()).matches()
                ? "Get-VMSnapshot -VMName " + quoted(machine.name())
                : "Get-VM -Id " + quoted(guid(machine.id())) + " | Get-VMSnapshot";
        return new Remedy(
                all + " -SnapshotType Recovery | Where-Object -Property Id -EQ -Value " + quoted(guid(checkpoint.id()))
                        + " | Remove-VMSnapshot",
                "First check that no backup or replication of this machine runs, and what the backup product says about the checkpoint. "
                        + on(node)
                        + " Hyper-V then merges the disks, which can take hours. Do not delete or merge .avhdx files by hand.");
    }

    /** Switches the merging of the machine's disks on, in each of its settings. 1 is the text format CIM_DTD_2_0. */
    static Remedy notMerging(String node, VirtualMachine machine) {
        return new Remedy(
                VIRTUALIZATION + "Msvm_DiskMergeSettingData | Where-Object {$_.InstanceID.StartsWith("
                        + quoted("Microsoft:" + guid(machine.id()))
                        + ", 'OrdinalIgnoreCase')} | ForEach-Object {$_.EnabledState = 1; ("
                        + VIRTUALIZATION
                        + "Msvm_VirtualSystemManagementService).ModifyDiskMergeSettings($_.GetText(1))}",
                "First check that no backup of this machine runs, and what the backup product says: some switch merging off while they read "
                        + "the disks, and on again. " + on(node) + " ReturnValue 0 or 4096 is success.");
    }

    /** Restarts Hyper-V's management service, which holds the state of the machine. */
    static Remedy stuckMachine(String node) {
        return new Remedy(
                "Restart-Service -Name vmms",
                "First check that no backup of any machine on this node runs, and end this one in the backup product; restarting that "
                        + "product's services may be enough. A machine that is backed up more often than the agent looks can seem to hang. "
                        + on(node)
                        + " The cluster watches its virtual machines through this service: it may report their roles as failed, or move them. Drain the"
                        + " node first (Suspend-ClusterNode -Drain) if you can.");
    }

    /** Deletes the copy. */
    static Remedy shadowCopy(String node, ShadowCopy copy) {
        return new Remedy(
                copy.deleteCommand(),
                "First check that no backup runs, and that no backup product keeps this copy on purpose. " + on(node)
                        + " " + copy.diskshadowAdvice());
    }

    private static String on(String node) {
        return "Then run the command on " + node + ", as administrator in Windows PowerShell.";
    }

    /** Another text stays as it is: a command with it finds nothing. */
    private static String guid(String id) {
        Matcher guid = GUID.matcher(id);
        return guid.find() ? guid.group() : id;
    }
}
