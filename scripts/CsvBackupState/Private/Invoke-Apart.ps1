function Invoke-Apart {
    # Runs a script in a pipeline of its own: an error that it catches would end up in the caller's -ErrorVariable all the same.
    param([string] $Script, [object[]] $ArgumentList)

    $shell = [powershell]::Create([Management.Automation.RunspaceMode]::CurrentRunspace)
    try {
        $null = $shell.AddScript($Script, $true)
        foreach ($argument in $ArgumentList) { $null = $shell.AddArgument($argument) }
        $shell.Invoke()
    } finally {
        $shell.Dispose()
    }
}
