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

function Select-Leftover {
    # The entries whose volumes the agent left for the next round, because the clears before took too long or one of them went wrong. Any other refusal
    # is the end, because each try starts the VSS service of every node. A round that ended nothing is the end, too: the next one would not differ.
    param([object[]] $Entry)

    $results = @($Entry | ForEach-Object -MemberName Result | Where-Object { $_ })
    if (@($results | Where-Object { $_.Outcome -in 'CLEARED', 'NOT_CLEARED', 'FAILED', 'UNKNOWN' }).Count -eq 0) { return }
    # The agent gives an estimate with what it left. Without one, something changed right before the call of that volume.
    $Entry | Where-Object { $_.Result -and $_.Result.Outcome -eq 'REFUSED' -and $_.Result.Verdict -eq 'CLEARABLE' -and $_.Result.EarliestClear }
}

function Stop-Leftover {
    # Ends what the agents left, and what did not fit into the requests, with the reason and an estimate of when it can be cleared.
    # Sent: what the requests were for. Round: these entries, and those that did not fit.
    param([object[]] $Sent, [object[]] $Round, [Management.Automation.PSCmdlet] $Cmdlet)

    foreach ($group in $Sent | Group-Object -Property { $_.Connection.Address }) {
        $batch = @($group.Group)
        $unsent = @($Round | Where-Object { -not $_.IsDone -and $_.Connection.Address -eq $group.Name })
        if (-not $batch[0].IsAnswered) {
            Stop-UnsentEntry -Entry $unsent -Before $batch[0].Result
            continue
        }
        $left = @(Select-Leftover -Entry $batch)
        if ($left.Count + $unsent.Count -eq 0) { continue }
        $wrong = $batch | Where-Object { $_.Result.AuditId -and $_.Result.Outcome -in 'NOT_CLEARED', 'FAILED', 'UNKNOWN' } | Select-Object -First 1
        $reason = if ($wrong) {
            "the clear of $($wrong.Result.Volume) ended as $($wrong.Result.Outcome). Find out why first."
        } else {
            "one request clears up to $($script:MostInARequest) volumes, and it starts the VSS service of every node."
        }
        foreach ($one in $unsent) { Stop-ClearEntry -Entry $one -Message "Not sent: $reason" }
        $estimate = $left | ForEach-Object { $_.Result.EarliestClear } | Where-Object { $_ } | Select-Object -First 1
        Add-Estimate -Entry ($left + $unsent) -Estimate $estimate -Cmdlet $Cmdlet
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
        'It can be cleared later; -Wait waits for it.'
    }
    foreach ($one in $Entry) {
        $one.Result.EarliestClear = $Estimate
        $one.Result.Message += " $about"
        $one.Failure = New-ClearFailure -Result $one.Result
    }
}
