function Get-CsvBackupAudit {
    <#
    .SYNOPSIS
        Shows who cleared what, when, and how it ended.

    .DESCRIPTION
        Use it after an incident, or before trusting a backup of that time: each attempt to clear is there with who asked, why the guard was overruled, and the
        outcome. So are starts and stops of the agent, and what somebody else changed in the record (kind mismatch). It needs the operator's right. The record itself is audit.jsonl in the agent's state directory.

    .PARAMETER VolumeName
        Friendly paths or their last part, with wildcards; everything unless given.

    .PARAMETER Last
        How many lines at most; 20 unless given.

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
        PS> Get-CsvBackupAudit -Last 5

        The last five lines, oldest first.

    .EXAMPLE
        PS> Get-CsvBackupAudit -VolumeName Volume1 -Last 500 | Where-Object -Property Kind -EQ -Value suspect

        Clears of a volume around which a backup began.

    .INPUTS
        None. This command takes nothing from the pipeline.

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
    # The agent does not know of volumes here: of one volume the last lines are looked for among the last 500.
    $count = if ($VolumeName) { 500 } else { $Last }
    $request = @{ type = 'exec'; operation = 'recentAudit'; arguments = @($count) }
    foreach ($reply in Send-AgentRequest -Connection (Resolve-AgentConnection -Bound $bound -Cmdlet $PSCmdlet) -Request $request -TokenUse Needed) {
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
                    AgentUri      = $reply.Connection.Uri
                    AgentComputer = $reply.Connection.ComputerName
                }
            }
        }
        $lines | Select-Object -Last $Last
    }
}
