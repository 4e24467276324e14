function Test-VolumeName {
    # Whether a friendly path is meant by a name: the path itself, its last part, or a wildcard for either.
    param([string] $Volume, [string] $Name)

    $bare = $Name.TrimEnd('\', '/')
    $leaf = $Volume.Substring($Volume.LastIndexOf('\') + 1)
    foreach ($candidate in $Volume, $leaf) {
        if ($candidate -eq $bare -or $candidate -like $bare) { return $true }
    }
    $false
}

function Select-VolumeName {
    # The volumes that are meant by any of the names; a name without wildcard that none has is an error.
    param([object[]] $Volume, [string[]] $Name, [Management.Automation.PSCmdlet] $Cmdlet)

    foreach ($one in $Volume) {
        foreach ($each in $Name) {
            if (Test-VolumeName -Volume $one.Volume -Name $each) {
                $one
                break
            }
        }
    }
    foreach ($each in $Name) {
        if (-not ($Volume | Where-Object { Test-VolumeName -Volume $_.Volume -Name $each }) -and -not [Management.Automation.WildcardPattern]::ContainsWildcardCharacters($each)) {
            $known = ($Volume.Volume | Select-Object -Unique -First 10) -join ', '
            if (-not $known) { $known = 'none' }
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'VolumeNotFound' -Message "There is no volume '$each'. There are: $known." -Category ObjectNotFound -Target $each))
        }
    }
}
