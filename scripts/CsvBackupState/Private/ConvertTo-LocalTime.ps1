function ConvertTo-LocalTime {
    # Times arrive as milliseconds of the epoch, or as ISO-8601 texts, of which PowerShell 7 has made dates already.
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
    # How long something has lasted; nothing if it does not. Local times do not do for it: between two of them an hour may come or go.
    param([object] $EpochMillis)

    if (-not $EpochMillis -or $EpochMillis -le 0) { return $null }
    [datetime]::UtcNow - (ConvertFrom-EpochMillis -Value $EpochMillis)
}
