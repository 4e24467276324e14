# An agent accepts 64 volumes in a request.
$script:MostInARequest = 64

function Select-Batch {
    # The entries to send now; what may not be cleared is done. Without -Wait there is one request for each agent, because it starts the VSS service
    # on every node, and the next one is then refused for minutes. Therefore the volumes beyond the first 64 that can be cleared are not asked about.
    # How: the parameters of Resolve-ClearEntry.
    param([object[]] $Entry, [hashtable] $How)

    $chosen = @{}
    $isClearable = { param($one) $one.Assessment.Verdict -eq 'CLEARABLE' }
    # Without confirmation the agent also gets what it will refuse. That must not take the places of what can be cleared.
    foreach ($one in @($Entry | Where-Object { & $isClearable $_ }) + @($Entry | Where-Object { -not (& $isClearable $_) })) {
        $address = $one.Connection.Address
        $isFull = -not $How.Wait -and $chosen[$address] -ge $script:MostInARequest
        if ($isFull -and (& $isClearable $one)) { continue }
        if ($isFull) {
            Stop-UnclearableEntry -Entry $one
        } elseif ((Resolve-ClearEntry -Entry $one @How) -eq 'Send') {
            $chosen[$address] += 1
            $one
        }
    }
}

function Complete-Round {
    # After the requests of a round: ends what no further request may follow for, and opens again what the next round of -Wait has.
    # Sent: what the requests were for. Open: what was not sent, of all agents.
    param([object[]] $Sent, [object[]] $Open, [bool] $IsWaiting, [Management.Automation.PSCmdlet] $Cmdlet)

    foreach ($group in $Sent | Where-Object -Property IsDone | Group-Object -Property { $_.Connection.Address }) {
        $batch = @($group.Group)
        $unsent = @($Open | Where-Object { $_.Connection.Address -eq $group.Name })
        if (-not $batch[0].IsAnswered) {
            # A request that changed nothing does not end the wait for the others.
            if (-not $IsWaiting -or $batch[0].Result) { Stop-UnsentEntry -Entry $unsent -Before $batch[0].Result }
            continue
        }
        $wrong = $batch | Where-Object { $_.Result.AuditId -and $_.Result.Outcome -in 'NOT_CLEARED', 'FAILED', 'UNKNOWN' } | Select-Object -First 1
        if ($wrong) {
            # The agent has refused the rest of its request for that reason, so no other request follows: each starts the VSS service of every node.
            Stop-Rest -Entry $unsent -Message "Not sent: the clear of $($wrong.Result.Volume) ended as $($wrong.Result.Outcome). Find out why first."
            continue
        }
        $left = @(Select-Leftover -Entry $batch)
        if ($IsWaiting) {
            foreach ($one in $left) {
                $one.Result = $null
                $one.Failure = $null
                $one.IsAnswered = $false
                $one.IsDone = $false
            }
        } elseif ($left.Count + $unsent.Count -gt 0) {
            Stop-Rest -Entry $unsent -Message "Not sent: one request clears up to $($script:MostInARequest) volumes, and it starts the VSS service of every node."
            $estimate = $left | ForEach-Object { $_.Result.EarliestClear } | Where-Object { $_ } | Select-Object -First 1
            Add-Estimate -Entry ($left + $unsent) -Estimate $estimate -Cmdlet $Cmdlet
        }
    }
}

function Select-Leftover {
    # The entries of one agent whose volumes it left for the next round, because the clears before took too long. Any other refusal is the end, because
    # each try starts the VSS service of every node. A round that cleared nothing is the end, too: the next one would not differ.
    param([object[]] $Entry)

    if (@($Entry | Where-Object { $_.Result.Outcome -eq 'CLEARED' }).Count -eq 0) { return }
    # The agent gives an estimate with what it left. Without one, something changed right before the call of that volume.
    $Entry | Where-Object { $_.Result.Outcome -eq 'REFUSED' -and $_.Result.Verdict -eq 'CLEARABLE' -and $_.Result.EarliestClear }
}

function Stop-Rest {
    # Ends entries that no request follows for.
    param([object[]] $Entry, [string] $Message)

    foreach ($one in $Entry) {
        Stop-ClearEntry -Entry $one -Message $Message
        # The estimate before the requests of this round no longer holds.
        $one.Result.EarliestClear = $null
        $one.Failure = New-ClearFailure -Result $one.Result
    }
}

function Stop-UnsentEntry {
    # Ends entries that did not fit into a request that failed. The error of that request was written for all of them.
    # Before: the result of a volume in that request; null if nothing was executed.
    param([object[]] $Entry, [object] $Before)

    foreach ($one in $Entry) {
        if ($Before) {
            Stop-ClearEntry -Entry $one -Message "Not sent: it is unknown what the request for $($Before.Volume) and others did. Find that out first, then repeat the command."
        } else {
            $one.IsDone = $true
        }
    }
}

function Add-Estimate {
    # Adds to volumes of one agent when they can be cleared. If the agent gave no estimate with its results, it is asked about one of them, because all
    # of them wait for the VSS service that the request has started. It asks no node for this again.
    param([object[]] $Entry, [object] $Estimate, [Management.Automation.PSCmdlet] $Cmdlet)

    $verdict = ''
    if (-not $Estimate) {
        $assessment = Get-Assessment -Name $Entry[0].Assessment.Volume -Connection $Entry[0].Connection -Cmdlet $Cmdlet
        if ($assessment) {
            $Estimate = $assessment.EarliestClear
            $verdict = $assessment.Verdict
        }
    }
    $about = if ($verdict -eq 'CLEARABLE') {
        'It can be cleared now: repeat the command.'
    } elseif ($Estimate) {
        "It can be cleared from about $($Estimate.ToString('HH:mm')), an estimate; -Wait waits for it."
    } else {
        'It is not known yet when it can be cleared; -Wait waits for that.'
    }
    foreach ($one in $Entry) {
        $one.Result.EarliestClear = $Estimate
        $one.Result.Message += " $about"
        $one.Failure = New-ClearFailure -Result $one.Result
    }
}
