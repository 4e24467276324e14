package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.VirtualMachine;
import java.util.List;
import java.util.Optional;

/**
 * Lists the virtual machines of this node through the WMI provider of Hyper-V. Only reads, and does not start VSS. Thread-safe.
 *
 * <p>The classes and properties are those of learn.microsoft.com, "Hyper-V WMI provider (V2)": the pages of Msvm_ComputerSystem,
 * Msvm_VirtualSystemSettingData, Msvm_StorageAllocationSettingData and Msvm_DiskMergeSettingData. {@code Caption} and other texts that Windows
 * translates are not read. Whether the namespace and the class for merging exist is asked by "WMI system classes", __NAMESPACE, and by a schema
 * query of "Querying with WQL": a query for something that does not exist fails with a translated text.
 */
final class MachineQuery {
    /** A thousand machines with four disks each need about two. */
    private static final int MOST_BYTES = 6 * 1024 * 1024;

    private static final String NAMESPACE = "root\\virtualization\\v2";
    private static final String REMEDY = "Run the agent as LocalSystem, as an administrator or as a member of"
            + " Hyper-V Administrators. Check on this node with: Get-WmiObject -Namespace " + NAMESPACE
            + " -Class Msvm_ComputerSystem, and that the Hyper-V Virtual Machine Management service (vmms) runs.";

    /** The folders of a machine and of a checkpoint are in the same properties. */
    private static final String SETTINGS =
            "InstanceID,VirtualSystemIdentifier,VirtualSystemType,ElementName,CreationTime,"
                    + "ConfigurationDataRoot,SnapshotDataRoot";

    private final WindowsPowerShell powerShell;

    MachineQuery(WindowsPowerShell powerShell) {
        this.powerShell = powerShell;
    }

    /** The machines; empty if the node does not have the namespace. */
    Optional<List<VirtualMachine>> list() throws ClusterException {
        return powerShell.ask(
                new WindowsPowerShell.Question(
                        "virtual machines", "this node", "csv-backup-virtual-machines", MOST_BYTES, REMEDY, REMEDY),
                script(),
                MachineList::parse);
    }

    /**
     * Prints each value by the function {@code w}, in lines as {@link ScriptText#joined} reads them: PowerShell 2.0 wraps what is wider than its
     * console, and paths are.
     */
    static String script() {
        return ScriptText.script(ScriptText.WRITE_LINES
                + " if (@(" + namespace("root", "virtualization") + ").Count -eq 0 -or @("
                + namespace("root\\virtualization", "v2") + ").Count -eq 0) { w 'hyperv=none' } else { w 'hyperv=v2';"
                + " $systems=@(" + from("Msvm_ComputerSystem") + " -Property Name,ElementName,OperationalStatus);"
                + " foreach ($s in $systems) { w ('system='+(e $s.Name)); w ('name='+(e $s.ElementName));"
                + " w ('status='+($s.OperationalStatus -join ' ')) };"
                + " $settings=@(" + from("Msvm_VirtualSystemSettingData") + " -Property " + SETTINGS + " -Filter '"
                + type(MachineList.MACHINE) + " OR " + type(MachineList.RECOVERY) + "');"
                + " foreach ($s in $settings) { w ('setting='+(e $s.InstanceID));"
                + " w ('machine='+(e $s.VirtualSystemIdentifier)); w ('type='+(e $s.VirtualSystemType));"
                + " w ('name='+(e $s.ElementName)); w ('created='+(e $s.CreationTime));"
                + " w ('configuration='+(e $s.ConfigurationDataRoot)); w ('checkpoints='+(e $s.SnapshotDataRoot)) };"
                + " $disks=@(" + from("Msvm_StorageAllocationSettingData") + " -Property InstanceID,HostResource"
                + " -Filter 'ResourceSubType=''Microsoft:Hyper-V:Virtual Hard Disk''');"
                + " foreach ($d in $disks) { w ('disk='+(e $d.InstanceID)); w ('path='+(e @($d.HostResource)[0])) };"
                + " $merges=@(); if (@(" + from("meta_class")
                + " -Filter '__Class=''Msvm_DiskMergeSettingData''').Count -gt 0) { $merges=@("
                + from("Msvm_DiskMergeSettingData") + " -Property InstanceID,EnabledState) };"
                + " foreach ($m in $merges) { w ('merge='+(e $m.InstanceID)); w ('state='+$m.EnabledState) };"
                + " w ('end='+$systems.Count+' '+$settings.Count+' '+$disks.Count+' '+$merges.Count) }");
    }

    private static String namespace(String parent, String name) {
        return "Get-WmiObject -Namespace '" + parent + "' -Class __NAMESPACE -Filter 'Name=''" + name + "'''";
    }

    private static String from(String type) {
        return "Get-WmiObject -Namespace '" + NAMESPACE + "' -Class " + type;
    }

    private static String type(String type) {
        return "VirtualSystemType=''" + type + "''";
    }
}
