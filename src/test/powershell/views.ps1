# Prints the views of the module for fixed objects. powershell.md shows this output, and a test compares them.
param([string] $Module)
Import-Module -Name $Module -Force
$path = 'C:\ClusterStorage\Volume'
$since = New-Object -TypeName datetime -ArgumentList 2026, 3, 1, 2, 14, 5, ([DateTimeKind]::Local)
$volume = {
    param($n, $state, $since, $age, $stale, $verdict, $owner)
    [pscustomobject] @{
        PSTypeName = 'CsvBackupState.Volume'; Volume = "$path$n"; State = $state; Since = $since; Age = $age; Stale = $stale; Verdict = $verdict
        EarliestClear = if ($verdict -eq 'CLEARABLE') { $since.AddHours(1) } else { $null }; OwnerNode = $owner; Resource = "Cluster Disk $n"; VolumeGuid = "\\?\Volume{5f0c9a10-0000-4000-8000-00000000000$n}\"; FaultState = 'NO_FAULTS'
        Problem = $null; Support = 'DOCUMENTED'; Cluster = 'HV-CLUSTER'; Node = 'NODE1'; AgentUri = 'http://127.0.0.1:8778/jolokia/'; AgentComputer = ''
    }
}
$volumes = @(
    & $volume 1 'IN_PROGRESS' $since ([timespan] '05:41:12') $true 'CLEARABLE' 'NODE1'
    & $volume 2 'IN_PROGRESS' $since.AddHours(5) ([timespan] '00:41:12') $true 'ACTIVE' 'NODE2'
    & $volume 3 'NONE' $null $null $false 'IDLE' 'NODE1'
)
$volumes += & $volume 4 'NONE' $null $null $false 'IDLE' 'NODE2'
$volumes[-1].Problem = 'ClusterOpenEnum failed: 5 ERROR_ACCESS_DENIED'
$check = { param($name, $result, $seen, $remedy) [pscustomobject] @{ PSTypeName = 'CsvBackupState.Check'; Name = $name; Result = $result; Seen = $seen; At = $since; Remedy = $remedy } }
$ours = 'VSS on NODE2 started at 07:51:05 +01:00, when this agent listed its shadow copies; if nothing else uses it, it usually stops within minutes'
$assessment = [pscustomobject] @{
    PSTypeName = 'CsvBackupState.Assessment'; Volume = "${path}1"; Verdict = 'UNPROVEN'; State = 'IN_PROGRESS'
    NextStep = "Some evidence is missing: $ours. Do not stop it. Earliest clear: about 07:59 +01:00, an estimate."
    EarliestClear = [datetime] '2026-03-01 07:59:07'
    Checks = @(
        & $check 'poll-fresh' 'PASSED' 'the volume was read 2026-03-01 07:55:17 +01:00' ''
        & $check 'vss-stopped NODE2' 'UNKNOWN' $ours 'Do not stop it.'
    )
    AgentUri = ''; AgentComputer = ''
}
$copy = [pscustomobject] @{
    PSTypeName = 'CsvBackupState.ShadowCopy'; Volume = "${path}1"; Id = '{9d1e7c52-0000-4000-8000-000000000001}'; SetId = '{9d1e7c52-0000-4000-8000-0000000000a1}'
    Created = $since.AddDays(-2); Age = [timespan] '2.05:53:12'; Persistent = $true; Node = 'NODE2'; Machine = 'NODE2'; ProviderId = '{b5946137-7b9f-4925-af80-51abd60b20d5}'
    DeleteCommand = 'vssadmin delete shadows "/shadow={9d1e7c52-0000-4000-8000-000000000001}"'; Listed = [datetime]::Now.AddMinutes(-12.5); AgentUri = ''; AgentComputer = ''
}
'PS> Get-CsvBackupState'
($volumes | Format-Table | Out-String -Width 118).Trim("`r", "`n")
''
'PS> Get-CsvBackupState Volume1 | Format-List'
($volumes[0] | Format-List | Out-String -Width 118).Trim("`r", "`n")
''
'PS> Test-CsvBackupState Volume1'
($assessment | Out-String -Width 118).Trim("`r", "`n")
''
'PS> Get-CsvShadowCopy Volume1 -LastKnown'
($copy | Out-String -Width 118).Trim("`r", "`n")
$leftover = {
    param($n, $kind, $machine, $created, $age, $bytes, $advice, $command)
    [pscustomobject] @{
        PSTypeName = 'CsvBackupState.Leftover'; Volume = "$path$n"; Kind = $kind; Machine = $machine; Created = $created; Age = $age; Files = if ($bytes) { 2 } else { $null }; Bytes = $bytes; Complete = $true
        Node = 'NODE1'; MachineId = '5F0C9A10-0000-4000-B000-000000000001'; Id = 'Microsoft:5F0C9A10-0000-4000-C000-000000000002'; Advice = $advice; Command = $command; Asked = $since.AddHours(5); AgentUri = ''; AgentComputer = ''
    }
}
$advice = 'First check that no backup or replication of this machine runs, and what the backup product says about the checkpoint. Then run the command on NODE1, as administrator in Windows PowerShell. Hyper-V then merges the disks, which can take hours. Do not delete or merge .avhdx files by hand.'
$command = "Get-VMSnapshot -VMName 'SQL1' -SnapshotType Recovery | Where-Object -Property Id -EQ -Value '5F0C9A10-0000-4000-C000-000000000002' | Remove-VMSnapshot"
$leftovers = @(
    & $leftover 1 'CHECKPOINT' 'SQL1' $since.AddDays(-2) ([timespan] '2.05:53:12') 45097156608 $advice $command
    & $leftover 1 'NOT_MERGING' 'SQL1' $since.AddDays(-2) ([timespan] '2.05:53:12') 45097156608 '' ''
    & $leftover 2 'SHADOW_COPY' $null $since.AddDays(-1) ([timespan] '1.05:53:12') $null '' ''
)
''
'PS> Get-CsvBackupLeftover'
($leftovers | Format-Table | Out-String -Width 118).Trim("`r", "`n")
''
'PS> Get-CsvBackupLeftover Volume1 | Select-Object -First 1 | Format-List'
($leftovers[0] | Format-List | Out-String -Width 118).Trim("`r", "`n")
