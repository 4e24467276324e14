# Names of volumes for the tab key: from the agents of the connection parameters that were typed or that $PSDefaultParameterValues gives,
# within about a second, and silent if it fails. With -ComputerName from the agent on this machine, since remoting takes longer than that.
$script:VolumeNameCompleter = {
    param($commandName, $parameterName, $wordToComplete, $commandAst, $fakeBoundParameters)

    $top = $global:Error | Select-Object -First 1
    try {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $bound = @{ RequestTimeoutSeconds = 1 }
        foreach ($name in 'Uri', 'Port', 'Credential', 'TokenPath', 'SkipCertificateCheck') {
            if ($fakeBoundParameters.Contains($name)) {
                $bound[$name] = $fakeBoundParameters[$name]
            } else {
                $default = Get-DefaultParameter -Command $commandName -Parameter $name
                if ($null -ne $default) { $bound[$name] = $default }
            }
        }
        if ($fakeBoundParameters.Contains('ComputerName')) { $bound.Remove('Uri') }
        # A name alone would ask for a password, and what is no address yet is being typed.
        if ($bound['Credential'] -isnot [pscredential]) { $bound.Remove('Credential') }
        $connections = if ($bound.ContainsKey('Uri')) {
            foreach ($uri in @($bound['Uri'])) {
                $bound['Uri'] = @([Uri] [string] $uri)
                Resolve-AgentConnection -Bound $bound
            }
        } else {
            Resolve-AgentConnection -Bound $bound
        }
        $typed = $wordToComplete.Trim("'", '"').Replace("''", "'")
        $seen = @{}
        foreach ($connection in $connections) {
            if ($watch.ElapsedMilliseconds -gt 700) { break }
            $reply = Send-AgentRequest -Connection $connection -Request @{ type = 'read'; attribute = 'VolumeNames' }
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
        # A tab key that prints errors helps nobody.
        $null = $_
    } finally {
        Restore-ErrorList -Top $top
    }
}
