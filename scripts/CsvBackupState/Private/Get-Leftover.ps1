function Get-Leftover {
    # What failed backups left behind on the volumes with these names, or on all.
    param([string[]] $Name, [object[]] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    $columns = 'kind', 'volume', 'node', 'machine', 'machineId', 'id', 'createdEpochMillis', 'ageSeconds', 'files', 'bytes', 'complete', 'command', 'advice'
    $field = @('VolumeNames', 'LeftoversAsked.answer', 'LeftoversAsked.successTimeEpochMillis', 'LeftoversAsked.copiesListedTimeEpochMillis', 'LeftoversAsked.problem') + @($columns | ForEach-Object { "Leftovers.$_" })
    $request = @{ type = 'read'; attribute = @('VolumeNames', 'Leftovers', 'LeftoversAsked', 'Node') }
    foreach ($reply in Send-AgentRequest -Connection $Connection -Request $request -Field $field) {
        if ($reply.Failure) {
            $Cmdlet.WriteError($reply.Failure)
            continue
        }
        $value = $reply.Value
        Write-LeftoverWarning -Node $value.Node -Asked $value.LeftoversAsked -Cmdlet $Cmdlet
        $leftovers = @($value.Leftovers | Where-Object { $_ })
        if ($Name) {
            # A volume without leftovers is a volume, too.
            $volumes = @(@($value.VolumeNames) + @($leftovers | ForEach-Object -MemberName volume) | Select-Object -Unique | ForEach-Object { [pscustomobject] @{ Volume = [string] $_ } })
            $chosen = @(Select-VolumeName -Volume $volumes -Name $Name -Cmdlet $Cmdlet | ForEach-Object -MemberName Volume)
            $leftovers = @($leftovers | Where-Object { $_.volume -in $chosen })
        }
        foreach ($leftover in $leftovers) {
            [pscustomobject] @{
                PSTypeName    = 'CsvBackupState.Leftover'
                Volume        = $leftover.volume
                Kind          = $leftover.kind
                Machine       = $leftover.machine
                Created       = ConvertTo-LocalTime -Value $leftover.createdEpochMillis
                Age           = if ($leftover.createdEpochMillis) { [timespan]::FromSeconds($leftover.ageSeconds) } else { $null }
                Files         = $leftover.files
                Bytes         = $leftover.bytes
                Complete      = $leftover.complete
                Node          = $leftover.node
                MachineId     = $leftover.machineId
                Id            = $leftover.id
                Advice        = $leftover.advice
                Command       = $leftover.command
                Asked         = ConvertTo-LocalTime -Value $(if ($leftover.kind -eq 'SHADOW_COPY') { $value.LeftoversAsked.copiesListedTimeEpochMillis } else { $value.LeftoversAsked.successTimeEpochMillis })
                AgentUri      = $reply.Connection.Uri
                AgentComputer = $reply.Connection.ComputerName
            }
        }
    }
}

function Write-LeftoverWarning {
    # Says why the absence of leftovers may mean nothing.
    param([string] $Node, [object] $Asked, [Management.Automation.PSCmdlet] $Cmdlet)

    if ($Asked.answer -in 'TOLD', 'FAILED') {
        # Most nodes have no list most of the time: not a warning.
        $Cmdlet.WriteVerbose($(if ($Asked.copiesListedTimeEpochMillis) {
            "The shadow copies of $Node were last listed $((ConvertTo-LocalTime -Value $Asked.copiesListedTimeEpochMillis).ToString('yyyy-MM-dd HH:mm:ss'))."
        } else {
            "The agent of $Node knows no list of its shadow copies of the last four days: whether there are old ones is not known. Get-CsvShadowCopy lists them, and starts VSS for that."
        }))
    }
    switch ($Asked.answer) {
        'OFF' { $Cmdlet.WriteWarning("The agent of $Node does not look for leftovers: its option leftover-interval is off.") }
        'NOT_ASKED' { $Cmdlet.WriteWarning("The agent of $Node has not asked its node for leftovers yet. Wait some minutes.") }
        'FAILED' { $Cmdlet.WriteWarning("The agent could not ask $Node for leftovers: $($Asked.problem)") }
        'NO_HYPER_V' { $Cmdlet.WriteVerbose("$Node has no Hyper-V.") }
    }
}
