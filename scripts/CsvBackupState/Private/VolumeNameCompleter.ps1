# Names of volumes for the tab key: from the agent of the connection parameters that were typed, within a second, and silent if it fails.
$script:VolumeNameCompleter = {
    param($commandName, $parameterName, $wordToComplete, $commandAst, $fakeBoundParameters)

    try {
        $bound = @{}
        foreach ($name in 'Uri', 'Port') {
            if ($fakeBoundParameters.Contains($name)) { $bound[$name] = $fakeBoundParameters[$name] }
        }
        if ($bound.ContainsKey('Uri')) { $bound['Uri'] = @([Uri] [string] @($bound['Uri'])[0]) }
        $bound['RequestTimeoutSeconds'] = 1
        $reply = Send-AgentRequest -Connection (Resolve-AgentConnection -Bound $bound) -Request @{ type = 'read'; attribute = 'VolumeNames' }
        $typed = $wordToComplete.Trim("'", '"')
        foreach ($volume in $reply.Value) {
            $leaf = $volume.Substring($volume.LastIndexOf('\') + 1)
            if ($volume.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase) -or $leaf.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase)) {
                $quoted = "'" + $volume.Replace("'", "''") + "'"
                New-Object -TypeName Management.Automation.CompletionResult -ArgumentList $quoted, $volume, 'ParameterValue', $volume
            }
        }
    } catch {
        # A tab key that prints errors helps nobody.
        $null = $_
    }
}
