function Wait-CsvBackupState {
    <#
    .SYNOPSIS
        Waits until the backup state of volumes is none.

    .DESCRIPTION
        Use it to let a backup end by itself before maintenance, or in a script after a clear. It looks once a second and shows how long it waits; Ctrl-C ends it
        and changes nothing. An agent that does not answer for a while is waited for, and is the error if it does not come back in time.
        An address that is wrong or a right that is missing is an error at once.

    .PARAMETER VolumeName
        Friendly paths or their last part, with wildcards; all volumes unless given.

    .PARAMETER InputObject
        What Get-ClusterSharedVolume gives, its SharedVolumeInfo, objects of this module, or names, from the pipeline. Objects of this module go back to the
        agent that reported them.

    .PARAMETER TimeoutSeconds
        How long to wait at most, for all volumes together; an hour unless given. Later is an error.

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
        PS> Wait-CsvBackupState -VolumeName Volume1 -TimeoutSeconds 7200

        Gives the volume once its state is none, or an error after two hours.

    .EXAMPLE
        PS> Get-CsvBackupState | Wait-CsvBackupState -ErrorAction Stop; Start-Maintenance

        Goes on when no volume is in the state any more. Without -ErrorAction Stop it would go on after a time-out, too.

    .INPUTS
        What Get-ClusterSharedVolume gives, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.Volume

    .LINK
        Get-CsvBackupState

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
        [ValidateRange(1, 604800)]
        [int] $TimeoutSeconds = 3600,

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
        $items = New-Object -TypeName Collections.ArrayList
    }

    process {
        if ($PSCmdlet.ParameterSetName -eq 'Name') {
            $null = $items.Add([pscustomobject] @{ Name = $VolumeName; Cluster = ''; Uri = ''; Computer = '' })
        } else {
            foreach ($item in Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet) { $null = $items.Add($item) }
        }
    }

    end {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        try {
            # All volumes of an agent are looked at together.
            foreach ($group in $items | Group-Object -Property Computer, Uri) {
                $connection = @(Resolve-InputConnection -Item $group.Group[0] -Bound $bound -Cmdlet $PSCmdlet)
                $names = @($group.Group | ForEach-Object -MemberName Name | Where-Object { $_ })
                Wait-Volume -Name $names -Connection $connection -Watch $watch -TimeoutSeconds $TimeoutSeconds -Cmdlet $PSCmdlet
            }
        } finally {
            Write-Progress -Activity 'Waiting for backups to end' -Completed
        }
    }
}
