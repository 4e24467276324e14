function Get-CsvShadowCopy {
    <#
    .SYNOPSIS
        Lists the shadow copies of a volume, oldest first.

    .DESCRIPTION
        Use it after a clear, or to list all copies of a volume. Before a clear it is not needed: the clear lists the copies itself, and the remedy of the check
        contains the command that deletes a leftover copy. It shows the age of each copy, the machine that created it, and the command that deletes it there
        (DeleteCommand). Delete a copy only when the backup product shows no running job. vssadmin may refuse to delete the copies of backup products; then use
        diskshadow.

        This command starts the VSS service of every node that the agent asks: of all nodes, or, if the agent asks the agents of other nodes (option peers), only
        of its own node and of nodes without an agent. Of the other nodes it shows the last list (see Listed), because only a clear asks their agents; to list
        them now, ask the agent of each node, with -ComputerName. The service stops by itself after some minutes, and until then no state can be cleared.
        Therefore the command asks for confirmation while a backup state of the cluster is set, and it needs the operator's token, which administrators of the
        node can read, or a user from the agent's users file. A user who is only a reader and asks again within 15 minutes gets the earlier list. With -LastKnown
        the command asks no node: it shows the last list of each node, for example the one of the last clear.

        A note says which nodes were not asked, and how old their lists are; and without a copy, how many nodes were asked, and how long ago if that was not now.
        Without the note (6>$null) the output is empty if there is no copy.

    .PARAMETER VolumeName
        Paths on the volumes, or the last parts of their friendly paths. Wildcards are not allowed.

    .PARAMETER InputObject
        Volumes from the pipeline: output of Get-ClusterSharedVolume, its SharedVolumeInfo, objects of this module, or names. Objects of this module go back to
        the agent that reported them; if -Connection has a connection to that agent, its credentials are used.

    .PARAMETER LastKnown
        Shows the last lists that the agent has, and when each was made (Listed). Asks no node, starts no service, and asks for no confirmation.

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
        PS> Get-CsvShadowCopy -VolumeName Volume1

        The shadow copies of one volume.

    .EXAMPLE
        PS> Get-CsvShadowCopy -VolumeName Volume1 -LastKnown

        The shadow copies in the last lists, also while a state is set.

    .EXAMPLE
        PS> Get-CsvShadowCopy -VolumeName Volume1 | Select-Object -Property Machine, DeleteCommand

        Where each copy can be deleted, and the command for it.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.ShadowCopy

    .LINK
        Test-CsvBackupState

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low', DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.ShadowCopy')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Name', Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $VolumeName,

        [Parameter(Mandatory, ParameterSetName = 'Input', ValueFromPipeline)]
        [ValidateNotNull()]
        [psobject] $InputObject,

        [Parameter()]
        [switch] $LastKnown,

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

    begin {
        # Notes are shown, unless the caller says otherwise.
        if (-not $PSBoundParameters.ContainsKey('InformationAction')) { $InformationPreference = 'Continue' }
        # By address: whether the agent may ask the nodes.
        $allowed = @{}
    }

    process {
        $items = @(
            if ($PSCmdlet.ParameterSetName -eq 'Name') {
                foreach ($name in $VolumeName) { [pscustomobject] @{ Name = $name; Uri = ''; Computer = '' } }
            } else {
                Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet
            }
        )
        foreach ($item in $items) {
            foreach ($agent in Resolve-InputConnection -Item $item -Bound $PSBoundParameters -Cmdlet $PSCmdlet) {
                if ($LastKnown) {
                    Get-LastShadowCopy -Name $item.Name -Connection $agent -Cmdlet $PSCmdlet
                    continue
                }
                if (-not $allowed.ContainsKey($agent.Address)) {
                    $allowed[$agent.Address] = Test-ShadowCopyQuery -Connection $agent -Cmdlet $PSCmdlet
                }
                if ($allowed[$agent.Address]) { Get-ShadowCopy -Name $item.Name -Connection $agent -Cmdlet $PSCmdlet }
            }
        }
    }
}
