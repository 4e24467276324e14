function Get-CsvShadowCopy {
    <#
    .SYNOPSIS
        Lists the shadow copies of a volume on all nodes, oldest first.

    .DESCRIPTION
        Use it after a clear, or to list all copies of a volume. Before a clear it is not needed: the remedy of the check contains the command that deletes a
        leftover copy. It shows the age of each copy, the machine that created it, and the command that deletes it there (DeleteCommand). Delete a copy only when the backup product shows no running job. vssadmin may refuse to delete the copies
        of backup products; then use diskshadow.

        This command starts the VSS service of every node. The service stops by itself after some minutes, and until then the state cannot be cleared.
        Therefore the command needs the operator's token, which administrators of the node can read, or a user from the agent's users file.

    .PARAMETER VolumeName
        Paths on the volumes, or the last parts of their friendly paths. Wildcards are not allowed.

    .PARAMETER InputObject
        Volumes from the pipeline: output of Get-ClusterSharedVolume, its SharedVolumeInfo, objects of this module, or names. Objects of this module go back to
        the agent that reported them; if -Connection has a connection to that agent, its credentials are used.

    .PARAMETER ComputerName
        Nodes to query through PowerShell remoting. The agent needs neither an open port nor a certificate for this. All nodes are queried at the same time.
        A node that does not answer is an error with its name; the results of the other nodes are still returned.

    .PARAMETER Uri
        Addresses of agents to query directly, such as https://node1.example.com:8778/. Passwords and tokens are sent only over HTTPS or to this machine.
        Several agents are queried one after the other, and an agent that does not answer delays the result by its full timeout.

    .PARAMETER Credential
        With -ComputerName: the account for remoting. Otherwise: a user from the agent's users file.

    .PARAMETER Connection
        Connections from New-CsvBackupConnection, instead of -ComputerName, -Uri and -Credential. Default: the agent on this machine, at http://127.0.0.1:8778/.

    .EXAMPLE
        PS> Get-CsvShadowCopy -VolumeName Volume1

        The shadow copies of one volume.

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
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.ShadowCopy')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Name', Position = 0)]
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

    begin {
        $columns = 'id', 'setId', 'createdEpochMillis', 'ageSeconds', 'persistent', 'node', 'machine', 'providerId', 'deleteCommand'
        $field = @('volume', 'message', 'problems') + @($columns | ForEach-Object { "copies.$_" })
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
                $path = Resolve-VolumePath -Name $item.Name -Connection $agent -Cmdlet $PSCmdlet
                if ($null -eq $path) { continue }
                $request = @{ type = 'exec'; operation = 'shadowCopies'; arguments = @($path) }
                $reply = Send-AgentRequest -Connection $agent -Request $request -Field $field -TokenUse Needed -DefaultTimeoutSeconds 180
                if ($reply.Failure) {
                    $PSCmdlet.WriteError($reply.Failure)
                    continue
                }
                Write-Verbose -Message $reply.Value.message
                foreach ($problem in $reply.Value.problems) { Write-Warning -Message ([string] $problem) }
                $copies = foreach ($copy in $reply.Value.copies) {
                    $created = ConvertTo-LocalTime -Value $copy.createdEpochMillis
                    [pscustomobject] @{
                        PSTypeName    = 'CsvBackupState.ShadowCopy'
                        Volume        = $reply.Value.volume
                        Id            = $copy.id
                        SetId         = $copy.setId
                        Created       = $created
                        Age           = if ($created) { [timespan]::FromSeconds($copy.ageSeconds) } else { $null }
                        Persistent    = [bool] $copy.persistent
                        Node          = $copy.node
                        Machine       = $copy.machine
                        ProviderId    = $copy.providerId
                        DeleteCommand = $copy.deleteCommand
                        AgentUri      = $reply.Connection.Uri
                        AgentComputer = $reply.Connection.ComputerName
                    }
                }
                $copies | Sort-Object -Property Created
            }
        }
    }
}
