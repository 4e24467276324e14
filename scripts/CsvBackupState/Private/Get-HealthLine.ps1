function Get-HealthLine {
    # One text for a monitoring system, with its exit code as a property.
    param([object[]] $Connection, [string] $Format, [double] $StaleMinutes, [double] $StuckHours, [string[]] $Name)

    $failures = New-Object -TypeName Collections.ArrayList
    $volumes = @(Get-HealthVolume -Connection $Connection -Failure $failures)
    if ($Name) {
        $volumes = @($volumes | Where-Object { $one = $_; $Name | Where-Object { $one -in @(Get-NamedVolume -Volume $volumes -Name $_) } })
        if ($volumes.Count -eq 0 -and $failures.Count -eq 0) { $null = $failures.Add("There is no volume $($Name -join ', ').") }
    }
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
        $failures -join ' '
    } elseif ($stale.Count -gt 0) {
        $names = ($stale | ForEach-Object -MemberName volume) -join ', '
        if ($failures.Count -gt 0) { "stale: $names; not all agents tell: $($failures -join ' ')" } else { "stale: $names" }
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

    $since = ConvertTo-LocalTime -Value $Volume.sinceEpochMillis
    if ($since) { ((Get-Date) - $since).TotalSeconds } else { 0 }
}

function Get-HealthVolume {
    # Each volume once, of several agents the one that says the most; what fails goes to the list.
    param([object[]] $Connection, [Collections.ArrayList] $Failure)

    $byName = @{}
    $request = @{ type = 'read'; attribute = @('Volumes', 'LastPollError') }
    foreach ($reply in Send-AgentRequest -Connection $Connection -Request $request) {
        if ($reply.Failure) {
            $null = $Failure.Add($reply.Failure.Exception.Message)
            continue
        }
        if ($reply.Value.LastPollError) { $null = $Failure.Add("The last poll failed: $($reply.Value.LastPollError)") }
        foreach ($volume in $reply.Value.Volumes) {
            $known = $byName[$volume.guid]
            if (-not $known -or ($volume.stale -and -not $known.stale)) { $byName[$volume.guid] = $volume }
        }
    }
    $byName.Values | Sort-Object -Property volume
}
