function Resolve-VolumePath {
    # Turns a bare name such as Volume1 into the friendly path that ends with it. The agent checks all other names.
    param([string] $Name, [object] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    if ($Name -match '[\\/:]' -or -not $Name) {
        return $Name
    }
    $reply = Send-AgentRequest -Connection $Connection -Request @{ type = 'read'; attribute = 'VolumeNames' }
    if ($reply.Failure) {
        $Cmdlet.WriteError($reply.Failure)
        return
    }
    $found = @($reply.Value | Where-Object { (Get-VolumeLeaf -Volume $_) -eq $Name })
    if ($found.Count -eq 1) {
        return $found[0]
    }
    $message = if ($found.Count -gt 1) {
        "Several volumes are named '$Name': $($found -join ', '). Use the full path."
    } else {
        "There is no volume '$Name'. Existing volumes: $(($reply.Value | Select-Object -First 10) -join ', ')."
    }
    $Cmdlet.WriteError((New-CsvErrorRecord -Id 'VolumeNotFound' -Message $message -Category ObjectNotFound -Target $Name))
}
