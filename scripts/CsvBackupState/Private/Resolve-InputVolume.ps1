function Resolve-InputVolume {
    # What came down the pipeline: names of volumes, and of which agent they are if it is known.
    param([object] $InputObject, [Management.Automation.PSCmdlet] $Cmdlet)

    $property = { param($object, $name) $found = $object.PSObject.Properties[$name]; if ($found) { $found.Value } }
    $isOurs = @($InputObject.PSObject.TypeNames -like '*CsvBackupState.*').Count -gt 0
    if ($InputObject -is [string]) {
        return [pscustomobject] @{ Name = [string] $InputObject; Cluster = ''; Uri = ''; Computer = '' }
    }
    if ($isOurs -and (& $property $InputObject 'Volume')) {
        $uri = [string] (& $property $InputObject 'AgentUri')
        $computer = [string] (& $property $InputObject 'AgentComputer')
        # An object that remoting brought here speaks of the loopback address of the node that it comes from.
        if (-not $computer -and $uri -and ([Uri] $uri).IsLoopback) { $computer = [string] (& $property $InputObject 'PSComputerName') }
        return [pscustomobject] @{
            Name     = [string] $InputObject.Volume
            Cluster  = [string] (& $property $InputObject 'Cluster')
            Uri      = $uri
            Computer = $computer
        }
    }
    $items = & $property $InputObject 'SharedVolumeInfo'
    if (-not $items) { $items = @($InputObject) }
    foreach ($item in $items) {
        $name = & $property $item 'FriendlyVolumeName'
        if ($name) {
            [pscustomobject] @{ Name = [string] $name; Cluster = ''; Uri = ''; Computer = '' }
        } else {
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'NotAVolume' -Message "An object of type $($InputObject.GetType().Name) is no volume. Pipe what Get-ClusterSharedVolume or Get-CsvBackupState gives, or names." -Category InvalidArgument -Target $InputObject))
        }
    }
}

function Get-VolumeKey {
    # What two objects share that mean one volume: its path in its cluster. Not every object knows its cluster; its agent does.
    param([object] $Item, [object] $Connection, [hashtable] $Cluster)

    $agent = "$($Item.Computer) $($Item.Uri)"
    $name = $Item.Cluster
    if (-not $name) {
        if (-not $Cluster.ContainsKey($agent)) {
            $reply = Send-AgentRequest -Connection $Connection -Request @{ type = 'read'; attribute = 'ClusterName' }
            $Cluster[$agent] = if (-not $reply.Failure -and $reply.Value) { [string] $reply.Value } else { $agent }
        }
        $name = $Cluster[$agent]
    }
    "$name|$($Item.Name)"
}

function Resolve-InputConnection {
    # The agent that a piped volume came from; else the one that the caller names, which may be a default for all commands.
    param([object] $Item, [hashtable] $Bound, [Management.Automation.PSCmdlet] $Cmdlet)

    $own = $Bound.Clone()
    if ($Item.Uri) {
        foreach ($name in 'Uri', 'ComputerName', 'Port') { $null = $own.Remove($name) }
        if ($Item.Computer) {
            $own['ComputerName'] = @($Item.Computer)
            $own['Port'] = ([Uri] $Item.Uri).Port
        } else {
            $own['Uri'] = @([Uri] $Item.Uri)
        }
    }
    Resolve-AgentConnection -Bound $own -Cmdlet $Cmdlet
}
