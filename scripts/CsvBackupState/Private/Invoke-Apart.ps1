function Invoke-Apart {
    # Runs a script in a pipeline of its own: an error that it catches would end up in the caller's -ErrorVariable all the same.
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
    # Takes out of $Error what was caught since this was the first there: whoever looks finds what a command ended with, and nothing else.
    param([object] $Top)

    $list = $global:Error
    while ($list.Count -gt 0 -and -not [object]::ReferenceEquals($list[0], $Top)) { $list.RemoveAt(0) }
}
