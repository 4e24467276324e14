function Get-AgentVolume {
    # All volumes of each agent as objects of type CsvBackupState.Volume; what fails is written by the caller's cmdlet.
    param([object[]] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    $request = @{ type = 'read'; attribute = @('Volumes', 'Node', 'ClusterName', 'Backend', 'BackupStateSupport', 'LastPollError') }
    foreach ($reply in Send-AgentRequest -Connection $Connection -Request $request) {
        if ($reply.Failure) {
            $Cmdlet.WriteError($reply.Failure)
            continue
        }
        $agent = $reply.Value
        if ($agent.Backend -eq 'SIMULATED') {
            $Cmdlet.WriteWarning("The agent at $($reply.Connection.Uri) watches a SIMULATED cluster: nothing real is behind it.")
        }
        if ($agent.LastPollError) {
            $Cmdlet.WriteWarning("$($agent.Node): the last poll failed, what follows is older: $($agent.LastPollError)")
        }
        $now = Get-Date
        foreach ($volume in $agent.Volumes) {
            $since = ConvertTo-LocalTime -Value $volume.sinceEpochMillis
            [pscustomobject] @{
                PSTypeName    = 'CsvBackupState.Volume'
                Volume        = $volume.volume
                State         = $volume.backupState
                Since         = $since
                Age           = if ($since) { $now - $since } else { $null }
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
    }
}
