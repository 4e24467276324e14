function Get-CsvIoState {
    <#
    .SYNOPSIS
        Shows for each node why a volume does not use direct I/O.

    .DESCRIPTION
        Use it when a Cluster Shared Volume is slow and its backup state is NONE. Redirected I/O can have other reasons, such as a file system filter, a missing
        connection to the disk, BitLocker, or ReFS, which is always redirected. The agent updates this once a minute.

    .PARAMETER VolumeName
        Friendly paths or their last parts. Wildcards are allowed. Default: all volumes.

    .PARAMETER InputObject
        Volumes from the pipeline: output of Get-ClusterSharedVolume, its SharedVolumeInfo, objects of this module, or names. Objects of this module go back to
        the agent that reported them; if -Connection has a connection to that agent, its credentials are used.

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
        PS> Get-CsvIoState | Where-Object -Property State -NE -Value DIRECT

        All volumes with redirected I/O, and the reasons.

    .EXAMPLE
        PS> Get-CsvBackupState -VolumeName Volume1 | Get-CsvIoState

        One volume on each node.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.IoState

    .LINK
        Get-CsvBackupState

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.IoState')]
    param(
        [Parameter(ParameterSetName = 'Name', Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $VolumeName,

        [Parameter(Mandatory, ParameterSetName = 'Input', ValueFromPipeline)]
        [ValidateNotNull()]
        [psobject] $InputObject,

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

    process {
        $items = @(
            if ($PSCmdlet.ParameterSetName -eq 'Name') {
                [pscustomobject] @{ Name = $VolumeName; Uri = ''; Computer = '' }
            } else {
                Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet
            }
        )
        foreach ($item in $items) {
            $agents = Resolve-InputConnection -Item $item -Bound $PSBoundParameters -Cmdlet $PSCmdlet
            foreach ($reply in Send-AgentRequest -Connection $agents -Request @{ type = 'read'; attribute = 'IoStates' } -Field 'volume', 'node', 'state', 'reasons', 'message') {
                if ($reply.Failure) {
                    $PSCmdlet.WriteError($reply.Failure)
                    continue
                }
                $states = @(foreach ($state in $reply.Value) {
                    [pscustomobject] @{
                        PSTypeName    = 'CsvBackupState.IoState'
                        Volume        = $state.volume
                        Node          = $state.node
                        State         = $state.state
                        Reasons       = @($state.reasons)
                        Message       = $state.message
                        AgentUri      = $reply.Connection.Uri
                        AgentComputer = $reply.Connection.ComputerName
                    }
                })
                if ($item.Name) {
                    Select-VolumeName -Volume $states -Name $item.Name -Cmdlet $PSCmdlet
                } else {
                    $states
                }
            }
        }
    }
}
