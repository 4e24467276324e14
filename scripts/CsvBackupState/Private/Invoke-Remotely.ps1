function Invoke-Remotely {
    # The one place where PowerShell remoting is used. Nodes are asked at once; one that does not answer gives an object that says why.
    param(
        [string[]] $ComputerName,
        [scriptblock] $ScriptBlock,
        [object[]] $ArgumentList,
        [pscredential] $Credential,
        # How long the request may take on the node, and how long the way there; 0: as long as a node under load may need.
        [int] $TimeoutSeconds,
        [int] $OpenSeconds
    )

    # The cmdlet that makes it lacks these parameters on Linux.
    $option = New-Object -TypeName Management.Automation.Remoting.PSSessionOption
    $open = [timespan]::FromSeconds($(if ($OpenSeconds) { $OpenSeconds } else { 30 }))
    $option.OpenTimeout = $open
    $option.CancelTimeout = $open
    # The node itself ends the request in time and says so: this is for one that cannot.
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
        # Remoting as a whole does not work here.
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
