function Resolve-VolumePath {
    # A bare name such as Volume1 becomes the friendly path that ends with it; everything else is for the agent to judge.
    param([string] $Name, [object] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    if ($Name -match '[\\/:]' -or -not $Name) {
        return $Name
    }
    $reply = Send-AgentRequest -Connection $Connection -Request @{ type = 'read'; attribute = 'VolumeNames' }
    if ($reply.Failure) {
        $Cmdlet.WriteError($reply.Failure)
        return
    }
    $found = @($reply.Value | Where-Object { $_.Substring($_.LastIndexOf('\') + 1) -eq $Name })
    if ($found.Count -eq 1) {
        return $found[0]
    }
    $message = if ($found.Count -gt 1) {
        "There are several volumes '$Name': $($found -join ', '). Give the whole path."
    } else {
        "There is no volume '$Name'. There are: $(($reply.Value | Select-Object -First 10) -join ', ')."
    }
    $Cmdlet.WriteError((New-CsvErrorRecord -Id 'VolumeNotFound' -Message $message -Category ObjectNotFound -Target $Name))
}
