function Test-Wildcard {
    # Whether a name is a pattern. A GUID name begins with \\?\, and a bracket that is not closed is part of a name.
    param([string] $Name)

    if ($Name -like '\\[?]\*' -or -not [Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Name)) { return $false }
    # To try the pattern and catch what it throws would leave an error in the caller's -ErrorVariable.
    $rest = $Name -replace '`.', '' -replace '\[[^\]]+\]', ''
    -not $rest.Contains('[')
}

function Test-VolumeName {
    # Whether a friendly path is meant by a name: the path itself, its last part, or a wildcard for either.
    param([string] $Volume, [string] $Name)

    $bare = $Name.TrimEnd('\', '/')
    $leaf = $Volume.Substring($Volume.LastIndexOf('\') + 1)
    foreach ($candidate in $Volume, $leaf) {
        if ($candidate -eq $bare -or ((Test-Wildcard -Name $bare) -and $candidate -like $bare)) { return $true }
    }
    $false
}

function Get-NamedVolume {
    # The volumes that one name means. A name as it is typed comes first: 'SQL [1]' is that volume, and not SQL 1 as well.
    param([object[]] $Volume, [string] $Name)

    $bare = $Name.TrimEnd('\', '/')
    $typed = @($Volume | Where-Object {
            $guid = $_.PSObject.Properties['VolumeGuid']
            $_.Volume -eq $bare -or $_.Volume.Substring($_.Volume.LastIndexOf('\') + 1) -eq $bare -or ($guid -and ([string] $guid.Value).TrimEnd('\') -eq $bare)
        })
    if ($typed.Count -gt 0) { return $typed }
    $Volume | Where-Object { Test-VolumeName -Volume $_.Volume -Name $Name }
}

function Select-VolumeName {
    # The volumes that are meant by any of the names; a name without wildcard that none has is an error.
    param([object[]] $Volume, [string[]] $Name, [Management.Automation.PSCmdlet] $Cmdlet)

    $chosen = New-Object -TypeName Collections.ArrayList
    foreach ($each in $Name) {
        $meant = @(Get-NamedVolume -Volume $Volume -Name $each)
        $chosen.AddRange($meant)
        if ($meant.Count -eq 0 -and -not (Test-Wildcard -Name $each)) {
            $known = ($Volume.Volume | Select-Object -Unique -First 10) -join ', '
            if (-not $known) { $known = 'none' }
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'VolumeNotFound' -Message "There is no volume '$each'. There are: $known." -Category ObjectNotFound -Target $each))
        }
    }
    $Volume | Where-Object { $chosen.Contains($_) }
}
