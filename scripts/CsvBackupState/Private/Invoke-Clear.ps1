function Invoke-Clear {
    # Clears the volumes of the entries, and returns their results in the order of the entries. With -Wait in rounds: what can be cleared now, then
    # what can be cleared later.
    # How: the parameters of Resolve-ClearEntry.
    param([object[]] $Entry, [hashtable] $How, [int] $TimeoutSeconds)

    $watch = [Diagnostics.Stopwatch]::StartNew()
    $isWaiting = $How.Wait -and -not $How.WhatIf
    # A volume that was named twice follows the first entry of its volume.
    $own = @($Entry | Where-Object { $_ -and -not $_.Twin })
    $shown = 0
    # A round costs minutes: if other volumes need less than that, all wait for them.
    $end = [datetime]::Now.AddSeconds($TimeoutSeconds)
    $isSoon = $isWaiting -and @($own | Where-Object { $_.Assessment.Verdict -ne 'CLEARABLE' -and (Test-Soon -Estimate $_.Assessment.EarliestClear -End $end) }).Count -gt 0
    $round = @(if ($isSoon) { $own | Where-Object { $_.Assessment.Verdict -ne 'CLEARABLE' } } else { $own })
    while ($true) {
        $sent = @(Select-Batch -Entry $round -How $How)
        if ($sent.Count -gt 0) {
            Send-Clear -Entry $sent
            Complete-Round -Sent $sent -Open @($own | Where-Object { -not $_.IsDone }) -IsWaiting $isWaiting -Cmdlet $How.Cmdlet
        }
        $first = $shown
        while ($shown -lt $Entry.Count -and (Get-OwnEntry -Entry $Entry[$shown]).IsDone) { $shown++ }
        if ($shown -gt $first) { Write-ClearResult -Entry $Entry[$first..($shown - 1)] -Cmdlet $How.Cmdlet }
        $open = @($own | Where-Object { -not $_.IsDone })
        if ($open.Count -eq 0) { return }
        $round = @(Wait-ClearEntry -Entry $open -Watch $watch -TimeoutSeconds $TimeoutSeconds -Cmdlet $How.Cmdlet)
    }
}

function Get-OwnEntry {
    # The entry that has the result: the first one of its volume.
    param([object] $Entry)

    if ($Entry.Twin) { $Entry.Twin } else { $Entry }
}

function Wait-ClearEntry {
    # Waits until the volumes of some entries can be cleared or their states have ended, and returns these entries with a new assessment. If the
    # time is over, all entries are done.
    param([object[]] $Entry, [Diagnostics.Stopwatch] $Watch, [int] $TimeoutSeconds, [Management.Automation.PSCmdlet] $Cmdlet)

    $only = New-Object -TypeName 'Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $connections = [ordered] @{}
    foreach ($one in $Entry) {
        $null = $only.Add((Get-VolumeKey -Volume $one.Assessment))
        $connections[$one.Connection.Address] = $one.Connection
    }
    $wait = @{
        Connection     = @($connections.Values)
        Goal           = Get-WaitGoal -Until SomeClearable
        Watch          = $Watch
        TimeoutSeconds = $TimeoutSeconds
        Only           = $only
        Cmdlet         = $Cmdlet
    }
    # An assessment may say something else than the poll before it: without a pause that would be repeated at once.
    Start-Sleep -Seconds 1
    $ready = @(Wait-Volume @wait | ForEach-Object { Get-VolumeKey -Volume $_ })
    $isOver = [int] $Watch.Elapsed.TotalSeconds -ge $TimeoutSeconds
    $last = @(if ($ready.Count -eq 0 -and $isOver) { Read-AgentVolume -Connection $wait.Connection | ForEach-Object -MemberName Volumes })
    foreach ($one in $Entry) {
        if ($ready.Count -eq 0) {
            if ($isOver) {
                Set-PolledVerdict -Entry $one -Volume $last
                Stop-ClearEntry -Entry $one -Message "The state could not be cleared within $TimeoutSeconds s. $($one.Assessment.NextStep)"
            } else {
                Stop-ClearEntry -Entry $one -Message "The wait ended. $($one.Assessment.NextStep)"
            }
        } elseif ((Get-VolumeKey -Volume $one.Assessment) -in $ready) {
            # Asks no node: where the poll says CLEARABLE, VSS has stopped.
            $assessment = Get-Assessment -Name $one.Assessment.Volume -Connection $one.Connection -Cmdlet $Cmdlet
            if ($assessment) {
                $one.Assessment = $assessment
                $one
            } else {
                Stop-ClearEntry -Entry $one -Message 'The agent could not assess the volume after the wait.'
            }
        }
    }
}

function Set-PolledVerdict {
    # Gives an entry the verdict of the last poll instead of the one from before the wait. Not with assess: an agent that assesses may list the shadow
    # copies of nodes whose VSS service runs, which keeps that service running, and the running service prevents the clear.
    param([object] $Entry, [object[]] $Volume)

    $key = Get-VolumeKey -Volume $Entry.Assessment
    $polled = $Volume | Where-Object { $_ -and (Get-VolumeKey -Volume $_) -eq $key } | Select-Object -First 1
    # Without one the error of the wait says what prevented it.
    if (-not $polled) { return }
    $assessment = $Entry.Assessment.PSObject.Copy()
    $assessment.Verdict = $polled.Verdict
    $assessment.State = $polled.State
    $assessment.EarliestClear = $polled.EarliestClear
    $assessment.Checks = @()
    $assessment.NextStep = "The last poll said $($polled.Verdict). Test-CsvBackupState says why."
    $Entry.Assessment = $assessment
}

function Stop-ClearEntry {
    # Ends an entry for which nothing was cleared. The error was written before.
    param([object] $Entry, [string] $Message)

    $Entry.Result = New-ClearResult -Assessment $Entry.Assessment -Outcome 'REFUSED' -Message $Message
    $Entry.IsDone = $true
}
