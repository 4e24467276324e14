function Get-Assessment {
    # Returns the assessment of one volume by one agent, or nothing after an error.
    # -Anywhere: a path that the agent rejects is not an error here, because the attempt to clear it has an outcome and is audited.
    param([string] $Name, [object] $Connection, [switch] $Anywhere, [Management.Automation.PSCmdlet] $Cmdlet)

    $path = Resolve-VolumePath -Name $Name -Connection $Connection -Cmdlet $Cmdlet
    if ($null -eq $path) { return }
    $request = @{ type = 'exec'; operation = 'assess'; arguments = @($path) }
    $field = 'volume', 'verdict', 'message', 'stateBefore', 'checks.name', 'checks.result', 'checks.seen', 'checks.remedy', 'earliestClearEpochMillis'
    $reply = Send-AgentRequest -Connection $Connection -Request $request -Field $field -TokenUse Preferred -DefaultTimeoutSeconds 60
    if ($Anywhere -and $reply.Failure -and $reply.Failure.FullyQualifiedErrorId -eq 'CsvBackupState.Rejected') {
        return [pscustomobject] @{
            PSTypeName    = 'CsvBackupState.Assessment'
            Volume        = $path
            Verdict       = ''
            NextStep      = $reply.Failure.Exception.Message
            EarliestClear = $null
            Checks        = @()
            State         = ''
            AgentUri      = $reply.Connection.Uri
            AgentComputer = $reply.Connection.ComputerName
        }
    }
    if ($reply.Failure) {
        $Cmdlet.WriteError($reply.Failure)
        return
    }
    $value = $reply.Value
    [pscustomobject] @{
        PSTypeName    = 'CsvBackupState.Assessment'
        Volume        = $value.volume
        Verdict       = $value.verdict
        NextStep      = $value.message
        EarliestClear = ConvertTo-LocalTime -Value $value.earliestClearEpochMillis
        Checks        = @(ConvertTo-CheckObject -Check $value.checks)
        State         = $value.stateBefore
        AgentUri      = $reply.Connection.Uri
        AgentComputer = $reply.Connection.ComputerName
    }
}
