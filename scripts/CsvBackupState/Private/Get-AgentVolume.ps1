function Read-AgentVolume {
    # Reads the volumes of each agent. Returns for each an object with Volumes (of type CsvBackupState.Volume), Warnings (texts), IsWhole
    # (whether the agent has read every disk) and Failure (an error record, or null).
    param([object[]] $Connection)

    $request = @{ type = 'read'; attribute = @('Volumes', 'Node', 'ClusterName', 'Backend', 'BackupStateSupport', 'LastPollTimeEpochMillis', 'LastPollError', 'UnreadableDisks') }
    $columns = 'volume', 'backupState', 'sinceEpochMillis', 'stale', 'verdict', 'earliestClearEpochMillis', 'ownerNode', 'resource', 'guid', 'faultState', 'problem'
    $field = $request.attribute + @($columns | ForEach-Object { "Volumes.$_" })
    foreach ($reply in Send-AgentRequest -Connection $Connection -Request $request -Field $field) {
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
            if ($agent.Backend -eq 'SIMULATED') { "The agent at $($reply.Connection.Uri) watches a SIMULATED cluster. Its volumes are not real." }
            if ($agent.LastPollError) { "$($agent.Node): the last poll failed, so this data is older: $($agent.LastPollError)" }
            if (-not $hasPolled -and -not $agent.LastPollError) { "The agent at $($reply.Connection.Uri) has not polled the cluster yet." }
            Format-UnreadableDisk -Node $agent.Node -Disk $unread
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
                    EarliestClear = ConvertTo-LocalTime -Value $volume.earliestClearEpochMillis
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
    # The volumes of each agent, or those with the given names. Errors are written by the caller's cmdlet. If no agent answers, names that
    # were not found are not errors of their own.
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
