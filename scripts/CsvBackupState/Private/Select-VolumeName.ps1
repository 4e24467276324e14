function Test-Wildcard {
    # Whether a name is a pattern. A GUID name begins with \\?\, and a bracket that is not closed is part of a name.
    param([string] $Name)

    if ($Name -like '\\[?]\*' -or -not [Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Name)) { return $false }
    # To try the pattern and catch what it throws would leave an error in the caller's -ErrorVariable.
    $rest = $Name -replace '`.', '' -replace '\[[^\]]+\]', ''
    -not $rest.Contains('[')
}

function Get-VolumeLeaf {
    # The last part of a friendly path, or of the GUID name that stands for one which several volumes have.
    param([string] $Volume)

    $bare = $Volume.TrimEnd('\')
    $bare.Substring($bare.LastIndexOf('\') + 1)
}

function Test-VolumeName {
    # Whether a friendly path is meant by a name: the path itself, its last part, or a wildcard for either.
    param([string] $Volume, [string] $Name)

    $bare = $Name.TrimEnd('\', '/')
    foreach ($candidate in $Volume.TrimEnd('\'), (Get-VolumeLeaf -Volume $Volume)) {
        if ($candidate -eq $bare -or ((Test-Wildcard -Name $bare) -and $candidate -like $bare)) { return $true }
    }
    $false
}

function New-VolumeIndex {
    # Finds volumes by their paths, their last parts and their GUID names without a walk for each name: there may be a thousand of both.
    # The objects have the property Volume, and VolumeGuid or guid if it is known.
    param([object[]] $Volume)

    $index = New-Object -TypeName 'Collections.Generic.Dictionary[string,object]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    for ($number = 0; $number -lt $Volume.Count; $number++) {
        $one = $Volume[$number]
        $names = New-Object -TypeName Collections.ArrayList -ArgumentList (, @($one.Volume.TrimEnd('\'), (Get-VolumeLeaf -Volume $one.Volume)))
        foreach ($property in 'VolumeGuid', 'guid') {
            $guid = $one.PSObject.Properties[$property]
            if ($guid -and $guid.Value) { $null = $names.Add(([string] $guid.Value).TrimEnd('\')) }
        }
        foreach ($name in $names) {
            if (-not $index.ContainsKey($name)) { $index[$name] = New-Object -TypeName 'Collections.Generic.HashSet[int]' }
            $null = $index[$name].Add($number)
        }
    }
    , $index
}

function Find-VolumeName {
    # The numbers of the volumes that are meant by any of the names, as Chosen, and the names without wildcard that none has, as Missing.
    # A name as it is typed comes first: 'SQL [1]' is that volume, and not SQL 1 as well.
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
    # The volumes that are meant by any of the names; a name without wildcard that none has is an error.
    param([object[]] $Volume, [string[]] $Name, [Management.Automation.PSCmdlet] $Cmdlet)

    $found = Find-VolumeName -Volume $Volume -Name $Name
    foreach ($each in $found.Missing) { $Cmdlet.WriteError((New-MissingVolumeRecord -Volume $Volume -Name $each)) }
    for ($number = 0; $number -lt $Volume.Count; $number++) {
        if ($found.Chosen.Contains($number)) { $Volume[$number] }
    }
}

function New-MissingVolumeRecord {
    # The error that there is no volume of a name.
    param([object[]] $Volume, [string] $Name)

    $known = @($Volume | ForEach-Object -MemberName Volume | Select-Object -Unique -First 10) -join ', '
    if (-not $known) { $known = 'none' }
    New-CsvErrorRecord -Id 'VolumeNotFound' -Message "There is no volume '$Name'. There are: $known." -Category ObjectNotFound -Target $Name
}
