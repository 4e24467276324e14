function New-ClearEntry {
    # Turns what the user named into entries, in that order: the volume, the agent that clears it, and its assessment. An error is written for
    # what names no volume. A volume that was named twice is assessed and cleared once: the second entry has the first one as its Twin.
    param([object[]] $Item, [hashtable] $Bound, [Management.Automation.PSCmdlet] $Cmdlet)

    $reported = New-Object -TypeName 'Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $first = @{}
    foreach ($target in Resolve-ClearTarget -Item $Item -Bound $Bound -Cmdlet $Cmdlet | Select-Reporter) {
        $one = $target.Item
        $agent = $target.Connection
        $identity = $target.Identity
        $key = $target.Key
        if ($reported.Contains($key)) {
            $Cmdlet.WriteVerbose("Skipped $($one.Name) of cluster $($identity.Cluster), reported by $($agent.Address): another agent has already assessed it for this command.")
            continue
        }
        $assessment = Get-Assessment -Name $one.Name -Connection $agent -Anywhere -Cmdlet $Cmdlet
        if (-not $assessment) { continue }
        if ($key) { $null = $reported.Add($key) }
        $entry = [pscustomobject] @{
            Name        = $one.Name
            Connection  = $agent
            Identity    = $identity
            Assessment  = $assessment
            Twin        = $null
            Result      = $null
            Failure     = $null
            IsConfirmed = $false
            IsAnswered  = $false
            IsDone      = $false
        }
        # Without the override: for that the agent compares what was typed.
        $same = "$($agent.Address)|$($assessment.Volume)"
        if (-not $Bound['OverrideGuard']) {
            if ($first.ContainsKey($same)) { $entry.Twin = $first[$same] } else { $first[$same] = $entry }
        }
        $entry
    }
}

function Resolve-ClearTarget {
    # The agent of each item. An error is written for what names no volume or no agent.
    param([object[]] $Item, [hashtable] $Bound, [Management.Automation.PSCmdlet] $Cmdlet)

    $known = @{}
    foreach ($one in $Item) {
        if (($one.Name -replace '^\\\\\?\\', '') -match '[*?]') {
            $message = "'$($one.Name)' may match several volumes. Name one volume, or pipe the output of Get-CsvBackupState."
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'Wildcard' -Message $message -Category InvalidArgument -Target $one.Name))
            continue
        }
        $agents = @(Resolve-InputConnection -Item $one -Bound $Bound -Cmdlet $Cmdlet)
        if ($agents.Count -gt 1) {
            $message = 'Only one agent can clear a state. Specify one node, one address or one connection.'
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'SeveralAgents' -Message $message -Category InvalidArgument -Target $one.Name))
            continue
        }
        $identity = Get-AgentIdentity -Connection $agents[0] -Known $known -Override ([bool] $Bound['OverrideGuard']) -Cmdlet $Cmdlet
        if (-not $identity) { continue }
        [pscustomobject] @{
            Item       = $one
            Connection = $agents[0]
            Identity   = $identity
            # Several agents report the same volume: it is cleared once. Two clusters may have the same name, but a GUID name is unique.
            Key        = if ($one.Uri) { "$($identity.Cluster)|$($one.Name)|$($one.Guid)" } else { '' }
        }
    }
}

function Select-Reporter {
    # Puts first, of the agents that reported a volume, the one on the node that owns most of these volumes: Windows may know the path only on the owner.
    # One agent gets as many volumes as possible: its request starts the VSS service of every node, and another agent of the cluster would then refuse.
    $targets = @($input)
    $owned = @{}
    $counted = @{}
    foreach ($one in $targets | Where-Object { $_.Key -and $_.Item.Owner -eq $_.Identity.Node }) {
        $report = "$($one.Connection.Address)|$($one.Key)"
        if (-not $counted.ContainsKey($report)) { $owned[$one.Connection.Address] += 1 }
        $counted[$report] = $true
    }
    $volumes = [ordered] @{}
    foreach ($one in $targets) {
        $name = if ($one.Key) { $one.Key } else { "$($volumes.Count)" }
        $volumes[$name] = @($volumes[$name] | Where-Object { $_ }) + $one
    }
    foreach ($reports in $volumes.Values) {
        $most = $reports | ForEach-Object { [int] $owned[$_.Connection.Address] } | Sort-Object | Select-Object -Last 1
        $reports | Where-Object { [int] $owned[$_.Connection.Address] -eq $most }
        $reports | Where-Object { [int] $owned[$_.Connection.Address] -ne $most }
    }
}

function Resolve-ClearEntry {
    # Decides what happens to an entry: Send, Wait, or nothing if it is done.
    # Asks: whether this command asks for confirmation. It asks only where the agent could go on; everything else is refused at once, with what
    # Test-CsvBackupState says. If it does not ask, the agent decides, and its audit and its counters have the refusals.
    param([object] $Entry, [bool] $Override, [bool] $Wait, [bool] $Asks, [bool] $WhatIf, [Management.Automation.PSCmdlet] $Cmdlet)

    $assessment = $Entry.Assessment
    $verdict = $assessment.Verdict
    if (-not $WhatIf) {
        $couldGoOn = if ($Override) { $Entry.Identity.AllowForce -and $verdict -in 'CLEARABLE', 'RECENT', 'UNPROVEN' } else { $verdict -eq 'CLEARABLE' }
        if ($Wait -and -not $couldGoOn -and $verdict -in 'RECENT', 'UNPROVEN', 'ACTIVE') { return 'Wait' }
        if (-not $couldGoOn -and -not $Asks -and -not $Wait) { return 'Send' }
        if (-not $couldGoOn) {
            Stop-UnclearableEntry -Entry $Entry -Override $Override
            return
        }
    }
    $action = if ($Override) { 'Clear the backup state and OVERRIDE the guard' } else { 'Clear the backup state' }
    $target = "$($assessment.Volume) of cluster $($Entry.Identity.Cluster), by the agent on $($Entry.Identity.Node) at $($Entry.Connection.Address)"
    $question = Format-Question -Assessment $assessment -Action $action -Target $target
    $preview = "Performing the operation `"$action`" on target `"$target`": $(if ($verdict) { "$verdict." } else { $assessment.NextStep })"
    # Positive, so that a prompt that fails (powershell.exe -NonInteractive) clears nothing.
    if ($Entry.IsConfirmed -or $Cmdlet.ShouldProcess($preview, $question, $action)) {
        $Entry.IsConfirmed = $true
        return 'Send'
    }
    if ($WhatIf) { $Entry.Result = $assessment }
    $Entry.IsDone = $true
}

function Stop-UnclearableEntry {
    # Ends an entry without a request, with what Test-CsvBackupState says.
    param([object] $Entry, [bool] $Override)

    $assessment = $Entry.Assessment
    $isSwitchedOff = $Override -and -not $Entry.Identity.AllowForce -and $assessment.Verdict -in 'CLEARABLE', 'RECENT', 'UNPROVEN'
    $outcome, $message = switch ($assessment.Verdict) {
        'IDLE' { 'NOTHING_TO_CLEAR', $assessment.NextStep }
        '' { 'FAILED', $assessment.NextStep }
        { $isSwitchedOff } { 'REFUSED', (Format-SwitchedOff -Entry $Entry) }
        default { 'REFUSED', "Refused: $($assessment.Verdict). $($assessment.NextStep)$(if ($Override) { ' This cannot be overridden.' })" }
    }
    $Entry.Result = New-ClearResult -Assessment $assessment -Outcome $outcome -Message $message
    $Entry.Failure = New-ClearFailure -Result $Entry.Result
    $Entry.IsDone = $true
}

function Format-SwitchedOff {
    # Why the guard cannot be overridden through this agent, and what to do.
    param([object] $Entry)

    $assessment = $Entry.Assessment
    $why = "Refused: the agent on $($Entry.Identity.Node) does not allow -OverrideGuard, because its option allow-force is false."
    if ($assessment.Verdict -eq 'CLEARABLE') { return "$why The volume is CLEARABLE: repeat the command without -OverrideGuard and -Reason." }
    "$why $($assessment.Verdict). $($assessment.NextStep) To override the guard, an administrator must set allow-force=true and restart that agent."
}

function Write-ClearResult {
    # Returns the results of the entries that are done, and then writes their errors: with -ErrorAction Stop the results are not lost.
    param([object[]] $Entry, [Management.Automation.PSCmdlet] $Cmdlet)

    $told = @(foreach ($one in $Entry) { Get-OwnEntry -Entry $one })
    foreach ($one in $told) { if ($one.Result) { $one.Result } }
    foreach ($one in $told) { if ($one.Failure) { $Cmdlet.WriteError($one.Failure) } }
}
