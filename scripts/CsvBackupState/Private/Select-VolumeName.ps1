function Test-Wildcard {
    # Whether a name is a wildcard pattern. A GUID name starts with \\?\, and an unclosed bracket is part of a name.
    param([string] $Name)

    if ($Name -like '\\[?]\*' -or -not [Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Name)) { return $false }
    # Trying the pattern and catching its exception would leave an error in the caller's -ErrorVariable.
    $rest = $Name -replace '`.', '' -replace '\[[^\]]+\]', ''
    -not $rest.Contains('[')
}

function Get-VolumeLeaf {
    # The last part of a friendly path, or of the GUID name that replaces a path shared by several volumes.
    param([string] $Volume)

    $bare = $Volume.TrimEnd('\')
    $bare.Substring($bare.LastIndexOf('\') + 1)
}

function Test-VolumeName {
    # Whether a name matches a friendly path: the path itself, its last part, or a wildcard pattern for one of them.
    param([string] $Volume, [string] $Name)

    $bare = $Name.TrimEnd('\', '/')
    foreach ($candidate in $Volume.TrimEnd('\'), (Get-VolumeLeaf -Volume $Volume)) {
        if ($candidate -eq $bare -or ((Test-Wildcard -Name $bare) -and $candidate -like $bare)) { return $true }
    }
    $false
}

function New-VolumeIndex {
    # An index of volumes by path, last part and GUID name: there may be a thousand volumes and a thousand names.
    # The objects have the property Volume, and VolumeGuid if it is known.
    param([object[]] $Volume)

    $index = New-Object -TypeName 'Collections.Generic.Dictionary[string,object]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    for ($number = 0; $number -lt $Volume.Count; $number++) {
        $one = $Volume[$number]
        $names = New-Object -TypeName Collections.ArrayList -ArgumentList (, @($one.Volume.TrimEnd('\'), (Get-VolumeLeaf -Volume $one.Volume)))
        $guid = $one.PSObject.Properties['VolumeGuid']
        if ($guid -and $guid.Value) { $null = $names.Add(([string] $guid.Value).TrimEnd('\')) }
        foreach ($name in $names) {
            if (-not $index.ContainsKey($name)) { $index[$name] = New-Object -TypeName 'Collections.Generic.HashSet[int]' }
            $null = $index[$name].Add($number)
        }
    }
    , $index
}

function Find-VolumeName {
    # Returns the indexes of the volumes that match any of the names (Chosen), and the names without wildcards that match none (Missing).
    # A literal match takes precedence: 'SQL [1]' is the volume of that name, and does not also match SQL 1.
    param([object[]] $Volume, [string[]] $Name)

    $chosen = New-Object -TypeName 'Collections.Generic.HashSet[int]'
    $missing = New-Object -TypeName Collections.ArrayList
    $index = New-VolumeIndex -Volume $Volume
    foreach ($each in $Name) {
        $bare = $each.TrimEnd('\', '/')
        if ($index.ContainsKey($bare)) {
            $chosen.UnionWith($index[$bare])
        } elseif (Test-Wildcard -Name $bare) {
            for ($number = 0; $number -lt $Volume.Count; $number++) {
                $path = $Volume[$number].Volume
                if ($path -like $bare -or (Get-VolumeLeaf -Volume $path) -like $bare) { $null = $chosen.Add($number) }
            }
        } else {
            $null = $missing.Add($each)
        }
    }
    New-Object -TypeName PSObject -Property @{ Chosen = $chosen; Missing = $missing }
}

function Select-VolumeName {
    # The volumes that match any of the names. A name without wildcards that matches none is an error.
    param([object[]] $Volume, [string[]] $Name, [Management.Automation.PSCmdlet] $Cmdlet)

    $found = Find-VolumeName -Volume $Volume -Name $Name
    foreach ($each in $found.Missing) { $Cmdlet.WriteError((New-MissingVolumeRecord -Volume $Volume -Name $each)) }
    for ($number = 0; $number -lt $Volume.Count; $number++) {
        if ($found.Chosen.Contains($number)) { $Volume[$number] }
    }
}

function New-MissingVolumeRecord {
    param([object[]] $Volume, [string] $Name)

    $known = @($Volume | ForEach-Object -MemberName Volume | Select-Object -Unique -First 10) -join ', '
    if (-not $known) { $known = 'none' }
    New-CsvErrorRecord -Id 'VolumeNotFound' -Message "There is no volume '$Name'. Existing volumes: $known." -Category ObjectNotFound -Target $Name
}

function Find-VolumeOfPath {
    # The volume that a path lies on: its own name, or a file or folder below it. Nothing if there is none, or several.
    param([object[]] $Volume, [string] $Path)

    $found = Find-VolumeName -Volume $Volume -Name $Path
    $matching = @(for ($number = 0; $number -lt $Volume.Count; $number++) { if ($found.Chosen.Contains($number)) { $Volume[$number] } })
    if ($matching.Count -eq 0) {
        $matching = @($Volume | Where-Object { $Path.StartsWith($_.Volume.TrimEnd('\') + '\', [StringComparison]::OrdinalIgnoreCase) })
    }
    if ($matching.Count -eq 1) { $matching[0] }
}
