function Get-CsvIoState {
    <#
    .SYNOPSIS
        Shows why a volume is not in direct I/O, for each node.

    .DESCRIPTION
        Use it when a Cluster Shared Volume is slow and its backup state is none: redirected I/O has other reasons, such as a file system filter, a missing
        connection to the disk, BitLocker, or ReFS, which is always redirected. The agent looks once a minute.

    .PARAMETER VolumeName
        Friendly paths or their last part, with wildcards; all volumes unless given.

    .PARAMETER InputObject
        What Get-ClusterSharedVolume gives, its SharedVolumeInfo, objects of this module, or names, from the pipeline. Objects of this module go back to the
        agent that reported them.

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
        PS> Get-CsvIoState | Where-Object -Property State -NE -Value DIRECT

        All that is redirected, and why.

    .EXAMPLE
        PS> Get-CsvBackupState -VolumeName Volume1 | Get-CsvIoState

        One volume on each node.

    .INPUTS
        What Get-ClusterSharedVolume gives, objects of this module, or names.

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

    begin {
        $bound = $PSBoundParameters
        if ($Credential -eq [pscredential]::Empty) { $null = $bound.Remove('Credential') }
    }

    process {
        $items = @(
            if ($PSCmdlet.ParameterSetName -eq 'Name') {
                [pscustomobject] @{ Name = $VolumeName; Cluster = ''; Uri = ''; Computer = '' }
            } else {
                Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet
            }
        )
        foreach ($item in $items) {
            $connection = Resolve-InputConnection -Item $item -Bound $bound -Cmdlet $PSCmdlet
            foreach ($reply in Send-AgentRequest -Connection $connection -Request @{ type = 'read'; attribute = 'IoStates' }) {
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
