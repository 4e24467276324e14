function Resolve-InputVolume {
    # Turns an object from the pipeline into names of volumes, with the agent that reported them and their GUID names if they are known.
    param([object] $InputObject, [Management.Automation.PSCmdlet] $Cmdlet)

    $property = { param($object, $name) $found = $object.PSObject.Properties[$name]; if ($found) { $found.Value } }
    $isOurs = @($InputObject.PSObject.TypeNames -like '*CsvBackupState.*').Count -gt 0
    if ($InputObject -is [string]) {
        return [pscustomobject] @{ Name = [string] $InputObject; Uri = ''; Computer = '' }
    }
    if ($isOurs -and (& $property $InputObject 'Volume')) {
        $uri = "$(& $property $InputObject 'AgentUri')"
        $computer = "$(& $property $InputObject 'AgentComputer')"
        # An object that came here through remoting has the loopback address of the node that it comes from.
        if (-not $computer -and $uri -and ([Uri] $uri).IsLoopback) { $computer = "$(& $property $InputObject 'PSComputerName')" }
        return [pscustomobject] @{
            Name     = [string] $InputObject.Volume
            Uri      = $uri
            Computer = $computer
            Guid     = "$(& $property $InputObject 'VolumeGuid')"
            Owner    = "$(& $property $InputObject 'OwnerNode')"
        }
    }
    $items = & $property $InputObject 'SharedVolumeInfo'
    if (-not $items) { $items = @($InputObject) }
    foreach ($item in $items) {
        $name = & $property $item 'FriendlyVolumeName'
        if ($name) {
            [pscustomobject] @{ Name = [string] $name; Uri = ''; Computer = '' }
        } else {
            $message = "An object of type $($InputObject.GetType().Name) is not a volume. Pipe the output of Get-ClusterSharedVolume or Get-CsvBackupState, or names."
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'NotAVolume' -Message $message -Category InvalidArgument -Target $InputObject))
        }
    }
}
