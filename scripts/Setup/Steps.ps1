# The steps of an installation: each can be undone, and -WhatIf only names it.

function New-Setup {
    # What has been done so far. Cmdlet: the script, for -WhatIf and -Confirm.
    param([Management.Automation.PSCmdlet] $Cmdlet)

    New-Object -TypeName PSObject -Property @{ Cmdlet = $Cmdlet; Undo = New-Object -TypeName Collections.Stack; IsOnlyShown = [bool] $WhatIfPreference }
}

function Lock-Setup {
    # A file that is open while one of the two scripts runs: a second one would remove what the first needs to undo its steps.
    $path = Join-Path -Path $env:ProgramFiles -ChildPath 'csv-backup-agent.lock'
    $how = [IO.FileMode]::OpenOrCreate, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None, 1, [IO.FileOptions]::DeleteOnClose
    try {
        New-Object -TypeName IO.FileStream -ArgumentList (@($path) + $how)
    } catch {
        throw "Another installation or removal of the agent may be running: $($_.Exception.GetBaseException().Message) Wait until it has ended, and try again."
    }
}

function Invoke-SetupStep {
    # Does one step, unless -WhatIf is set. UndoBlock: how to undo it after a later step failed.
    param([object] $Setup, [string] $On, [string] $Action, [scriptblock] $DoBlock, [scriptblock] $UndoBlock)

    if (-not $Setup.Cmdlet.ShouldProcess($On, $Action)) {
        if ($Setup.IsOnlyShown) { return }
        throw "The step '$Action' was declined."
    }
    # The question of -Confirm was about the whole step: a part that is declined would leave it half done.
    $ConfirmPreference = 'None'
    # First, because a step that fails may have done a part of its work.
    if ($UndoBlock) { $Setup.Undo.Push((New-Object -TypeName PSObject -Property @{ Action = $Action; On = $On; Block = $UndoBlock })) }
    $null = & $DoBlock
}

function Undo-Setup {
    # Undoes the steps, the last one first.
    param([object] $Setup)

    $ConfirmPreference = 'None'
    # A warning must not end the undo.
    if ($WarningPreference -in 'Stop', 'Inquire') { $WarningPreference = 'Continue' }
    while ($Setup.Undo.Count) {
        $step = $Setup.Undo.Pop()
        try {
            $null = & $step.Block
        } catch {
            Write-Warning -Message "Not undone: '$($step.Action)' on $($step.On). $($_.Exception.Message)"
        }
    }
}

function Move-SetupItem {
    # Moves a file or folder. A process that has just ended may still hold it for a moment.
    param([string] $From, [string] $To, [int] $TimeoutSeconds = 20)

    for ($try = 1; $true; $try++) {
        try {
            return Move-Item -LiteralPath $From -Destination $To -Force -ErrorAction Stop
        } catch {
            if ($try -ge 2 * $TimeoutSeconds) { throw "$From cannot be moved to ${To}: $($_.Exception.Message)" }
        }
        Start-Sleep -Milliseconds 500
    }
}

function Remove-SetupItem {
    # Removes a file or folder, if it is there; waits as above.
    param([string] $Path, [int] $TimeoutSeconds = 20)

    for ($try = 1; Test-Path -LiteralPath $Path; $try++) {
        try {
            return Remove-Item -LiteralPath $Path -Recurse -Force -ErrorAction Stop
        } catch {
            if ($try -ge 2 * $TimeoutSeconds) { throw "$Path cannot be removed: $($_.Exception.Message)" }
        }
        Start-Sleep -Milliseconds 500
    }
}
