function Get-CsvShadowCopy {
    <#
    .SYNOPSIS
        Lists the shadow copies of a volume on all nodes, oldest first.

    .DESCRIPTION
        Use it when Test-CsvBackupState says UNPROVEN because of a persistent shadow copy: it shows its age, machine and the command that deletes it there, once
        the backup product shows no job. Asking starts the VSS service of every node, which stops some minutes later and keeps a clear from passing until then; so
        it needs the operator's token, which administrators of the node have, or a user of the agent's users file.

    .PARAMETER VolumeName
        Any path on the volume, or the last part of its friendly path. No wildcards.

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
        PS> Get-CsvShadowCopy -VolumeName Volume1

        The copies of one volume.

    .EXAMPLE
        PS> Get-CsvShadowCopy -VolumeName Volume1 | Select-Object -Property Machine, DeleteCommand

        Where each could be deleted, and how.

    .INPUTS
        What Get-ClusterSharedVolume gives, objects of this module, or names.

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
                foreach ($name in $VolumeName) { [pscustomobject] @{ Name = $name; Cluster = ''; Uri = ''; Computer = '' } }
            } else {
                Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet
            }
        )
        foreach ($item in $items) {
            foreach ($connection in Resolve-InputConnection -Item $item -Bound $bound -Cmdlet $PSCmdlet) {
                $path = Resolve-VolumePath -Name $item.Name -Connection $connection -Cmdlet $PSCmdlet
                if ($null -eq $path) { continue }
                $request = @{ type = 'exec'; operation = 'shadowCopies'; arguments = @($path) }
                $reply = Send-AgentRequest -Connection $connection -Request $request -TokenUse Needed -DefaultTimeoutSeconds 180
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
