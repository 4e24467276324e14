function Get-HealthLine {
    # One text for a monitoring system, with its exit code as a property.
    param([object[]] $Connection, [string] $Format, [double] $StaleMinutes, [double] $StuckHours, [string[]] $Name)

    $failures = New-Object -TypeName Collections.ArrayList
    $unread = New-Object -TypeName Collections.ArrayList
    $health = Get-HealthVolume -Connection $Connection -Failure $failures -Unread $unread
    $volumes = @($health.Volumes)
    $isPart = $false
    if ($Name) {
        $found = Find-VolumeName -Volume $volumes -Name $Name
        # When no agent has answered, that is what is wrong, and not the names.
        if ($health.IsAnswered) {
            foreach ($one in $found.Missing) { $null = $failures.Add("There is no volume $one.") }
        }
        $isPart = $found.Missing.Count -eq 0 -and @($Name | Where-Object { Test-Wildcard -Name $_ }).Count -eq 0
        $volumes = @(for ($number = 0; $number -lt $volumes.Count; $number++) { if ($found.Chosen.Contains($number)) { $volumes[$number] } })
    }
    # A disk that cannot be read hides volumes, but none of those that are named and were found.
    if (-not $isPart) { foreach ($one in $unread) { $null = $failures.Add($one) } }
    $problems = @($volumes | Where-Object { $_.problem -and -not $health.PollErrors.Contains($_.problem) })
    foreach ($one in $problems | Select-Object -First 5) { $null = $failures.Add("$($one.volume) could not be read: $($one.problem)") }
    if ($problems.Count -gt 5) { $null = $failures.Add("$($problems.Count - 5) more volumes could not be read.") }
    $reasons = @(foreach ($one in $failures) { if ($one -match '[.!?]\z') { $one } else { "$one." } }) -join ' '

    $busy = @($volumes | Where-Object { $_.backupState -ne 'NONE' })
    $stale = @($volumes | Where-Object { if ($StaleMinutes -lt 0) { $_.stale } else { (Get-StateAge -Volume $_) -gt 60 * $StaleMinutes } })
    $oldest = 0
    foreach ($volume in $busy) { $oldest = [Math]::Max($oldest, [int] (Get-StateAge -Volume $volume)) }
    $limit = [int] ($StuckHours * 3600)
    $code = 0
    if ($stale.Count -gt 0) { $code = if ($oldest -gt $limit) { 2 } else { 1 } }
    # An agent that does not answer must not hide what another one sees.
    if ($failures.Count -gt 0 -and $code -eq 0) { $code = 3 }
    $word = @('OK', 'WARNING', 'CRITICAL', 'UNKNOWN')[$code]
    $what = if ($code -eq 3) {
        $reasons
    } elseif ($stale.Count -gt 0) {
        $names = ($stale | ForEach-Object -MemberName volume) -join ', '
        if ($failures.Count -gt 0) { "stale: $names; not all is known: $reasons" } else { "stale: $names" }
    } else {
        "$($volumes.Count) volumes, none stale"
    }
    $what = $what -replace '[\r\n|]+', ' '
    $text = if ($Format -eq 'Nagios') {
        "CSV $word - $what | volumes=$($volumes.Count) in_progress=$($busy.Count) stale=$($stale.Count);0 oldest_age=${oldest}s;;$limit"
    } elseif ($code -eq 3) {
        ConvertTo-AsciiJson -InputObject @{ prtg = @{ error = 1; text = $what } }
    } else {
        $channels = @(
            @{ channel = 'Stale volumes'; value = $stale.Count; limitmode = 1; limitmaxwarning = 0 }
            @{ channel = 'Volumes in progress'; value = $busy.Count }
            @{ channel = 'Oldest state'; value = $oldest; unit = 'TimeSeconds'; limitmode = 1; limitmaxerror = $limit }
            @{ channel = 'Volumes'; value = $volumes.Count }
        )
        ConvertTo-AsciiJson -InputObject @{ prtg = @{ result = $channels; text = $what } }
    }
    Add-Member -InputObject $text -MemberType NoteProperty -Name 'ExitCode' -Value $code -PassThru
}

function Get-StateAge {
    # For how many seconds the state has been set; 0 if it is not.
    param([object] $Volume)

    $age = Get-TimeSince -EpochMillis $Volume.sinceEpochMillis
    if ($age) { $age.TotalSeconds } else { 0 }
}

function Get-HealthVolume {
    # Each volume once, of several agents as the one that has seen its state for the longest tells it; what fails goes to the lists.
    param([object[]] $Connection, [Collections.ArrayList] $Failure, [Collections.ArrayList] $Unread)

    $byGuid = @{}
    $pollErrors = New-Object -TypeName 'Collections.Generic.HashSet[string]'
    $isAnswered = $false
    $request = @{ type = 'read'; attribute = @('Volumes', 'Node', 'LastPollError', 'UnreadableDisks') }
    foreach ($reply in Send-AgentRequest -Connection $Connection -Request $request) {
        if ($reply.Failure) {
            $null = $Failure.Add($reply.Failure.Exception.Message)
            continue
        }
        $isAnswered = $true
        if ($reply.Value.LastPollError) {
            $null = $Failure.Add("The last poll failed: $($reply.Value.LastPollError)")
            # Every volume of that agent has the same problem then.
            $null = $pollErrors.Add($reply.Value.LastPollError)
        }
        foreach ($disk in $reply.Value.UnreadableDisks) {
            if ($disk) { $null = $Unread.Add("$($reply.Value.Node) could not read a disk: $disk") }
        }
        foreach ($volume in $reply.Value.Volumes) {
            # What could not be read may lack its GUID name, and must not hide behind another one.
            $key = if ($volume.guid) { $volume.guid } else { $volume.volume }
            $known = $byGuid[$key]
            if (-not $known) {
                $byGuid[$key] = $volume
                continue
            }
            $older = (Get-StateAge -Volume $volume) - (Get-StateAge -Volume $known)
            # Of two that say the same, the one that could read it now.
            $kept = if ($older -gt 0 -or ($older -eq 0 -and $known.problem)) { $volume } else { $known }
            $kept.stale = $volume.stale -or $known.stale
            $byGuid[$key] = $kept
        }
    }
    New-Object -TypeName PSObject -Property @{
        Volumes    = @($byGuid.Values | Sort-Object -Property volume)
        PollErrors = $pollErrors
        IsAnswered = $isAnswered
    }
}
