function Get-CsvBackupAudit {
    <#
    .SYNOPSIS
        Shows who cleared what, when, and with what outcome.

    .DESCRIPTION
        Use it after an incident, or before you trust a backup from that time. It shows each attempt to clear with the caller, the reason for an override, and
        the outcome. It also shows starts and stops of the agent, and changes to the file by someone else (kind mismatch). It needs the operator role. The file
        itself is audit.jsonl in the agent's state directory.

    .PARAMETER VolumeName
        Friendly paths or their last parts. Wildcards are allowed. Default: all lines, also those without a volume.

    .PARAMETER Last
        The maximum number of lines. Default: 20.

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
        PS> Get-CsvBackupAudit -Last 5

        The last five lines, oldest first.

    .EXAMPLE
        PS> Get-CsvBackupAudit -VolumeName Volume1 -Last 500 | Where-Object -Property Kind -EQ -Value suspect

        Clears of a volume during which a backup may have started.

    .INPUTS
        None. This command does not accept pipeline input.

    .OUTPUTS
        CsvBackupState.AuditLine

    .LINK
        Clear-CsvBackupState

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding()]
    [OutputType('CsvBackupState.AuditLine')]
    param(
        [Parameter(Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $VolumeName,

        [Parameter()]
        [ValidateRange(1, 500)]
        [int] $Last = 20,

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

    # The agent cannot filter by volume: the lines of a volume are searched among the last 500.
    $count = if ($VolumeName) { 500 } else { $Last }
    $request = @{ type = 'exec'; operation = 'recentAudit'; arguments = @($count) }
    $field = 'number', 'at', 'kind', 'volume', 'principal', 'role', 'surface', 'remoteAddress', 'outcome', 'verdict', 'reason', 'message', 'id', 'batch'
    $agents = Resolve-AgentConnection -Bound $PSBoundParameters -Cmdlet $PSCmdlet
    foreach ($reply in Send-AgentRequest -Connection $agents -Request $request -Field $field -TokenUse Needed) {
        if ($reply.Failure) {
            $PSCmdlet.WriteError($reply.Failure)
            continue
        }
        $lines = foreach ($line in $reply.Value) {
            $isMeant = -not $VolumeName
            foreach ($name in $VolumeName) {
                if ($line.volume -and (Test-VolumeName -Volume $line.volume -Name $name)) { $isMeant = $true }
            }
            if ($isMeant) {
                [pscustomobject] @{
                    PSTypeName    = 'CsvBackupState.AuditLine'
                    Number        = $line.number
                    At            = ConvertTo-LocalTime -Value $line.at
                    Kind          = $line.kind
                    Volume        = $line.volume
                    Principal     = $line.principal
                    Role          = $line.role
                    Surface       = $line.surface
                    RemoteAddress = $line.remoteAddress
                    Outcome       = $line.outcome
                    Verdict       = $line.verdict
                    Reason        = $line.reason
                    Message       = $line.message
                    AuditId       = $line.id
                    Batch         = $line.batch
                    AgentUri      = $reply.Connection.Uri
                    AgentComputer = $reply.Connection.ComputerName
                }
            }
        }
        $lines | Select-Object -Last $Last
    }
}
