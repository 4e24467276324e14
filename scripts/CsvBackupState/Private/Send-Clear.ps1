function Send-Clear {
    # Clears the volumes of entries (see New-ClearEntry) with one request for each agent. Entries that do not fit into it stay open.
    param([object[]] $Entry)

    foreach ($group in $Entry | Group-Object -Property { $_.Connection.Address }) {
        $batch = @($group.Group | Select-Object -First $script:MostInARequest)
        # A cast, because Windows PowerShell writes some arrays as objects.
        $request = @{ type = 'exec'; operation = 'clearAll'; arguments = @(, [string[]] @($batch | ForEach-Object { $_.Assessment.Volume })) }
        Send-ClearRequest -Entry $batch -Request $request -DefaultTimeoutSeconds 300
    }
}

function Send-ForcedClear {
    # Clears the volume of one entry although the guard does not allow it. The agent requires the friendly path as the user typed it.
    param([object] $Entry, [string] $Reason)

    $request = @{ type = 'exec'; operation = 'forceClear'; arguments = @($Entry.Assessment.Volume, $Entry.Name, $Reason) }
    Send-ClearRequest -Entry $Entry -Request $request -DefaultTimeoutSeconds 180
}

function Send-ClearRequest {
    # Sends a request to clear, and gives each entry its result and its error record.
    param([object[]] $Entry, [hashtable] $Request, [int] $DefaultTimeoutSeconds)

    $field = @(
        'volume', 'outcome', 'win32Code', 'win32Text', 'message', 'verdict', 'stateBefore', 'stateAfter', 'auditId', 'batch', 'earliestClearEpochMillis'
        'checks.name', 'checks.result', 'checks.seen', 'checks.remedy'
    )
    $sentAt = [datetime]::Now
    $reply = Send-AgentRequest -Connection $Entry[0].Connection -Request $Request -Field $field -TokenUse Needed -DefaultTimeoutSeconds $DefaultTimeoutSeconds
    $failure = $reply.Failure
    $values = @($reply.Value)
    if (-not $failure -and $values.Count -ne $Entry.Count) {
        $target = $Entry[0].Connection.Address
        $message = "$target answers, but not like a CSV backup agent of this version: it gave $($values.Count) results for $($Entry.Count) volumes."
        $failure = New-CsvErrorRecord -Id 'NotAnAgent' -Message $message -Category InvalidData -Target $target
    }
    if ($failure) {
        Set-FailedClear -Entry $Entry -Failure $failure -SentAt $sentAt
        return
    }
    for ($number = 0; $number -lt $values.Count; $number++) {
        $one = $Entry[$number]
        $one.Result = ConvertTo-ClearResult -Value $values[$number] -Connection $reply.Connection
        $one.Failure = New-ClearFailure -Result $one.Result
        $one.IsAnswered = $true
        $one.IsDone = $true
    }
}

function Set-FailedClear {
    # The request failed. That is one error, but each volume has a result if it may have been cleared.
    param([object[]] $Entry, [Management.Automation.ErrorRecord] $Failure, [datetime] $SentAt)

    # These prove that the request was not executed: it was not sent, or refused, or its address does not exist. All others may hide a clear.
    $harmless = 'Unreachable', 'Tls', 'Connection.NotEncrypted', 'TokenFile', 'OtherAddress', 'Unauthorized', 'Forbidden', 'TooManyRequests', 'Rejected'
    $isHarmless = $Failure.FullyQualifiedErrorId -in @($harmless | ForEach-Object { "CsvBackupState.$_" }) -or
        [string] $Failure.CategoryInfo.Category -eq 'ObjectNotFound'
    foreach ($one in $Entry) {
        if (-not $isHarmless) {
            $audit = "Get-CsvBackupAudit -VolumeName '$($one.Assessment.Volume)'"
            $advice = "It is unknown whether the state was cleared, and the agent may still be working. Before you try again, check Get-CsvBackupState and $($audit): the newest line since $($SentAt.ToString('HH:mm:ss')) with your Principal has the Batch of this request, and all lines with that Batch are its results."
            $one.Result = New-ClearResult -Assessment $one.Assessment -Outcome 'UNKNOWN' -Message "$($Failure.Exception.Message) $advice"
        }
        $one.IsDone = $true
    }
    $Entry[0].Failure = $Failure
}

function ConvertTo-ClearResult {
    # The result that the agent gave.
    param([object] $Value, [object] $Connection)

    [pscustomobject] @{
        PSTypeName    = 'CsvBackupState.ClearResult'
        Volume        = $Value.volume
        Outcome       = $Value.outcome
        Win32Code     = $Value.win32Code
        Win32Text     = $Value.win32Text
        Message       = $Value.message
        Verdict       = $Value.verdict
        Checks        = @(ConvertTo-CheckObject -Check $Value.checks)
        EarliestClear = ConvertTo-LocalTime -Value $Value.earliestClearEpochMillis
        StateBefore   = $Value.stateBefore
        StateAfter    = $Value.stateAfter
        AuditId       = $Value.auditId
        Batch         = $Value.batch
        AgentUri      = $Connection.Uri
        AgentComputer = $Connection.ComputerName
    }
}

function New-ClearResult {
    # A result for a volume that the agent gave no result for.
    param([object] $Assessment, [string] $Outcome, [string] $Message)

    [pscustomobject] @{
        PSTypeName    = 'CsvBackupState.ClearResult'
        Volume        = $Assessment.Volume
        Outcome       = $Outcome
        Win32Code     = $null
        Win32Text     = ''
        Message       = $Message
        Verdict       = $Assessment.Verdict
        Checks        = $Assessment.Checks
        EarliestClear = $Assessment.EarliestClear
        StateBefore   = $Assessment.State
        # After a request whose answer is missing the state was not read.
        StateAfter    = if ($Outcome -eq 'UNKNOWN') { '' } else { $Assessment.State }
        AuditId       = ''
        Batch         = ''
        AgentUri      = $Assessment.AgentUri
        AgentComputer = $Assessment.AgentComputer
    }
}

function New-ClearFailure {
    # The error record for a result, or nothing if the state is gone.
    param([object] $Result)

    $title = { param($text) $text.Substring(0, 1) + $text.Substring(1).ToLowerInvariant() }
    $failure = switch ($Result.Outcome) {
        'CLEARED' { return }
        'NOTHING_TO_CLEAR' { return }
        'REFUSED' { @(('Refused' + $(if ($Result.Verdict) { '.' + (& $title $Result.Verdict) })), 'ResourceBusy') }
        'NOT_CLEARED' { @('NotCleared', 'InvalidResult') }
        'FAILED' { @(('Failed' + $(if ($null -ne $Result.Win32Code) { ".$($Result.Win32Code)" })), 'InvalidOperation') }
        default { @('Unknown', 'OperationTimeout') }
    }
    New-CsvErrorRecord -Id $failure[0] -Message $Result.Message -Category $failure[1] -Target $Result -Win32Code $Result.Win32Code
}
