function Clear-CsvBackupState {
    <#
    .SYNOPSIS
        Clears the stale backup state of a volume, once it is proven that no backup can be alive.

    .DESCRIPTION
        Use it when Test-CsvBackupState says CLEARABLE, on the node that owns the volume (OwnerNode). The agent looks at all evidence again, asks every node for shadow copies as
        its last step, writes the intent to the audit, clears, reads the state again and says how it ended. Clearing under a running backup corrupts it:
        therefore you are asked first, with the verdict and the checks before you, and nothing is cleared while anything is unknown.
        
        -WhatIf shows the assessment and changes nothing. A result always comes, also of a refusal, which is an error that says what to do. There is no -Force:
        to go on without being asked say -Confirm:$false, to overrule the guard say -OverrideGuard with a reason.

    .PARAMETER VolumeName
        Any path on the volume, the last part of its friendly path, or its GUID name. No wildcards.

    .PARAMETER InputObject
        What Get-ClusterSharedVolume gives, its SharedVolumeInfo, objects of this module, or names, from the pipeline. Objects of this module go back to the
        agent that reported them.

    .PARAMETER OverrideGuard
        Clears although something is unknown. The agent must be told to allow it, and wants the friendly path in full, or the GUID name if several
        volumes have that path; a backup that is seen alive is not overruled by anything.

    .PARAMETER Reason
        With -OverrideGuard: why, in at least 10 characters, for the audit.

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
        PS> Clear-CsvBackupState -VolumeName Volume1

        Asks, clears and proves it.

    .EXAMPLE
        PS> Get-CsvBackupState | Where-Object -Property Verdict -EQ -Value CLEARABLE | Clear-CsvBackupState

        Clears what may be cleared, one volume after the other, each after a question.

    .EXAMPLE
        PS> Clear-CsvBackupState -VolumeName 'C:\ClusterStorage\Volume1' -OverrideGuard -Reason 'vendor case 4711: no job runs, copy is orphaned'

        Overrules what is unproven. The agent must allow it (allow-force), and a backup that is seen alive is never overruled.

    .INPUTS
        What Get-ClusterSharedVolume gives, objects of this module, or names.

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
        if ($OverrideGuard -and ([string] $Reason).Trim().Length -lt 10) {
            $message = '-OverrideGuard needs -Reason with at least 10 characters, which explain in the audit why the guard is overruled.'
            $PSCmdlet.ThrowTerminatingError((New-CsvErrorRecord -Id 'ReasonMissing' -Message $message -Category InvalidArgument -Target $Reason))
        }
        if ($Reason -and -not $OverrideGuard) {
            $message = '-Reason belongs to -OverrideGuard. Without it nothing is overruled and no reason is kept.'
            $PSCmdlet.ThrowTerminatingError((New-CsvErrorRecord -Id 'ReasonWithoutOverride' -Message $message -Category InvalidArgument -Target $Reason))
        }
        $done = New-Object -TypeName 'Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
        $clusters = @{}
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
            if (($item.Name -replace '^\\\\\?\\', '') -match '[*?]') {
                $message = "'$($item.Name)' may mean several volumes. Name one volume, or pipe what Get-CsvBackupState gives."
                $PSCmdlet.WriteError((New-CsvErrorRecord -Id 'Wildcard' -Message $message -Category InvalidArgument -Target $item.Name))
                continue
            }
            $connection = @(Resolve-InputConnection -Item $item -Bound $bound -Cmdlet $PSCmdlet)
            if ($connection.Count -gt 1) {
                $message = 'A state is cleared by one agent. Name one node or one address.'
                $PSCmdlet.WriteError((New-CsvErrorRecord -Id 'SeveralAgents' -Message $message -Category InvalidArgument -Target $item.Name))
                continue
            }
            # A volume that several agents report is one volume.
            if ($item.Uri -and -not $done.Add((Get-VolumeKey -Item $item -Connection $connection[0] -Cluster $clusters))) { continue }
            $assessment = Get-Assessment -Name $item.Name -Connection $connection[0] -Anywhere -Cmdlet $PSCmdlet
            if (-not $assessment) { continue }
            $action = if ($OverrideGuard) { 'Clear the backup state and OVERRULE the guard' } else { 'Clear the backup state' }
            $question = Format-Question -Assessment $assessment -Action $action
            $whatIf = "Performing the operation `"$action`" on target `"$($assessment.Volume)`": $(if ($assessment.Verdict) { "$($assessment.Verdict)." } else { $assessment.NextStep })"
            # Positive, so that a prompt that fails (powershell.exe -NonInteractive) clears nothing.
            if ($PSCmdlet.ShouldProcess($whatIf, $question, $action)) {
                Invoke-Clear -Assessment $assessment -Connection $connection[0] -Override $OverrideGuard -Typed $item.Name -Reason $Reason -Cmdlet $PSCmdlet
            } elseif ($WhatIfPreference) {
                $assessment
            }
        }
    }
}
