package io.github.csvbackup.cluster.windows;

import static io.github.csvbackup.cluster.windows.MachineAnswer.guid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script about virtual machines in a real PowerShell, with a function in place of Get-WmiObject. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class MachineScriptIT {
    private static final String FOLDER = "C:\\ClusterStorage\\Volume 1\\" + "a long folder ".repeat(12);
    /** A line end, a full stop at the end, letters of three languages, and half a pair. */
    private static final String NAME = "'+[char]10+'$(x) \u00fc\u6771'+[char]0xd83d+' a+b.";

    private static final String JAVA_NAME = "\n$(x) \u00fc\u6771\ud83d a+b.";

    private static final String SYSTEM = "New-Object PSObject -Property @{ Name=($g -f $n); ElementName='" + NAME
            + "'; OperationalStatus=[uint16[]](11,32776) }";

    private static final String SETTING = "New-Object PSObject -Property @{ InstanceID='Microsoft:'+($g -f ($n+$i));"
            + " VirtualSystemIdentifier=($g -f $n); VirtualSystemType='Microsoft:Hyper-V:'+$t; ElementName='" + NAME
            + "'; CreationTime='20261125213000.250000-300'; ConfigurationDataRoot='" + FOLDER + "';"
            + " SnapshotDataRoot='" + FOLDER + "' }; $i+=100000";

    private static final String DISKS =
            "New-Object PSObject -Property @{ InstanceID='Microsoft:'+($g -f $n)+'\\83F8\\0\\L';" + " HostResource=@('"
                    + FOLDER + "\\'+$n+'.avhdx') }";

    @TempDir
    Path folder;

    /** A node's Get-WmiObject, which knows what the script must ask for and nothing else. */
    private static String wmi(int machines, boolean v2, boolean merges) {
        return "$g='1F6D0000-0000-4000-8000-{0:d12}'; function Get-WmiObject { param($Namespace, $Class, $Filter, $Property)"
                + " if ($Class -eq '__NAMESPACE') {"
                + " if ($Namespace -eq 'root' -and $Filter -eq 'Name=''virtualization''') { 1 }"
                + " elseif ($Namespace -eq 'root\\virtualization' -and $Filter -eq 'Name=''v2''') { " + (v2 ? "1" : "")
                + " } else { throw 'wrong namespace' } }"
                + " elseif ($Namespace -ne 'root\\virtualization\\v2') { throw 'wrong namespace' }"
                + " elseif ($Class -eq 'meta_class' -and $Filter -eq '__Class=''Msvm_DiskMergeSettingData''') { "
                + (merges ? "1" : "") + " }"
                + " elseif ($Class -eq 'Msvm_ComputerSystem') {"
                + " New-Object PSObject -Property @{ Name='NODE1'; ElementName='NODE1'; OperationalStatus=$null };"
                + " for ($n=1; $n -le " + machines + "; $n++) { " + SYSTEM + " } }"
                + " elseif ($Class -eq 'Msvm_VirtualSystemSettingData' -and $Filter -eq"
                + " 'VirtualSystemType=''Microsoft:Hyper-V:System:Realized'' OR VirtualSystemType=''Microsoft:Hyper-V:Snapshot:Recovery''')"
                + " { for ($n=1; $n -le " + machines
                + "; $n++) { $i=0; foreach ($t in 'System:Realized','Snapshot:Recovery') { "
                + SETTING + " } } }"
                + " elseif ($Class -eq 'Msvm_StorageAllocationSettingData' -and $Filter -eq"
                + " 'ResourceSubType=''Microsoft:Hyper-V:Virtual Hard Disk''') {"
                + " New-Object PSObject -Property @{ InstanceID='Microsoft:Definition\\Default'; HostResource=$null };"
                + " for ($n=1; $n -le " + machines + "; $n++) { " + DISKS + " } }"
                + " elseif ($Class -eq 'Msvm_DiskMergeSettingData') { " + (merges ? "" : "throw 'Invalid class';")
                + " for ($n=1; $n -le " + machines + "; $n++) {"
                + " New-Object PSObject -Property @{ InstanceID='Microsoft:'+($g -f $n); EnabledState=[uint32]0 } } }"
                + " else { throw 'not asked for: ' + $Class + ' ' + $Filter } }; ";
    }

    private List<VirtualMachine> machines(String script) throws Exception {
        return MachineList.parse(ShadowCopyScriptIT.run(folder, script)).orElseThrow();
    }

    private static VirtualMachine expected(int number, boolean merges) {
        return new VirtualMachine(
                guid(number),
                JAVA_NAME,
                List.of(11, VirtualMachine.BACKING_UP),
                merges ? 0 : null,
                List.of(FOLDER, FOLDER + "\\" + number + ".avhdx"),
                List.of(new RecoveryCheckpoint(
                        "Microsoft:" + guid(number + 100_000),
                        JAVA_NAME,
                        Instant.parse("2026-11-26T02:30:00.250Z"),
                        List.of(FOLDER))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ShadowCopyScriptIT.CONSTRAINED})
    void printsWhatTheAgentReadsAlsoInConstrainedLanguage(String language) throws Exception {
        assertThat(machines(wmi(2, true, true) + language + MachineQuery.script()))
                .containsExactly(expected(1, true), expected(2, true));
    }

    @Test
    void withoutTheClassMergingIsNotKnown() throws Exception {
        assertThat(machines(wmi(1, true, false) + MachineQuery.script())).containsExactly(expected(1, false));
        assertThat(machines(wmi(0, true, true) + MachineQuery.script())).isEmpty();
    }

    @Test
    void aThousandMachinesAreListedInLinesThatNoConsoleWraps() throws Exception {
        String said = ShadowCopyScriptIT.run(folder, wmi(1_000, true, true) + MachineQuery.script());

        assertThat(said.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(72));
        assertThat(MachineList.parse(said).orElseThrow()).hasSize(1_000).endsWith(expected(1_000, true));
    }

    @Test
    void aNodeWithoutTheNamespaceSaysSo() throws Exception {
        assertThat(ShadowCopyScriptIT.run(folder, wmi(1, false, true) + MachineQuery.script()))
                .isEqualToIgnoringNewLines("hyperv=none.");
    }

    @Test
    void aFailureIsALineAndAnExitCode() throws Exception {
        String said = ShadowCopyScriptIT.run(
                folder,
                "function Get-WmiObject { throw [UnauthorizedAccessException]::new('Zugriff verweigert ' + [char]252) }; "
                        + MachineQuery.script());

        assertThat(said.lines()).contains("error=Zugriff verweigert \\u00fc", "hresult=-2147024891", "exit 3");
        assertThatThrownBy(() -> MachineList.parse(said)).isInstanceOf(MalformedListException.class);
    }
}
