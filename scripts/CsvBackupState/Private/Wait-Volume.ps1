function Wait-Volume {
    # Checks once a second until no volume with those names is in the state, and returns these volumes, or writes an error when the time is
    # over. A failed check does not end the wait, because agents and nodes are restarted: it is a warning once, and the error at the end.
    param([string[]] $Name, [object[]] $Connection, [Diagnostics.Stopwatch] $Watch, [int] $TimeoutSeconds, [Management.Automation.PSCmdlet] $Cmdlet)

    # Waiting does not fix these. After the first check they may come from an agent that is just starting.
    $permanent = 'InvalidData', 'ObjectNotFound', 'SecurityError', 'AuthenticationError', 'PermissionDenied'
    $isFirst = $true
    $reported = New-Object -TypeName 'Collections.Generic.HashSet[string]'
    $wereFound = $false
    while ($true) {
        $answers = @(Read-AgentVolume -Connection $Connection)
        foreach ($warning in @($answers | ForEach-Object -MemberName Warnings)) {
            if ($reported.Add($warning)) { $Cmdlet.WriteWarning($warning) }
        }
        $failures = @($answers | Where-Object { $_.Failure } | ForEach-Object -MemberName Failure)
        if ($isFirst -and @($failures | Where-Object { [string] $_.CategoryInfo.Category -in $permanent }).Count -gt 0) {
            foreach ($failure in $failures) { $Cmdlet.WriteError($failure) }
            return
        }
        $isFirst = $false
        foreach ($failure in $failures) {
            if ($reported.Add($failure.Exception.Message)) { $Cmdlet.WriteWarning("Still waiting. $($failure.Exception.Message)") }
        }
        $volumes = @($answers | ForEach-Object -MemberName Volumes)
        $unknown = ''
        if ($failures.Count -gt 0) {
            $unknown = $failures[0].Exception.Message
        } elseif ($Name) {
            $found = Find-VolumeName -Volume $volumes -Name $Name
            if ($found.Missing.Count -gt 0) {
                if (-not $wereFound -and @($answers | Where-Object { -not $_.IsWhole }).Count -eq 0) {
                    foreach ($each in $found.Missing) { $Cmdlet.WriteError((New-MissingVolumeRecord -Volume $volumes -Name $each)) }
                    return
                }
                $unknown = "The agents do not report $($found.Missing -join ', ')."
            } else {
                $wereFound = $true
            }
            $volumes = @(for ($number = 0; $number -lt $volumes.Count; $number++) { if ($found.Chosen.Contains($number)) { $volumes[$number] } })
        } else {
            $blind = @($answers | Where-Object { -not $_.IsWhole })
            if ($blind.Count -gt 0) { $unknown = [string] @($blind[0].Warnings)[-1] }
        }
        # A volume that cannot be read may be in any state.
        $busy = @($volumes | Where-Object { $_.State -ne 'NONE' -or $_.Problem })
        if ($busy.Count -eq 0 -and -not $unknown) { return $volumes }
        $seconds = [int] $Watch.Elapsed.TotalSeconds
        $which = @($busy | ForEach-Object -MemberName Volume | Select-Object -Unique) -join ', '
        if ($seconds -ge $TimeoutSeconds) {
            $unread = @($busy | Where-Object { $_.Problem })
            $still = if ($unread.Count -gt 0) {
                "is still set or cannot be read: $which. $($unread[0].Problem)"
            } elseif ($busy.Count -gt 0) {
                "is still set: $which. $unknown".Trim()
            } else {
                "is unknown: $unknown"
            }
            $message = "After $TimeoutSeconds s the backup state $still Use Test-CsvBackupState to check whether a backup is running."
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'WaitTimedOut' -Message $message -Category OperationTimeout -Target $busy))
            return
        }
        $percent = [Math]::Min(100, [int] (100 * $seconds / $TimeoutSeconds))
        $status = if ($which) { $which } else { $unknown }
        Write-Progress -Activity 'Waiting for backups to finish' -Status $status -PercentComplete $percent -SecondsRemaining ($TimeoutSeconds - $seconds)
        Start-Sleep -Seconds 1
    }
}
