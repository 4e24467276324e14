function Get-WaitGoal {
    # What a command waits for, and the words for it. Reached: whether a volume that could be read is there. IsEnough: whether to stop waiting, by
    # the volumes that are there, the others, and why some are unknown.
    param([string] $Until)

    $isAll = { param($reached, $rest, $unknown) $rest.Count -eq 0 -and -not $unknown }
    switch ($Until) {
        'Clearable' {
            @{
                Activity   = 'Waiting until the backup state can be cleared'
                Reached    = { param($volume) $volume.Verdict -eq 'CLEARABLE' -or $volume.State -eq 'NONE' }
                IsEnough   = $isAll
                IsInRounds = $false
                Rest       = 'cannot be cleared yet'
            }
        }
        'SomeClearable' {
            @{
                Activity   = 'Waiting until the backup state can be cleared'
                Reached    = { param($volume) $volume.Verdict -eq 'CLEARABLE' -or $volume.State -eq 'NONE' }
                IsEnough   = { param($reached, $rest, $unknown, $end) $reached.Count -gt 0 -and @($rest | Where-Object { Test-Soon -Estimate $_.EarliestClear -End $end }).Count -eq 0 }
                IsInRounds = $true
                Rest       = 'cannot be cleared yet'
            }
        }
        'NotStale' {
            @{
                Activity   = 'Waiting until no backup state is stale'
                Reached    = { param($volume) -not $volume.Stale }
                IsEnough   = $isAll
                IsInRounds = $false
                Rest       = 'is still stale'
            }
        }
        default {
            @{
                Activity   = 'Waiting until no backup state is set'
                Reached    = { param($volume) $volume.State -eq 'NONE' }
                IsEnough   = $isAll
                IsInRounds = $false
                Rest       = 'is still set'
            }
        }
    }
}

function Test-Soon {
    # Whether to wait for a volume before the others are cleared. A clear starts VSS on every node, so the next one can follow only about this much later.
    # End: when the wait ends. The others must be cleared before that.
    param([object] $Estimate, [datetime] $End)

    $Estimate -and $Estimate -lt [datetime]::Now.AddMinutes(10) -and $Estimate -lt $End
}

function Wait-Volume {
    # Checks once a second until the volumes with those names have reached the goal, and returns those that have, or writes an error when the time
    # is over. A failed check does not end the wait, because agents and nodes are restarted: it is a warning once, and the error at the end.
    # It reads what the agents' polls found, and does not use assess: an agent that assesses lists the shadow copies of nodes whose VSS service
    # runs, which keeps that service running, and the running service prevents the clear.
    # Only: the volumes that are meant, see Get-VolumeKey; null: all with those names.
    param(
        [string[]] $Name,
        [object[]] $Connection,
        [hashtable] $Goal,
        [Diagnostics.Stopwatch] $Watch,
        [int] $TimeoutSeconds,
        [Collections.Generic.HashSet[string]] $Only,
        [Management.Automation.PSCmdlet] $Cmdlet
    )

    # Waiting does not fix these. After the first check they may come from an agent that is just starting.
    $permanent = 'InvalidData', 'ObjectNotFound', 'SecurityError', 'AuthenticationError', 'PermissionDenied'
    $isFirst = $true
    $reported = New-Object -TypeName 'Collections.Generic.HashSet[string]'
    $wereFound = $false
    while ($true) {
        $answers = @(Read-AgentVolume -Connection $Connection)
        foreach ($warning in @($answers | ForEach-Object -MemberName Warnings)) {
            # For how long a disk hangs differs at each check.
            if ($reported.Add(($warning -replace '\d+ s\b', 's'))) { $Cmdlet.WriteWarning($warning) }
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
        if ($null -ne $Only) {
            $volumes = @($volumes | Where-Object { $Only.Contains((Get-VolumeKey -Volume $_)) })
            if ($volumes.Count -lt $Only.Count -and -not $unknown) { $unknown = 'The agents do not report all of these volumes.' }
        }
        # A volume that cannot be read may be in any state.
        $reached = @($volumes | Where-Object { -not $_.Problem -and (& $Goal.Reached $_) })
        $rest = @($volumes | Where-Object { $_.Problem -or -not (& $Goal.Reached $_) })
        $seconds = [int] $Watch.Elapsed.TotalSeconds
        $isOver = $seconds -ge $TimeoutSeconds
        # In rounds the time must end, because every round may have reached something.
        $end = [datetime]::Now.AddSeconds($TimeoutSeconds - $seconds)
        if ((& $Goal.IsEnough $reached $rest $unknown $end) -and -not ($isOver -and $Goal.IsInRounds)) { return $reached }
        if ($isOver) {
            $Cmdlet.WriteError((New-WaitTimeoutRecord -Rest $rest -Goal $Goal -Unknown $unknown -TimeoutSeconds $TimeoutSeconds))
            return
        }
        $progress = @{
            Activity         = $Goal.Activity
            Status           = Format-WaitStatus -Rest $rest -Unknown $unknown -SecondsLeft ($TimeoutSeconds - $seconds)
            PercentComplete  = [Math]::Min(100, [int] (100 * $seconds / $TimeoutSeconds))
            SecondsRemaining = $TimeoutSeconds - $seconds
        }
        Write-Progress @progress
        Start-Sleep -Seconds 1
    }
}

function Get-VolumeKey {
    # Identifies a volume as one agent reports it.
    param([object] $Volume)

    "$($Volume.AgentComputer)|$($Volume.AgentUri)|$($Volume.Volume)"
}

function Format-WaitStatus {
    # One line of the progress bar: the volumes that are waited for, the estimate if the agent has one, and when the command gives up.
    param([object[]] $Rest, [string] $Unknown, [int] $SecondsLeft)

    $which = @($Rest | Where-Object { $_ } | Select-Object -First 3 | ForEach-Object {
            $about = if ($_.EarliestClear) { ", clearable from about $($_.EarliestClear.ToString('HH:mm'))" } else { '' }
            "$($_.Volume) ($($_.Verdict)$about)"
        }) -join '; '
    if (@($Rest).Count -gt 3) { $which += "; and $(@($Rest).Count - 3) more" }
    if (-not $which) { $which = $Unknown }
    "$which. Ends at $([datetime]::Now.AddSeconds($SecondsLeft).ToString('HH:mm:ss')) at the latest."
}

function New-WaitTimeoutRecord {
    param([object[]] $Rest, [hashtable] $Goal, [string] $Unknown, [int] $TimeoutSeconds)

    $which = @($Rest | Where-Object { $_ } | ForEach-Object { "$($_.Volume)$(if (-not $_.Problem) { " ($($_.Verdict))" })" } | Select-Object -Unique) -join ', '
    $unread = @($Rest | Where-Object { $_ -and $_.Problem })
    $still = if ($unread.Count -gt 0) {
        "$($Goal.Rest) or cannot be read: $which. $($unread[0].Problem)"
    } elseif ($which) {
        "$($Goal.Rest): $which. $Unknown".Trim()
    } else {
        "is unknown: $Unknown"
    }
    $message = "After $TimeoutSeconds s the backup state $still Use Test-CsvBackupState to check whether a backup is running."
    New-CsvErrorRecord -Id 'WaitTimedOut' -Message $message -Category OperationTimeout -Target $Rest
}
