function Wait-Volume {
    # Looks once a second until no volume of those names is in the state, and gives them; an error when the time is over.
    param([string[]] $Name, [object[]] $Connection, [Diagnostics.Stopwatch] $Watch, [int] $TimeoutSeconds, [Management.Automation.PSCmdlet] $Cmdlet)

    while ($true) {
        $volumes = @(Get-AgentVolume -Connection $Connection -Cmdlet $Cmdlet)
        if ($volumes.Count -eq 0) { return }
        if ($Name) { $volumes = @(Select-VolumeName -Volume $volumes -Name $Name -Cmdlet $Cmdlet) }
        # What could not be read now may be in any state.
        $busy = @($volumes | Where-Object { $_.State -ne 'NONE' -or $_.Problem })
        if ($busy.Count -eq 0) { return $volumes }
        $seconds = [int] $Watch.Elapsed.TotalSeconds
        $which = ($busy.Volume | Select-Object -Unique) -join ', '
        if ($seconds -ge $TimeoutSeconds) {
            $unread = @($busy | Where-Object { $_.Problem })
            $still = if ($unread.Count -gt 0) { "is still set or cannot be read: $which. $($unread[0].Problem)" } else { "is still set: $which." }
            $message = "After $TimeoutSeconds s the backup state $still Look with Test-CsvBackupState whether a backup is alive."
            $Cmdlet.WriteError((New-CsvErrorRecord -Id 'WaitTimedOut' -Message $message -Category OperationTimeout -Target $busy))
            return
        }
        $percent = [Math]::Min(100, [int] (100 * $seconds / $TimeoutSeconds))
        Write-Progress -Activity 'Waiting for backups to end' -Status $which -PercentComplete $percent -SecondsRemaining ($TimeoutSeconds - $seconds)
        Start-Sleep -Seconds 1
    }
}
