function Wait-CsvBackupState {
    <#
    .SYNOPSIS
        Waits until the backup state of volumes is NONE, can be cleared, or is not stale.

    .DESCRIPTION
        Use it to let a backup finish before maintenance, or in a script before or after a clear. It checks once a second and shows what it waits for and until
        when. Ctrl-C stops it and changes nothing. It reads what the agents' polls found: it starts no service on any node and keeps none running. If an agent
        stops answering for a while, the command keeps waiting; it is an error only if the agent does not come back in time. A wrong address or a missing
        permission is an error immediately.

        To wait and then clear, use Clear-CsvBackupState -Wait.

    .PARAMETER VolumeName
        Friendly paths or their last parts. Wildcards are allowed. Default: all volumes.

    .PARAMETER InputObject
        Volumes from the pipeline: output of Get-ClusterSharedVolume, its SharedVolumeInfo, objects of this module, or names. Objects of this module go back to
        the agent that reported them; if -Connection has a connection to that agent, its credentials are used.

    .PARAMETER Until
        None (default): until no state is set. Clearable: until the verdict of each volume is CLEARABLE, or its state has ended. NotStale: until no state is
        stale.

    .PARAMETER TimeoutSeconds
        The maximum time to wait for all volumes together. Then the command ends with an error. Default: 3600 (one hour).

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
        PS> Wait-CsvBackupState -VolumeName Volume1 -TimeoutSeconds 7200

        Returns the volume when its state is NONE, or an error after two hours.

    .EXAMPLE
        PS> Wait-CsvBackupState -VolumeName Volume1 -Until Clearable | Clear-CsvBackupState

        Waits until the state can be cleared, and then asks for confirmation.

    .EXAMPLE
        PS> Get-CsvBackupState | Wait-CsvBackupState -ErrorAction Stop; Start-Maintenance

        Continues when no volume is in the state any more. Without -ErrorAction Stop it would also continue after a timeout.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.Volume

    .LINK
        Get-CsvBackupState

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
        [ValidateSet('None', 'Clearable', 'NotStale')]
        [string] $Until = 'None',

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
        [pscredential] [Management.Automation.Credential()] $Credential = [pscredential]::Empty,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [psobject[]] $Connection
    )

    begin {
        $items = New-Object -TypeName Collections.ArrayList
    }

    process {
        if ($PSCmdlet.ParameterSetName -eq 'Name') {
            $null = $items.Add([pscustomobject] @{ Name = $VolumeName; Uri = ''; Computer = '' })
        } else {
            foreach ($item in Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet) { $null = $items.Add($item) }
        }
    }

    end {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $goal = Get-WaitGoal -Until $Until
        try {
            # One request for all volumes of an agent.
            foreach ($group in $items | Group-Object -Property Computer, Uri) {
                $agents = @(Resolve-InputConnection -Item $group.Group[0] -Bound $PSBoundParameters -Cmdlet $PSCmdlet)
                $names = @($group.Group | ForEach-Object -MemberName Name | Where-Object { $_ })
                Wait-Volume -Name $names -Connection $agents -Goal $goal -Watch $watch -TimeoutSeconds $TimeoutSeconds -Cmdlet $PSCmdlet
            }
        } finally {
            Write-Progress -Activity $goal.Activity -Completed
        }
    }
}
