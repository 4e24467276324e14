function Read-AgentVolume {
    # Asks each agent for its volumes. Gives for each an object with Volumes (of type CsvBackupState.Volume), Warnings (texts), IsWhole
    # (whether it can know of every volume) and Failure (an error record, or null).
    param([object[]] $Connection)

    $request = @{ type = 'read'; attribute = @('Volumes', 'Node', 'ClusterName', 'Backend', 'BackupStateSupport', 'LastPollTimeEpochMillis', 'LastPollError', 'UnreadableDisks') }
    foreach ($reply in Send-AgentRequest -Connection $Connection -Request $request) {
        $result = New-Object -TypeName PSObject -Property @{ Volumes = @(); Warnings = @(); IsWhole = $false; Failure = $reply.Failure }
        if ($reply.Failure) {
            $result
            continue
        }
        $agent = $reply.Value
        $unread = @($agent.UnreadableDisks | Where-Object { $_ })
        $hasPolled = $agent.LastPollTimeEpochMillis -gt 0
        $result.IsWhole = $hasPolled -and -not $agent.LastPollError -and $unread.Count -eq 0
        $result.Warnings = @(
            if ($agent.Backend -eq 'SIMULATED') { "The agent at $($reply.Connection.Uri) watches a SIMULATED cluster: nothing real is behind it." }
            if ($agent.LastPollError) { "$($agent.Node): the last poll failed, what follows is older: $($agent.LastPollError)" }
            if (-not $hasPolled -and -not $agent.LastPollError) { "The agent at $($reply.Connection.Uri) has not looked at the cluster yet." }
            foreach ($disk in $unread) { "$($agent.Node): a disk could not be read, its volumes may be missing or what follows of them is older: $disk" }
        )
        $result.Volumes = @(
            foreach ($volume in $agent.Volumes) {
                [pscustomobject] @{
                    PSTypeName    = 'CsvBackupState.Volume'
                    Volume        = $volume.volume
                    State         = $volume.backupState
                    Since         = ConvertTo-LocalTime -Value $volume.sinceEpochMillis
                    Age           = Get-TimeSince -EpochMillis $volume.sinceEpochMillis
                    Stale         = [bool] $volume.stale
                    Verdict       = $volume.verdict
                    OwnerNode     = $volume.ownerNode
                    Resource      = $volume.resource
                    VolumeGuid    = $volume.guid
                    FaultState    = $volume.faultState
                    Problem       = $volume.problem
                    Support       = $agent.BackupStateSupport
                    Cluster       = $agent.ClusterName
                    Node          = $agent.Node
                    AgentUri      = $reply.Connection.Uri
                    AgentComputer = $reply.Connection.ComputerName
                }
            }
        )
        $result
    }
}

function Get-AgentVolume {
    # The volumes of each agent, all or those that are named; what fails is written by the caller's cmdlet. When no agent has answered,
    # that is the error, and not the names that nobody could look for.
    param([object[]] $Connection, [string[]] $Name, [Management.Automation.PSCmdlet] $Cmdlet)

    $isAnswered = $false
    $volumes = @(
        foreach ($answer in Read-AgentVolume -Connection $Connection) {
            foreach ($warning in $answer.Warnings) { $Cmdlet.WriteWarning($warning) }
            if ($answer.Failure) {
                $Cmdlet.WriteError($answer.Failure)
            } else {
                $isAnswered = $true
                $answer.Volumes
            }
        }
    )
    if ($Name -and $isAnswered) {
        Select-VolumeName -Volume $volumes -Name $Name -Cmdlet $Cmdlet
    } else {
        $volumes
    }
}
