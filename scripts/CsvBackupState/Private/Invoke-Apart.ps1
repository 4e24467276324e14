function Invoke-Apart {
    # Runs a script in its own pipeline: otherwise even errors that it catches are added to the caller's -ErrorVariable.
    param([string] $Script, [object[]] $ArgumentList)

    $top = $global:Error | Select-Object -First 1
    $shell = [powershell]::Create([Management.Automation.RunspaceMode]::CurrentRunspace)
    try {
        $null = $shell.AddScript($Script, $true)
        foreach ($argument in $ArgumentList) { $null = $shell.AddArgument($argument) }
        $shell.Invoke()
    } finally {
        $shell.Dispose()
        Restore-ErrorList -Top $top
    }
}

function Restore-ErrorList {
    # Removes from $Error what was added since Top was its first entry: the user should find only the errors that a command reported.
    param([object] $Top)

    $list = $global:Error
    while ($list.Count -gt 0 -and -not [object]::ReferenceEquals($list[0], $Top)) { $list.RemoveAt(0) }
}
