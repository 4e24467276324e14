function Clear-CsvBackupState {
    <#
    .SYNOPSIS
        Clears the stale backup state of a volume, if it is proven that no backup is running.

    .DESCRIPTION
        Use it when Test-CsvBackupState returns CLEARABLE, on the node that owns the volume (OwnerNode). The agent repeats all checks, lists the shadow copies of
        every node as the last check, writes the intent to the audit, clears the state, reads it again and reports the outcome. Clearing the state during a
        backup corrupts that backup. Therefore the command asks for confirmation and shows the cluster, the node, the address, the verdict and the checks; and
        nothing is cleared while anything is unknown.

        -WhatIf shows the assessment and changes nothing. The command returns a result even if the agent refuses; the refusal is also an error that says what to
        do. There is no -Force. Use -Confirm:$false to skip the prompt, and -OverrideGuard with -Reason to override the guard.

    .PARAMETER VolumeName
        Paths on the volumes, the last parts of their friendly paths, or their GUID names. Wildcards are not allowed.

    .PARAMETER InputObject
        Volumes from the pipeline: output of Get-ClusterSharedVolume, its SharedVolumeInfo, objects of this module, or names. Objects of this module go back to
        the agent that reported them; if -Connection has a connection to that agent, its credentials are used.

    .PARAMETER OverrideGuard
        Clears although something is unknown. The agent must allow it (option allow-force) and requires the full friendly path, or the GUID name if several
        volumes have the same path. It never overrides a check that found a running backup.

    .PARAMETER Reason
        With -OverrideGuard: the reason, at least 10 characters. It is written to the audit.

    .PARAMETER ComputerName
        The node to query through PowerShell remoting. The agent needs neither an open port nor a certificate for this. Give one node; several are an error.

    .PARAMETER Uri
        The address of the agent to query directly, such as https://node1.example.com:8778/. Passwords and tokens are sent only over HTTPS or to this machine.
        Give one address; several are an error.

    .PARAMETER Credential
        With -ComputerName: the account for remoting. Otherwise: a user from the agent's users file.

    .PARAMETER Connection
        A connection from New-CsvBackupConnection, instead of -ComputerName, -Uri and -Credential. Default: the agent on this machine, at http://127.0.0.1:8778/.
        Give one connection, except for volumes from the pipeline: each goes back to the agent that reported it.

    .EXAMPLE
        PS> Clear-CsvBackupState -VolumeName Volume1

        Asks for confirmation, clears the state, and verifies that it is gone.

    .EXAMPLE
        PS> Get-CsvBackupState | Where-Object -Property Verdict -EQ -Value CLEARABLE | Clear-CsvBackupState

        Clears all volumes that may be cleared, one after the other, and asks before each one.

    .EXAMPLE
        PS> Clear-CsvBackupState -VolumeName 'C:\ClusterStorage\Volume1' -OverrideGuard -Reason 'vendor case 4711: no job runs, the copy is orphaned'

        Clears although something is unproven. The agent must allow it (option allow-force). A running backup is never overridden.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.ClearResult; with -WhatIf CsvBackupState.Assessment

    .LINK
        Test-CsvBackupState

    .LINK
        Get-CsvBackupAudit

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', DefaultParameterSetName = 'Name')]
    [OutputType('CsvBackupState.ClearResult', 'CsvBackupState.Assessment')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Name', Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $VolumeName,

        [Parameter(Mandatory, ParameterSetName = 'Input', ValueFromPipeline)]
        [ValidateNotNull()]
        [psobject] $InputObject,

        [Parameter()]
        [switch] $OverrideGuard,

        [Parameter()]
        [string] $Reason,

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
        if ($OverrideGuard -and ([string] $Reason).Trim().Length -lt 10) {
            $message = '-OverrideGuard requires -Reason with at least 10 characters. The reason is written to the audit.'
            $PSCmdlet.ThrowTerminatingError((New-CsvErrorRecord -Id 'ReasonMissing' -Message $message -Category InvalidArgument -Target $Reason))
        }
        if ($Reason -and -not $OverrideGuard) {
            $message = '-Reason requires -OverrideGuard. Without -OverrideGuard the guard is not overridden and the reason is not recorded.'
            $PSCmdlet.ThrowTerminatingError((New-CsvErrorRecord -Id 'ReasonWithoutOverride' -Message $message -Category InvalidArgument -Target $Reason))
        }
        $done = New-Object -TypeName 'Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
        $known = @{}
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
            if (($item.Name -replace '^\\\\\?\\', '') -match '[*?]') {
                $message = "'$($item.Name)' may match several volumes. Name one volume, or pipe the output of Get-CsvBackupState."
                $PSCmdlet.WriteError((New-CsvErrorRecord -Id 'Wildcard' -Message $message -Category InvalidArgument -Target $item.Name))
                continue
            }
            $agents = @(Resolve-InputConnection -Item $item -Bound $PSBoundParameters -Cmdlet $PSCmdlet)
            if ($agents.Count -gt 1) {
                $message = 'Only one agent can clear a state. Specify one node, one address or one connection.'
                $PSCmdlet.WriteError((New-CsvErrorRecord -Id 'SeveralAgents' -Message $message -Category InvalidArgument -Target $item.Name))
                continue
            }
            $agent = $agents[0]
            $identity = Get-AgentIdentity -Connection $agent -Known $known -Cmdlet $PSCmdlet
            if (-not $identity) { continue }
            # Several agents report the same volume: it is cleared once. Two clusters may have the same name, but a GUID name is unique.
            $key = if ($item.Uri) { "$($identity.Cluster)|$($item.Name)|$($item.Guid)" } else { '' }
            if ($done.Contains($key)) {
                Write-Verbose -Message "Skipped $($item.Name) of cluster $($identity.Cluster), reported by $($agent.Address): another agent has already assessed it for this command."
                continue
            }
            $assessment = Get-Assessment -Name $item.Name -Connection $agent -Anywhere -Cmdlet $PSCmdlet
            if (-not $assessment) { continue }
            if ($key) { $null = $done.Add($key) }
            $action = if ($OverrideGuard) { 'Clear the backup state and OVERRIDE the guard' } else { 'Clear the backup state' }
            $target = "$($assessment.Volume) of cluster $($identity.Cluster), by the agent on $($identity.Node) at $($agent.Address)"
            $question = Format-Question -Assessment $assessment -Action $action -Target $target
            $whatIf = "Performing the operation `"$action`" on target `"$target`": $(if ($assessment.Verdict) { "$($assessment.Verdict)." } else { $assessment.NextStep })"
            # Positive, so that a prompt that fails (powershell.exe -NonInteractive) clears nothing.
            if ($PSCmdlet.ShouldProcess($whatIf, $question, $action)) {
                Invoke-Clear -Assessment $assessment -Connection $agent -Override $OverrideGuard -Typed $item.Name -Reason $Reason -Cmdlet $PSCmdlet
            } elseif ($WhatIfPreference) {
                $assessment
            }
        }
    }
}
