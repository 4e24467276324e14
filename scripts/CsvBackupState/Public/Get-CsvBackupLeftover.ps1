function Get-CsvBackupLeftover {
    <#
    .SYNOPSIS
        Shows what failed backups left behind on the volumes of a node, with the command that ends each.

    .DESCRIPTION
        Use it after a backup failed, or when a volume fills up: recovery checkpoints that nothing removes (CHECKPOINT), machines whose disks do not merge
        (NOT_MERGING) or that have said for too long that they are being backed up (STUCK_MACHINE), and persistent shadow copies that are older than a day
        (SHADOW_COPY). Each object carries the command that ends it (Command) and what to look at before (Advice). Neither this module nor the agent runs it.

        To list shadow copies starts VSS, so the agent never lists them for this command. It knows those of the last list that was taken for another reason, if
        that is not older than four days and the agent was not restarted since. Without such a list, that no SHADOW_COPY is shown means nothing. -Verbose says
        when the last list was taken. Get-CsvShadowCopy takes one now (for a reader at most every 15 minutes), and starts VSS for that; its old copies are shown here when the agent asks its node again.

        Each agent reports only its own node, as that said when the agent last asked it (Asked), by default every 15 minutes; of a shadow copy, Asked is the time
        of its list. Query all nodes with -ComputerName.

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
        PS> Get-CsvBackupLeftover -ComputerName (Get-ClusterNode).Name

        What is left over on all nodes of the cluster.

    .EXAMPLE
        PS> Get-CsvBackupLeftover -VolumeName Volume1 | Format-List

        What is left over on one volume, with what to look at, and the commands.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.Leftover

    .LINK
        Get-CsvShadowCopy

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.Leftover')]
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
            Get-Leftover -Name $item.Name -Connection (Resolve-InputConnection -Item $item -Bound $PSBoundParameters -Cmdlet $PSCmdlet) -Cmdlet $PSCmdlet
        }
    }
}
