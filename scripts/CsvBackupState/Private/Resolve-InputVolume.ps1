function Resolve-InputVolume {
    # What came down the pipeline: names of volumes, and of which agent they are if it is known.
    param([object] $InputObject, [Management.Automation.PSCmdlet] $Cmdlet)

    $property = { param($object, $name) $found = $object.PSObject.Properties[$name]; if ($found) { $found.Value } }
    $isOurs = @($InputObject.PSObject.TypeNames -like '*CsvBackupState.*').Count -gt 0
    if ($InputObject -is [string]) {
        return [pscustomobject] @{ Name = [string] $InputObject; Key = ''; Uri = ''; Computer = '' }
    }
    if ($isOurs -and (& $property $InputObject 'Volume')) {
        return [pscustomobject] @{
            Name     = [string] $InputObject.Volume
            Key      = "$(& $property $InputObject 'Cluster')|$(& $property $InputObject 'VolumeGuid')"
            Uri      = [string] (& $property $InputObject 'AgentUri')
            Computer = [string] (& $property $InputObject 'AgentComputer')
        }
    }
    $items = & $property $InputObject 'SharedVolumeInfo'
    if (-not $items) { $items = @($InputObject) }
    foreach ($item in $items) {
        $name = & $property $item 'FriendlyVolumeName'
        if ($name) {
            [pscustomobject] @{ Name = [string] $name; Key = ''; Uri = ''; Computer = '' }
        } else {
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'NotAVolume' -Message "An object of type $($InputObject.GetType().Name) is no volume. Pipe what Get-ClusterSharedVolume or Get-CsvBackupState gives, or names." -Category InvalidArgument -Target $InputObject))
        }
    }
}

function Resolve-InputConnection {
    # The agent that a piped volume came from, unless the caller names another.
    param([object] $Item, [hashtable] $Bound)

    if ($Bound.ContainsKey('Uri') -or $Bound.ContainsKey('ComputerName')) {
        return Resolve-AgentConnection -Bound $Bound
    }
    $own = $Bound.Clone()
    if ($Item.Computer) {
        $own['ComputerName'] = @($Item.Computer)
    } elseif ($Item.Uri) {
        $own['Uri'] = @([Uri] $Item.Uri)
    }
    Resolve-AgentConnection -Bound $own
}
