function ConvertTo-LocalTime {
    # Times arrive as milliseconds since the epoch, or as ISO-8601 texts, which PowerShell 7 has already converted to dates.
    param([object] $Value)

    if ($null -eq $Value -or $Value -eq '' -or ($Value -is [ValueType] -and $Value -isnot [datetime] -and $Value -le 0)) {
        return $null
    }
    if ($Value -is [datetime]) {
        return $Value.ToLocalTime()
    }
    if ($Value -is [string]) {
        $style = [Globalization.DateTimeStyles]::AdjustToUniversal -bor [Globalization.DateTimeStyles]::AssumeUniversal
        return [datetime]::Parse($Value, [Globalization.CultureInfo]::InvariantCulture, $style).ToLocalTime()
    }
    (ConvertFrom-EpochMillis -Value $Value).ToLocalTime()
}

function ConvertFrom-EpochMillis {
    # A date in UTC.
    param([double] $Value)

    $epoch = New-Object -TypeName datetime -ArgumentList 1970, 1, 1, 0, 0, 0, ([DateTimeKind]::Utc)
    $epoch.AddMilliseconds($Value)
}

function Get-TimeSince {
    # The time since then, or nothing for 0. Computed in UTC, because daylight saving time makes differences of local times wrong.
    param([object] $EpochMillis)

    if (-not $EpochMillis -or $EpochMillis -le 0) { return $null }
    [datetime]::UtcNow - (ConvertFrom-EpochMillis -Value $EpochMillis)
}

function Format-Age {
    # The time since then, in words.
    param([object] $EpochMillis)

    $age = Get-TimeSince -EpochMillis $EpochMillis
    if ($null -eq $age) { return 'an unknown time' }
    Format-TimeSpan -Span $age
}

function Format-TimeSpan {
    param([timespan] $Span)

    if ($Span.TotalHours -ge 1) { return '{0} h {1} min' -f [Math]::Floor($Span.TotalHours), $Span.Minutes }
    if ($Span.TotalMinutes -ge 1) { return "$($Span.Minutes) min" }
    "$([Math]::Max(0, $Span.Seconds)) s"
}
