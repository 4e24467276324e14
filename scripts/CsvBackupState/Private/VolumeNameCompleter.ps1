# Completes volume names for the tab key. It queries the agents of the parameters that were typed, or that $PSDefaultParameterValues sets, takes
# about a second at most, and is silent if it fails. Remoting is too slow for it: with -ComputerName it queries the agent on this machine.
$script:VolumeNameCompleter = {
    param($commandName, $parameterName, $wordToComplete, $commandAst, $fakeBoundParameters)

    $top = $global:Error | Select-Object -First 1
    try {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $given = @{}
        foreach ($name in 'Connection', 'Uri', 'ComputerName', 'Credential') {
            if ($fakeBoundParameters.Contains($name)) { $given[$name] = $fakeBoundParameters[$name] }
        }
        $isTyped = $given.ContainsKey('Connection') -or $given.ContainsKey('Uri') -or $given.ContainsKey('ComputerName')
        foreach ($name in 'Connection', 'Uri', 'Credential') {
            if ($given.ContainsKey($name) -or ($isTyped -and $name -ne 'Credential')) { continue }
            $default = Get-DefaultParameter -Command $commandName -Parameter $name
            if ($null -ne $default) { $given[$name] = $default }
        }
        # A user name alone would prompt for a password.
        $credential = if ($given['Credential'] -is [pscredential]) { $given['Credential'] } else { $null }
        $connections = @(if ($given.ContainsKey('Connection')) {
            $given['Connection'] | Where-Object { -not $_.ComputerName }
        } elseif ($given.ContainsKey('Uri')) {
            foreach ($uri in $given['Uri']) { New-AgentConnection -Uri ([string] $uri) -Credential $credential }
        } else {
            New-AgentConnection -Credential $credential
        })
        $typed = $wordToComplete.Trim("'", '"').Replace("''", "'")
        $seen = @{}
        foreach ($connection in $connections) {
            if ($watch.ElapsedMilliseconds -gt 700) { break }
            $quick = $connection.PSObject.Copy()
            $quick.RequestTimeoutSeconds = 1
            $reply = Send-AgentRequest -Connection $quick -Request @{ type = 'read'; attribute = 'VolumeNames' }
            foreach ($volume in $reply.Value) {
                if ($seen[$volume]) { continue }
                $seen[$volume] = $true
                $leaf = $volume.Substring($volume.LastIndexOf('\') + 1)
                if ($volume.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase) -or $leaf.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase)) {
                    $quoted = "'" + $volume.Replace("'", "''") + "'"
                    New-Object -TypeName Management.Automation.CompletionResult -ArgumentList $quoted, $volume, 'ParameterValue', $volume
                }
            }
        }
    } catch {
        # The tab key must not print errors.
        $null = $_
    } finally {
        Restore-ErrorList -Top $top
    }
}
