function Invoke-Remotely {
    # The one place where PowerShell remoting is used. Nodes are asked at once; one that does not answer gives an object that says why.
    param([string[]] $ComputerName, [scriptblock] $ScriptBlock, [object[]] $ArgumentList, [pscredential] $Credential)

    $call = @{
        ComputerName = $ComputerName
        ScriptBlock  = $ScriptBlock
        ArgumentList = $ArgumentList
        ErrorAction  = 'Continue'
    }
    if ($Credential) { $call['Credential'] = $Credential }
    $shell = [powershell]::Create([Management.Automation.RunspaceMode]::CurrentRunspace)
    try {
        $null = $shell.AddCommand('Invoke-Command').AddParameters($call)
        $shell.Invoke()
        $failures = @($shell.Streams.Error)
    } finally {
        $shell.Dispose()
    }
    foreach ($failure in $failures) {
        $node = ''
        if ($failure.PSObject.Properties['OriginInfo'] -and $failure.OriginInfo) { $node = [string] $failure.OriginInfo.PSComputerName }
        if (-not $node) { $node = [string] $failure.TargetObject }
        New-Object -TypeName PSObject -Property @{
            PSComputerName = $node
            Kind           = 'Remoting'
            Message        = $failure.Exception.Message
            Status         = 0
            Answer         = $null
        }
    }
}
