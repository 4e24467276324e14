function Test-CsvBackupState {
    <#
    .SYNOPSIS
        Shows whether a backup state may be cleared, and if not, why.

    .DESCRIPTION
        Use it before Clear-CsvBackupState, or to find out why a state cannot be cleared. It shows every check of the guard: the result, what was seen, when,
        and what to do about it. EarliestClear is an estimate of when the state can be cleared, in local time, if the agent has one. The agent reads the cluster
        again if your credentials are valid. Nothing is changed, and shadow copies are listed only on nodes whose VSS service is already running.

        For a monitoring system use the script Test-CsvBackupHealth.ps1.

    .PARAMETER VolumeName
        Paths on the volumes, or the last parts of their friendly paths. Wildcards are not allowed. Default: all volumes.

    .PARAMETER InputObject
        Volumes from the pipeline: output of Get-ClusterSharedVolume, its SharedVolumeInfo, objects of this module, or names. Objects of this module go back to
        the agent that reported them; if -Connection has a connection to that agent, its credentials are used.

    .PARAMETER Quiet
        Returns true for each volume whose state may be cleared, and false for each other volume. An agent that does not answer gives one false.

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
        PS> Test-CsvBackupState -VolumeName Volume1 | Select-Object -ExpandProperty Checks

        Every check of one volume.

    .EXAMPLE
        PS> if (Test-CsvBackupState -VolumeName 'C:\ClusterStorage\Volume1' -Quiet) { 'clearable' }

        A Boolean value for scripts.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.Assessment; with -Quiet a Boolean value

    .LINK
        Clear-CsvBackupState

    .LINK
        Wait-CsvBackupState

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.Assessment', [bool])]
    param(
        [Parameter(ParameterSetName = 'Name', Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $VolumeName,

        [Parameter(Mandatory, ParameterSetName = 'Input', ValueFromPipeline)]
        [ValidateNotNull()]
        [psobject] $InputObject,

        [Parameter()]
        [switch] $Quiet,

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
        $asked = New-Object -TypeName Collections.ArrayList
        if ($PSCmdlet.ParameterSetName -eq 'Name') {
            foreach ($agent in Resolve-AgentConnection -Bound $PSBoundParameters -Cmdlet $PSCmdlet) {
                $names = @($VolumeName | Where-Object { $_ })
                if ($names.Count -eq 0) {
                    foreach ($answer in Read-AgentVolume -Connection $agent) {
                        foreach ($warning in $answer.Warnings) { Write-Warning -Message $warning }
                        $names = @($answer.Volumes | ForEach-Object -MemberName Volume)
                        if ($answer.Failure) {
                            $PSCmdlet.WriteError($answer.Failure)
                            # An unknown state must not be cleared.
                            if ($Quiet) { $false }
                        }
                    }
                }
                foreach ($name in $names) {
                    $null = $asked.Add(@($name, $agent))
                }
            }
        } else {
            foreach ($item in Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet) {
                foreach ($agent in Resolve-InputConnection -Item $item -Bound $PSBoundParameters -Cmdlet $PSCmdlet) {
                    $null = $asked.Add(@($item.Name, $agent))
                }
            }
        }
        foreach ($pair in $asked) {
            $assessment = Get-Assessment -Name $pair[0] -Connection $pair[1] -Cmdlet $PSCmdlet
            if ($Quiet) {
                [bool] ($assessment -and $assessment.Verdict -eq 'CLEARABLE')
            } else {
                $assessment
            }
        }
    }
}
