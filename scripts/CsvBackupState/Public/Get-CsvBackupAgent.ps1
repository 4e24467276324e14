function Get-CsvBackupAgent {
    <#
    .SYNOPSIS
        Shows the status of agents: version, cluster, last poll and counters.

    .DESCRIPTION
        Use it when a command does not answer as expected. It shows whether the agent polls, its node and cluster, whether the cluster is simulated, and
        whether this version of Windows reports the backup state at all (Support). Peers has what the agents of other nodes answered it last.

    .PARAMETER ComputerName
        Nodes to query through PowerShell remoting. The agent needs neither an open port nor a certificate for this. All nodes are queried at the same time.
        A node that does not answer is an error with its name; the results of the other nodes are still returned.

    .PARAMETER Uri
        Addresses of agents to query directly, such as https://node1.example.com:8779/. Passwords are sent only over HTTPS, and the token only to this machine.
        Several agents are queried one after the other, and an agent that does not answer delays the result by its full timeout.

    .PARAMETER Credential
        With -ComputerName: the account for remoting. Otherwise: a user from the agent's users file.

    .PARAMETER Connection
        Connections from New-CsvBackupConnection, instead of -ComputerName, -Uri and -Credential. Default: the agent on this machine, at http://127.0.0.1:8778/.

    .EXAMPLE
        PS> Get-CsvBackupAgent

        The agent of this node.

    .EXAMPLE
        PS> Get-CsvBackupAgent -ComputerName (Get-ClusterNode).Name | Format-Table -Property Node, Version, LastPoll, LastPollError

        The agents of all nodes. An agent that does not answer is an error.

    .INPUTS
        None. This command does not accept pipeline input.

    .OUTPUTS
        CsvBackupState.Agent

    .LINK
        Get-CsvBackupState

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding()]
    [OutputType('CsvBackupState.Agent')]
    param(
        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $ComputerName,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [uri[]] $Uri,

        [Parameter()]
        [pscredential] [Management.Automation.Credential()] $Credential = [pscredential]::Empty,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Connection
    )

    $field = @(
        'Node', 'ClusterName', 'Version', 'Backend', 'BackupStateSupport', 'StartTimeEpochMillis', 'LastPollTimeEpochMillis', 'LastPollError'
        'UnreadableDisks', 'VolumeNames', 'InProgressCount', 'StaleCount', 'PollTotal', 'PollFailureTotal', 'StaleTotal', 'AbandonedTotal', 'ClearedTotal'
        'ClearRefusedTotal', 'ClearFailedTotal', 'ClearUnverifiedTotal', 'UnfinishedClears', 'AuditLines', 'AuditMismatch'
    )
    foreach ($reply in Send-AgentRequest -Connection (Resolve-AgentConnection -Bound $PSBoundParameters -Cmdlet $PSCmdlet) -Request @{ type = 'read' } -Field $field) {
        if ($reply.Failure) {
            $PSCmdlet.WriteError($reply.Failure)
            continue
        }
        $value = $reply.Value
        if ($value.Backend -eq 'SIMULATED') {
            Write-Warning -Message "The agent at $($reply.Connection.Uri) watches a SIMULATED cluster. Its volumes are not real."
        }
        # An older agent does not have it.
        $peer = if ($value.PSObject.Properties['Peers']) { $value.Peers } else { $null }
        [pscustomobject] @{
            PSTypeName       = 'CsvBackupState.Agent'
            Node             = $value.Node
            Cluster          = $value.ClusterName
            Version          = $value.Version
            Backend          = $value.Backend
            Support          = $value.BackupStateSupport
            Started          = ConvertTo-LocalTime -Value $value.StartTimeEpochMillis
            LastPoll         = ConvertTo-LocalTime -Value $value.LastPollTimeEpochMillis
            LastPollError    = $value.LastPollError
            UnreadableDisks  = @($value.UnreadableDisks | Where-Object { $_ })
            Volumes          = @($value.VolumeNames | Where-Object { $_ }).Count
            InProgress       = $value.InProgressCount
            Stale            = $value.StaleCount
            PollTotal        = $value.PollTotal
            PollFailureTotal = $value.PollFailureTotal
            StaleTotal       = $value.StaleTotal
            AbandonedTotal   = $value.AbandonedTotal
            ClearedTotal     = $value.ClearedTotal
            RefusedTotal     = $value.ClearRefusedTotal
            FailedTotal      = $value.ClearFailedTotal
            UnverifiedTotal  = $value.ClearUnverifiedTotal
            UnfinishedClears = @($value.UnfinishedClears | Where-Object { $_ })
            AuditLines       = $value.AuditLines
            AuditMismatch    = $value.AuditMismatch
            Peers            = @($peer | Where-Object { $_ } | ForEach-Object {
                    [pscustomobject] @{
                        Node    = $_.node
                        Outcome = $_.outcome
                        Time    = ConvertTo-LocalTime -Value $_.timeEpochMillis
                        Said    = $_.said
                        Remedy  = $_.remedy
                        Uri     = $_.url
                    }
                })
            AgentUri         = $reply.Connection.Uri
            AgentComputer    = $reply.Connection.ComputerName
        }
    }
}
