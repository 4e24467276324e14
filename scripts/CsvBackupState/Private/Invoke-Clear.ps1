function Invoke-Clear {
    # Clears one volume, returns the result, and writes an error if the state is not gone.
    # Typed is the name that the user gave: for an override the agent requires the friendly path itself.
    param([object] $Assessment, [object] $Connection, [bool] $Override, [string] $Typed, [string] $Reason, [Management.Automation.PSCmdlet] $Cmdlet)

    $volume = $Assessment.Volume
    $request = if ($Override) {
        @{ type = 'exec'; operation = 'forceClear'; arguments = @($volume, $Typed, $Reason) }
    } else {
        @{ type = 'exec'; operation = 'clear'; arguments = @($volume) }
    }
    $field = @(
        'volume', 'outcome', 'win32Code', 'win32Text', 'message', 'verdict', 'stateBefore', 'stateAfter', 'auditId'
        'checks.name', 'checks.result', 'checks.seen', 'checks.remedy'
    )
    $reply = Send-AgentRequest -Connection $Connection -Request $request -Field $field -TokenUse Needed -DefaultTimeoutSeconds 180
    if ($reply.Failure) {
        # These prove that the request was not executed: it was not sent, or refused, or its address does not exist. All others may hide a clear.
        $harmless = 'Unreachable', 'Tls', 'Connection.NotEncrypted', 'TokenFile', 'Unauthorized', 'Forbidden', 'TooManyRequests', 'Rejected'
        $isHarmless = $reply.Failure.FullyQualifiedErrorId -in @($harmless | ForEach-Object { "CsvBackupState.$_" }) -or
            [string] $reply.Failure.CategoryInfo.Category -eq 'ObjectNotFound'
        if (-not $isHarmless) {
            $advice = "It is unknown whether the state was cleared, and the agent may still be working. Check Get-CsvBackupState and Get-CsvBackupAudit -VolumeName '$volume' before you try again."
            [pscustomobject] @{
                PSTypeName    = 'CsvBackupState.ClearResult'
                Volume        = $volume
                Outcome       = 'UNKNOWN'
                Win32Code     = $null
                Win32Text     = ''
                Message       = "$($reply.Failure.Exception.Message) $advice"
                Verdict       = $Assessment.Verdict
                Checks        = $Assessment.Checks
                StateBefore   = $Assessment.State
                StateAfter    = ''
                AuditId       = ''
                AgentUri      = $reply.Connection.Uri
                AgentComputer = $reply.Connection.ComputerName
            }
        }
        $Cmdlet.WriteError($reply.Failure)
        return
    }
    $value = $reply.Value
    $result = [pscustomobject] @{
        PSTypeName    = 'CsvBackupState.ClearResult'
        Volume        = $value.volume
        Outcome       = $value.outcome
        Win32Code     = $value.win32Code
        Win32Text     = $value.win32Text
        Message       = $value.message
        Verdict       = $value.verdict
        Checks        = @(ConvertTo-CheckObject -Check $value.checks)
        StateBefore   = $value.stateBefore
        StateAfter    = $value.stateAfter
        AuditId       = $value.auditId
        AgentUri      = $reply.Connection.Uri
        AgentComputer = $reply.Connection.ComputerName
    }
    $result
    $title = { param($text) $text.Substring(0, 1) + $text.Substring(1).ToLowerInvariant() }
    $failure = switch ($value.outcome) {
        'CLEARED' { $null }
        'NOTHING_TO_CLEAR' { $null }
        'REFUSED' { @(('Refused' + $(if ($value.verdict) { '.' + (& $title $value.verdict) })), 'ResourceBusy') }
        'NOT_CLEARED' { @('NotCleared', 'InvalidResult') }
        'FAILED' { @(('Failed' + $(if ($null -ne $value.win32Code) { ".$($value.win32Code)" })), 'InvalidOperation') }
        default { @('Unknown', 'OperationTimeout') }
    }
    if ($failure) {
        $Cmdlet.WriteError((New-CsvErrorRecord -Id $failure[0] -Message $value.message -Category $failure[1] -Target $result -Win32Code $value.win32Code))
    }
}
