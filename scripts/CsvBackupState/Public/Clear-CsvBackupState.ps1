function Clear-CsvBackupState {
    <#
    .SYNOPSIS
        Clears the stale backup state of a volume, if it is proven that no backup is running.

    .DESCRIPTION
        Use it when Test-CsvBackupState returns CLEARABLE, on the node that owns the volume (OwnerNode). The agent repeats all checks, lists the shadow copies of
        every node as the last check, writes the intent to the audit, clears the state, reads it again and reports the outcome. Clearing the state during a
        backup corrupts that backup. Therefore the command asks for confirmation and shows the cluster, the node, the address, the verdict and the checks; and
        nothing is cleared while anything is unknown.

        It asks only about volumes that could be cleared now. All others are refused at once, with what Test-CsvBackupState says about them.

        Volumes from the pipeline are collected and cleared together, because listing the shadow copies starts the VSS service of every node, and while it runs
        further clears are refused. If several agents reported a volume, the one whose node owns most of the piped volumes clears it, because Windows may know
        the path only on the owner. Each agent gets one request for up to 64 volumes. A volume that did not fit, or was not reached in time, is refused with the
        time from which it can probably be cleared (EarliestClear); -Wait clears it then.

        -WhatIf shows the assessment and changes nothing. The command returns a result even if the clear is refused; the refusal is also an error that says what
        to do. There is no -Force. Use -Confirm:$false to skip the prompt, and -OverrideGuard with -Reason to override the guard.

    .PARAMETER VolumeName
        Paths on the volumes, the last parts of their friendly paths, or their GUID names. Wildcards are not allowed.

    .PARAMETER InputObject
        Volumes from the pipeline: output of Get-ClusterSharedVolume, its SharedVolumeInfo, objects of this module, or names. Objects of this module go back to
        the agent that reported them; if -Connection has a connection to that agent, its credentials are used.

    .PARAMETER Wait
        Waits until a state can be cleared, asks for confirmation then (unless -Confirm:$false is given), and clears it, once: if the agent refuses after it has
        listed the shadow copies, the command ends with the reason, because each try starts the VSS service of every node. After a clear that ends as
        NOT_CLEARED, FAILED or UNKNOWN nothing more is sent to that agent. Waiting starts no service and keeps none running. Ctrl-C stops the wait and
        changes nothing; a clear that was already sent goes on, and Get-CsvBackupAudit shows its outcome.

    .PARAMETER TimeoutSeconds
        With -Wait: the maximum time to wait for all volumes together. Default: 3600 (one hour).

    .PARAMETER OverrideGuard
        Clears although something is unknown. The agent must allow it (option allow-force, which is off by default); otherwise the command is refused at once. The
        agent requires the full friendly path, or the GUID name if several volumes have the same path. It never overrides a check that found a running backup.

    .PARAMETER Reason
        With -OverrideGuard: the reason, at least 10 characters. It is written to the audit.

    .PARAMETER ComputerName
        The node to query through PowerShell remoting. The agent needs neither an open port nor a certificate for this. Give one node; several are an error.

    .PARAMETER Uri
        The address of the agent to query directly, such as https://node1.example.com:8779/. Passwords are sent only over HTTPS, and the token only to this machine.
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

        Asks about each volume that may be cleared, and then clears them together.

    .EXAMPLE
        PS> Clear-CsvBackupState -VolumeName Volume1 -Wait -TimeoutSeconds 7200 -Confirm:$false

        Waits for up to two hours until the state can be cleared, and clears it.

    .EXAMPLE
        PS> Clear-CsvBackupState -VolumeName 'C:\ClusterStorage\Volume1' -OverrideGuard -Reason 'vendor case 4711: no job runs, the copy is orphaned'

        Clears although something is unproven. The agent must allow it (option allow-force). A running backup is never overridden.

    .INPUTS
        Output of Get-ClusterSharedVolume, objects of this module, or names.

    .OUTPUTS
        CsvBackupState.ClearResult; with -WhatIf CsvBackupState.Assessment. Batch is the id of the request in the audit. It is empty if the agent executed no
        request for the volume, or if its answer is missing (outcome UNKNOWN): then Get-CsvBackupAudit has it, see the result's Message.

    .LINK
        Test-CsvBackupState

    .LINK
        Wait-CsvBackupState

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
        [switch] $Wait,

        [Parameter()]
        [ValidateRange(1, 604800)]
        [int] $TimeoutSeconds = 3600,

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
        if ($OverrideGuard -and $Wait) {
            $message = '-Wait cannot be used with -OverrideGuard: there is nothing to wait for if the guard is overridden.'
            $PSCmdlet.ThrowTerminatingError((New-CsvErrorRecord -Id 'WaitWithOverride' -Message $message -Category InvalidArgument -Target $null))
        }
        if ($PSBoundParameters.ContainsKey('TimeoutSeconds') -and -not $Wait) {
            $message = '-TimeoutSeconds requires -Wait. For the time that a request may take use New-CsvBackupConnection -RequestTimeoutSeconds.'
            $PSCmdlet.ThrowTerminatingError((New-CsvErrorRecord -Id 'TimeoutWithoutWait' -Message $message -Category InvalidArgument -Target $TimeoutSeconds))
        }
        $items = New-Object -TypeName Collections.ArrayList
    }

    process {
        if ($PSCmdlet.ParameterSetName -eq 'Name') {
            foreach ($name in $VolumeName) { $null = $items.Add([pscustomobject] @{ Name = $name; Uri = ''; Computer = '' }) }
        } else {
            foreach ($item in Resolve-InputVolume -InputObject $InputObject -Cmdlet $PSCmdlet) { $null = $items.Add($item) }
        }
    }

    end {
        $entries = @(New-ClearEntry -Item $items -Bound $PSBoundParameters -Cmdlet $PSCmdlet)
        $how = @{
            Wait   = [bool] $Wait
            Asks   = $ConfirmPreference -ne 'None'
            WhatIf = [bool] $WhatIfPreference
            Cmdlet = $PSCmdlet
        }
        if ($OverrideGuard) {
            foreach ($entry in $entries) {
                if ((Resolve-ClearEntry -Entry $entry -Override $true @how) -eq 'Send') { Send-ForcedClear -Entry $entry -Reason $Reason }
                Write-ClearResult -Entry $entry -Cmdlet $PSCmdlet
            }
            return
        }
        try {
            Invoke-Clear -Entry $entries -How $how -TimeoutSeconds $TimeoutSeconds
        } finally {
            if ($Wait) { Write-Progress -Activity (Get-WaitGoal -Until SomeClearable).Activity -Completed }
        }
    }
}
