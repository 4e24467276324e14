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
        Write-Information -MessageData "$($volume.Volume): $(Format-AskedNode -Asked $last.Lists.Count -Answered $answers.Count -Age $age)"
    }
    $copies | Sort-Object -Property Created
}

function Get-ShadowCopy {
    # Lists the shadow copies of one volume, which starts the VSS service of the nodes that the agent asks. The list of the other nodes, and for
    # readers of all, may be an earlier one, see Listed.
    param([string] $Name, [object] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    $path = Resolve-VolumePath -Name $Name -Connection $Connection -Cmdlet $Cmdlet
    if ($null -eq $path) { return }
    $columns = 'id', 'setId', 'createdEpochMillis', 'ageSeconds', 'persistent', 'node', 'machine', 'providerId', 'deleteCommand', 'source'
    $field = @('volume', 'message') +
        @('node', 'asked', 'atEpochMillis', 'ageSeconds', 'problem' | ForEach-Object { "lists.$_" }) +
        @($columns | ForEach-Object { "copies.$_" })
    $request = @{ type = 'exec'; operation = 'shadowCopies'; arguments = @($path) }
    $reply = Send-AgentRequest -Connection $Connection -Request $request -Field $field -TokenUse Needed -DefaultTimeoutSeconds 180
    if ($reply.Failure) {
        $Cmdlet.WriteError($reply.Failure)
        return
    }
    $value = $reply.Value
    $Cmdlet.WriteVerbose($value.message)
    $listed = @{}
    foreach ($list in $value.lists) { $listed[[string] $list.node] = ConvertTo-LocalTime -Value $list.atEpochMillis }
    foreach ($list in $value.lists | Where-Object { $_.asked -and $_.problem }) { $Cmdlet.WriteWarning([string] $list.problem) }
    $copies = @(
        foreach ($copy in $value.copies) {
            New-ShadowCopy -Copy $copy -Volume $value.volume -Node $copy.node -Listed $listed[[string] $copy.node] -Connection $reply.Connection
        }
    )
    $note = @(Format-ListNote -List @($value.lists) -IsEmpty ($copies.Count -eq 0))
    if ($note.Count -gt 0) { Write-Information -MessageData "$($value.volume): $($note -join ' ')" }
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
    $Cmdlet.ShouldProcess($Connection.Address, 'List the shadow copies of the nodes, which starts their VSS service')
}

function Format-ListNote {
    # From which nodes an answer is, as sentences: an empty result does not say it, and a copy only of its own node.
    param([object[]] $List, [bool] $IsEmpty)

    $asked = @($List | Where-Object { $_.asked })
    $answered = @($asked | Where-Object { -not $_.problem })
    # By the agent's clock, and 0 if it has asked the nodes for this answer.
    $age = { param($lists) Format-TimeSpan -Span ([timespan]::FromSeconds(($lists | ForEach-Object -MemberName ageSeconds | Sort-Object | Select-Object -Last 1))) }
    if ($IsEmpty) {
        $isEarlier = @($answered | Where-Object { $_.ageSeconds -gt 0 }).Count -gt 0
        Format-AskedNode -Asked $asked.Count -Answered $answered.Count -Age $(if ($isEarlier) { & $age $answered } else { '' })
    }
    $known = @($List | Where-Object { -not $_.asked -and -not $_.problem })
    if ($known.Count -eq 1) {
        "$($known[0].node) was not asked: $(if ($IsEmpty) { "none in its last list, $(& $age $known) ago" } else { "its last list is $(& $age $known) old" })."
    } elseif ($known.Count -gt 1) {
        "$($known.Count) nodes were not asked: $(if ($IsEmpty) { "none in their last lists, the oldest $(& $age $known) ago" } else { "the oldest of their last lists is $(& $age $known) old" })."
    }
    $unknown = @($List | Where-Object { -not $_.asked -and $_.problem })
    if ($unknown.Count -eq 1) {
        "$($unknown[0].node) was not asked, and the agent here has no earlier list: ask the agent there."
    } elseif ($unknown.Count -gt 1) {
        "$($unknown.Count) nodes were not asked, and the agent here has no earlier lists: ask the agents there."
    }
}

function Format-AskedNode {
    # How many nodes were asked, where there is no copy. Age: of the oldest answer, or '' if the nodes were asked now.
    param([int] $Asked, [int] $Answered, [string] $Age)

    $nodes = if ($Asked -eq 1) { '1 node' } else { "$Asked nodes" }
    $ago = if ($Age) { ", $Age ago" } else { '' }
    if ($Asked -eq 0) {
        'the agent has asked no node for shadow copies since it started.'
    } elseif ($Answered -eq 0) {
        "asked $nodes, none of them answered."
    } elseif ($Answered -lt $Asked) {
        "asked $nodes, $($Asked - $Answered) of them did not answer; none on the others$ago."
    } else {
        "asked $nodes, none$ago."
    }
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
    $action = 'List the shadow copies of the nodes'
    $cost = "It starts the VSS service on every node that the agent asks itself (if it has peers, only its own node and nodes without an agent), and a clear is refused until that service has stopped again and stayed stopped: usually some minutes. The backup state of $which is set or cannot be read. Clear-CsvBackupState lists the copies itself; -LastKnown shows the last lists and asks no node."
    $PSCmdlet.ShouldProcess("Performing the operation `"$action`" through the agent at $($Address). $cost", "$action through the agent at $($Address)? $cost", $action)
}
