function Get-CsvBackupState {
    <#
    .SYNOPSIS
        Shows the backup state of Cluster Shared Volumes.

    .DESCRIPTION
        Use it first when a Cluster Shared Volume is slow or a backup seems to hang. It shows which volumes are in the state Backup in Progress, since when,
        whether the state is stale, and whether it may be cleared (Verdict). It changes nothing, and by default it needs no permission on the agent of this
        machine.

        Every agent reports every volume of its cluster. Node is the node whose agent answered.

    .PARAMETER VolumeName
        Friendly paths or their last parts. Wildcards are allowed. Default: all volumes. A name with [ ] also matches literally.

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
        PS> Get-CsvBackupState

        All volumes, as reported by the agent of this node.

    .EXAMPLE
        PS> Get-ClusterSharedVolume | Get-CsvBackupState | Where-Object -Property Stale

        The volumes whose state has been set for too long.

    .EXAMPLE
        PS> Get-CsvBackupState -VolumeName *sql* -ComputerName (Get-ClusterNode).Name

        Some volumes, as reported by the agents of all nodes.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

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
        [pscredential] [Management.Automation.Credential()] $Credential = [pscredential]::Empty,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Connection
    )

    process {
        if ($PSCmdlet.ParameterSetName -eq 'Name') {
            $agents = @(Resolve-AgentConnection -Bound $PSBoundParameters -Cmdlet $PSCmdlet)
            return Get-AgentVolume -Connection $agents -Name $VolumeName -Cmdlet $PSCmdlet
        }
        foreach ($item in Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet) {
            $agents = @(Resolve-InputConnection -Item $item -Bound $PSBoundParameters -Cmdlet $PSCmdlet)
            Get-AgentVolume -Connection $agents -Name $item.Name -Cmdlet $PSCmdlet
        }
    }
}
