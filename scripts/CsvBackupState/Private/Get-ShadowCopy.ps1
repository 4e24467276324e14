function Read-LastShadowCopy {
    # The last lists of shadow copies that an agent has, one for each node that it has asked since it started. Asks no node.
    param([object] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    $columns = 'id', 'setId', 'createdEpochMillis', 'ageSeconds', 'persistent', 'machine', 'providerId', 'deleteCommand', 'volume', 'source'
    $field = @('node', 'atEpochMillis', 'problem') + @($columns | ForEach-Object { "copies.$_" })
    $reply = Send-AgentRequest -Connection $Connection -Request @{ type = 'read'; attribute = 'LastShadowCopies' } -Field $field -TokenUse Preferred
    if ($reply.Failure) {
        $Cmdlet.WriteError($reply.Failure)
        return
    }
    # As one object, because there may be no list.
    [pscustomobject] @{ Lists = @($reply.Value); Connection = $reply.Connection }
}

function Get-LastShadowCopy {
    # The shadow copies of one volume in the last lists, and a note if there is none.
    param([string] $Name, [object] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    $answer = Read-AgentVolume -Connection $Connection
    if ($answer.Failure) {
        $Cmdlet.WriteError($answer.Failure)
        return
    }
    $volume = Find-VolumeOfPath -Volume $answer.Volumes -Path $Name
    if (-not $volume) {
        $Cmdlet.WriteError((New-MissingVolumeRecord -Volume $answer.Volumes -Name $Name))
        return
    }
    $last = Read-LastShadowCopy -Connection $Connection -Cmdlet $Cmdlet
    if (-not $last) { return }
    foreach ($list in $last.Lists | Where-Object { $_.problem }) {
        $Cmdlet.WriteWarning("$($list.node) gave no list when it was last asked, $(Format-Age -EpochMillis $list.atEpochMillis) ago: $($list.problem)")
    }
    $names = @($volume.Volume, $volume.VolumeGuid | ForEach-Object { ([string] $_).TrimEnd('\') })
    $copies = @(
        foreach ($list in $last.Lists) {
            foreach ($copy in $list.copies) {
                if (([string] $copy.volume).TrimEnd('\') -in $names) {
                    New-ShadowCopy -Copy $copy -Volume $volume.Volume -Node $list.node -Listed (ConvertTo-LocalTime -Value $list.atEpochMillis) -Connection $last.Connection
                }
            }
        }
    )
    if ($copies.Count -eq 0) {
        $answers = @($last.Lists | Where-Object { -not $_.problem } | Sort-Object -Property atEpochMillis)
        $age = if ($answers.Count -gt 0) { Format-Age -EpochMillis $answers[0].atEpochMillis } else { '' }
        Write-ShadowCopyNote -Volume $volume.Volume -Asked $last.Lists.Count -Answered $answers.Count -Age $age
    }
    $copies | Sort-Object -Property Created
}

function Get-ShadowCopy {
    # Lists the shadow copies of one volume on all nodes, which starts their VSS service. Readers may get an earlier list, see Listed.
    param([string] $Name, [object] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    $path = Resolve-VolumePath -Name $Name -Connection $Connection -Cmdlet $Cmdlet
    if ($null -eq $path) { return }
    $columns = 'id', 'setId', 'createdEpochMillis', 'ageSeconds', 'persistent', 'node', 'machine', 'providerId', 'deleteCommand', 'source'
    $field = @('volume', 'message', 'problems', 'nodesAsked', 'atEpochMillis', 'ageSeconds') + @($columns | ForEach-Object { "copies.$_" })
    $request = @{ type = 'exec'; operation = 'shadowCopies'; arguments = @($path) }
    $reply = Send-AgentRequest -Connection $Connection -Request $request -Field $field -TokenUse Needed -DefaultTimeoutSeconds 180
    if ($reply.Failure) {
        $Cmdlet.WriteError($reply.Failure)
        return
    }
    $value = $reply.Value
    $Cmdlet.WriteVerbose($value.message)
    foreach ($problem in $value.problems) { $Cmdlet.WriteWarning([string] $problem) }
    $listed = ConvertTo-LocalTime -Value $value.atEpochMillis
    $copies = @(foreach ($copy in $value.copies) { New-ShadowCopy -Copy $copy -Volume $value.volume -Node $copy.node -Listed $listed -Connection $reply.Connection })
    if ($copies.Count -eq 0) {
        # By the agent's clock, and 0 if it has asked the nodes for this answer.
        $age = if ($value.ageSeconds -gt 0) { Format-TimeSpan -Span ([timespan]::FromSeconds($value.ageSeconds)) } else { '' }
        Write-ShadowCopyNote -Volume $value.volume -Asked $value.nodesAsked -Answered ($value.nodesAsked - @($value.problems | Where-Object { $_ }).Count) -Age $age
    }
    $copies | Sort-Object -Property Created
}

function Test-ShadowCopyQuery {
    # Whether the caller wants an agent to ask the nodes: asked while a state is set, or may be.
    param([object] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    $answer = Read-AgentVolume -Connection $Connection
    if ($answer.Failure) {
        $Cmdlet.WriteError($answer.Failure)
        return $false
    }
    $set = @($answer.Volumes | Where-Object { $_.State -ne 'NONE' -or $_.Problem })
    if ($set.Count -gt 0) { return Confirm-ShadowCopyQuery -Volume $set -Address $Connection.Address }
    $Cmdlet.ShouldProcess($Connection.Address, 'List the shadow copies of every node, which starts their VSS service')
}

function Write-ShadowCopyNote {
    # An empty result says nothing about how many nodes were asked, so a note does. Age: of the oldest answer, or '' if the nodes were asked now.
    param([string] $Volume, [int] $Asked, [int] $Answered, [string] $Age)

    $nodes = if ($Asked -eq 1) { '1 node' } else { "$Asked nodes" }
    $ago = if ($Age) { ", $Age ago" } else { '' }
    $text = if ($Asked -eq 0) {
        'the agent has asked no node for shadow copies since it started.'
    } elseif ($Answered -eq 0) {
        "asked $nodes, none of them answered."
    } elseif ($Answered -lt $Asked) {
        "asked $nodes, $($Asked - $Answered) of them did not answer; none on the others$ago."
    } else {
        "asked $nodes, none$ago."
    }
    Write-Information -MessageData "$($Volume): $text"
}

function New-ShadowCopy {
    param([object] $Copy, [string] $Volume, [string] $Node, [object] $Listed, [object] $Connection)

    $created = ConvertTo-LocalTime -Value $Copy.createdEpochMillis
    [pscustomobject] @{
        PSTypeName    = 'CsvBackupState.ShadowCopy'
        Volume        = $Volume
        Id            = $Copy.id
        SetId         = $Copy.setId
        Created       = $created
        Age           = if ($created) { [timespan]::FromSeconds($Copy.ageSeconds) } else { $null }
        Persistent    = [bool] $Copy.persistent
        Node          = $Node
        Source        = $Copy.source
        Machine       = $Copy.machine
        ProviderId    = $Copy.providerId
        DeleteCommand = $Copy.deleteCommand
        Listed        = $Listed
        AgentUri      = $Connection.Uri
        AgentComputer = $Connection.ComputerName
    }
}

function Confirm-ShadowCopyQuery {
    # Asks before a question that has a price. A command of its own, because the impact of a command is fixed, and the price is high only while a state
    # is set. The caller's -Confirm and -WhatIf apply here, too.
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType([bool])]
    param([object[]] $Volume, [string] $Address)

    $which = @($Volume | Select-Object -First 3 | ForEach-Object -MemberName Volume) -join ', '
    if ($Volume.Count -gt 3) { $which += " and $($Volume.Count - 3) more" }
    $action = 'List the shadow copies of every node'
    $cost = "It starts the VSS service on every node, and a clear is refused until that service has stopped again and stayed stopped: usually some minutes. The backup state of $which is set or cannot be read. Clear-CsvBackupState lists the copies itself; -LastKnown shows the last lists and asks no node."
    $PSCmdlet.ShouldProcess("Performing the operation `"$action`" through the agent at $($Address). $cost", "$action through the agent at $($Address)? $cost", $action)
}
