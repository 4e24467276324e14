function Test-CsvBackupState {
    <#
    .SYNOPSIS
        Says whether a backup state may be cleared, and why not.

    .DESCRIPTION
        Use it before Clear-CsvBackupState, or to learn what keeps a state from being cleared: every check with what was seen, when, and what to do about it. The
        agent looks afresh. Nothing is changed; shadow copies are asked for only on nodes whose VSS service runs anyway.
        
        With -Format it is a check for a monitoring system: one line for Nagios or one JSON object for PRTG about all volumes, with the exit code in the
        property ExitCode: 0, 1 (a state is stale), 2 (stuck: stale for longer than -StuckHours), 3 (the agent cannot be asked, or could not read all).
        scripts/Test-CsvBackupHealth.ps1 is the same as a plain script.

    .PARAMETER VolumeName
        Paths on volumes, or the last part of a friendly path; all volumes unless given.

    .PARAMETER InputObject
        What Get-ClusterSharedVolume gives, its SharedVolumeInfo, objects of this module, or names, from the pipeline. Objects of this module go back to the
        agent that reported them.

    .PARAMETER Quiet
        Gives for each volume true if its state may be cleared and false if not, or if that cannot be found out; a single false if the agent does not answer.

    .PARAMETER Format
        Nagios or Prtg: one text about all volumes, or those that -VolumeName names, for a monitoring system.

    .PARAMETER StaleMinutes
        With -Format: a state that is older than this is stale (exit code 1). Unless given, what the agent itself takes for stale (stale-after).

    .PARAMETER StuckHours
        With -Format: a stale state that is older than this is stuck (exit code 2). 2 hours unless given.

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
        PS> Test-CsvBackupState -VolumeName Volume1 | Select-Object -ExpandProperty Checks

        Every check of one volume.

    .EXAMPLE
        PS> if (Test-CsvBackupState -VolumeName 'C:\ClusterStorage\Volume1' -Quiet) { 'clearable' }

        A boolean for scripts.

    .EXAMPLE
        PS> Test-CsvBackupState -Format Nagios -StuckHours 4

        CSV OK - 3 volumes, none stale | volumes=3 in_progress=0 stale=0;0 oldest_age=0s;;14400

    .INPUTS
        What Get-ClusterSharedVolume gives, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.Assessment; a boolean with -Quiet; a text with -Format

    .LINK
        Clear-CsvBackupState

    .LINK
        Get-CsvShadowCopy

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.Assessment', [bool], [string])]
    param(
        [Parameter(ParameterSetName = 'Name', Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $VolumeName,

        [Parameter(Mandatory, ParameterSetName = 'Input', ValueFromPipeline)]
        [ValidateNotNull()]
        [psobject] $InputObject,

        [Parameter()]
        [switch] $Quiet,

        [Parameter(ParameterSetName = 'Name')]
        [ValidateSet('Nagios', 'Prtg')]
        [string] $Format,

        [Parameter(ParameterSetName = 'Name')]
        [ValidateRange(0.0, 1000000.0)]
        [double] $StaleMinutes = -1,

        [Parameter(ParameterSetName = 'Name')]
        [ValidateRange(0.0, 1000.0)]
        [double] $StuckHours = 2,

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
        if ($Format) {
            return Get-HealthLine -Connection (Resolve-AgentConnection -Bound $bound -Cmdlet $PSCmdlet) -Format $Format -StaleMinutes $StaleMinutes -StuckHours $StuckHours -Name $VolumeName
        }
        $asked = New-Object -TypeName Collections.ArrayList
        if ($PSCmdlet.ParameterSetName -eq 'Name') {
            foreach ($connection in Resolve-AgentConnection -Bound $bound -Cmdlet $PSCmdlet) {
                $names = @($VolumeName | Where-Object { $_ })
                if ($names.Count -eq 0) {
                    foreach ($answer in Read-AgentVolume -Connection $connection) {
                        foreach ($warning in $answer.Warnings) { Write-Warning -Message $warning }
                        $names = @($answer.Volumes | ForEach-Object -MemberName Volume)
                        if ($answer.Failure) {
                            $PSCmdlet.WriteError($answer.Failure)
                            # What cannot be found out may not be cleared.
                            if ($Quiet) { $false }
                        }
                    }
                }
                foreach ($name in $names) {
                    $null = $asked.Add(@($name, $connection))
                }
            }
        } else {
            foreach ($item in Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet) {
                foreach ($connection in Resolve-InputConnection -Item $item -Bound $bound -Cmdlet $PSCmdlet) {
                    $null = $asked.Add(@($item.Name, $connection))
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
