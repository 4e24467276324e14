function Get-CsvBackupAgent {
    <#
    .SYNOPSIS
        Shows the agents themselves: version, cluster, last poll and counters.

    .DESCRIPTION
        Use it when a command does not answer as expected: it says whether the agent polls, on which node and cluster, whether the cluster is a simulated one, and
        whether this version of Windows reports the backup state at all.

    .PARAMETER ComputerName
        Nodes to ask through PowerShell remoting: nothing has to be installed there, no port opened and no certificate had. They are asked at once;
        one that does not answer is an error that names it, and the others are not lost.

    .PARAMETER Uri
        Addresses of agents to ask directly, such as https://node1.example.com:8778/. Passwords and tokens are sent over TLS or on this machine only. Several
        are asked one after the other, so that each that does not answer costs its time-out; -ComputerName asks all nodes at once.

    .PARAMETER Port
        The port of the agent on this machine, or on the nodes that -ComputerName names. 8778 unless given.

    .PARAMETER Credential
        With -ComputerName the account for remoting. With -Uri, or on this machine, a user of the agent's users file.

    .PARAMETER TokenPath
        The file with the operator's token, where the agent has another state directory than the default one. By itself the token is read from there
        when you may read it, and sent only to an agent on the same machine.

    .PARAMETER SkipCertificateCheck
        Trusts any certificate. PowerShell 7 only; for tests.

    .PARAMETER RequestTimeoutSeconds
        How long one request may take. Unless given 10 seconds for a look, 60 for an assessment and 180 where nodes or the cluster are waited for. With
        -ComputerName also how long the way to a node may take, 30 seconds unless given.

    .EXAMPLE
        PS> Get-CsvBackupAgent

        The agent of this node.

    .EXAMPLE
        PS> Get-CsvBackupAgent -ComputerName (Get-ClusterNode).Name | Format-Table -Property Node, Version, LastPoll, LastPollError

        The agents of all nodes; those that do not answer are errors.

    .INPUTS
        None. This command takes nothing from the pipeline.

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
        [ValidateRange(1, 65535)]
        [int] $Port = 8778,

        [Parameter()]
        [pscredential] [Management.Automation.Credential()] $Credential = [pscredential]::Empty,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $TokenPath,

        [Parameter()]
        [switch] $SkipCertificateCheck,

        [Parameter()]
        [ValidateRange(1, 3600)]
        [int] $RequestTimeoutSeconds
    )

    $bound = $PSBoundParameters
    if ($Credential -eq [pscredential]::Empty) { $null = $bound.Remove('Credential') }
    foreach ($reply in Send-AgentRequest -Connection (Resolve-AgentConnection -Bound $bound -Cmdlet $PSCmdlet) -Request @{ type = 'read' }) {
        if ($reply.Failure) {
            $PSCmdlet.WriteError($reply.Failure)
            continue
        }
        $value = $reply.Value
        if ($value.Backend -eq 'SIMULATED') {
            Write-Warning -Message "The agent at $($reply.Connection.Uri) watches a SIMULATED cluster: nothing real is behind it."
        }
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
            AgentUri         = $reply.Connection.Uri
            AgentComputer    = $reply.Connection.ComputerName
        }
    }
}
