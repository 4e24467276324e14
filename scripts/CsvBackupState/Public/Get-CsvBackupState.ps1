function Get-CsvBackupState {
    <#
    .SYNOPSIS
        Shows the backup state of Cluster Shared Volumes.

    .DESCRIPTION
        Use it first when a Cluster Shared Volume is slow or a backup is said to hang: it shows which volumes are in the state Backup in Progress, since when,
        whether the state is stale, and what the guard thinks of clearing it (Verdict). It changes nothing and needs no rights on the agent of this machine.
        
        Every agent reports every volume of its cluster; Node says whose agent it was.

    .PARAMETER VolumeName
        Friendly paths or their last part, with wildcards; all volumes unless given. A name that holds [ ] also matches as it is written.

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
        PS> Get-CsvBackupState

        All volumes, as the agent of this node sees them.

    .EXAMPLE
        PS> Get-ClusterSharedVolume | Get-CsvBackupState | Where-Object -Property Stale

        The volumes whose state is set for too long.

    .EXAMPLE
        PS> Get-CsvBackupState -VolumeName *sql* -ComputerName (Get-ClusterNode).Name

        What the agents of all nodes say of some volumes.

    .INPUTS
        What Get-ClusterSharedVolume gives, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.Volume

    .LINK
        Test-CsvBackupState

    .LINK
        Clear-CsvBackupState

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.Volume')]
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
        if ($PSCmdlet.ParameterSetName -eq 'Name') {
            $connection = @(Resolve-AgentConnection -Bound $bound -Cmdlet $PSCmdlet)
            return Get-AgentVolume -Connection $connection -Name $VolumeName -Cmdlet $PSCmdlet
        }
        foreach ($item in Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet) {
            $connection = @(Resolve-InputConnection -Item $item -Bound $bound -Cmdlet $PSCmdlet)
            Get-AgentVolume -Connection $connection -Name $item.Name -Cmdlet $PSCmdlet
        }
    }
}
