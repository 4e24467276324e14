function Invoke-Remotely {
    # The only use of PowerShell remoting. Queries all nodes at the same time. For a node that does not answer it returns an object with the reason.
    param(
        [string[]] $ComputerName,
        [scriptblock] $ScriptBlock,
        [object[]] $ArgumentList,
        [pscredential] $Credential,
        # How long the request may take on the node, and how long connecting may take (0: the default, long enough for a node under load).
        [int] $TimeoutSeconds,
        [int] $OpenSeconds
    )

    # New-PSSessionOption lacks these parameters on Linux.
    $option = New-Object -TypeName Management.Automation.Remoting.PSSessionOption
    $open = [timespan]::FromSeconds($(if ($OpenSeconds) { $OpenSeconds } else { 30 }))
    $option.OpenTimeout = $open
    $option.CancelTimeout = $open
    # Normally the node itself ends the request in time and reports it. This limit is for a node that hangs.
    $option.OperationTimeout = $open + [timespan]::FromSeconds($TimeoutSeconds)
    $call = @{
        ComputerName  = $ComputerName
        ScriptBlock   = $ScriptBlock
        ArgumentList  = $ArgumentList
        SessionOption = $option
        ErrorAction   = 'Continue'
    }
    if ($Credential) { $call['Credential'] = $Credential }
    $shell = [powershell]::Create([Management.Automation.RunspaceMode]::CurrentRunspace)
    try {
        $null = $shell.AddCommand('Invoke-Command').AddParameters($call)
        $shell.Invoke()
        $failures = @($shell.Streams.Error)
    } catch {
        # Remoting does not work at all on this machine.
        $failures = @()
        foreach ($computer in $ComputerName) {
            New-Object -TypeName PSObject -Property @{
                PSComputerName = $computer
                Kind           = 'Remoting'
                Message        = $_.Exception.GetBaseException().Message
                Status         = 0
                Answer         = $null
            }
        }
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
