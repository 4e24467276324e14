function Invoke-Remotely {
    # The one place where PowerShell remoting is used. Nodes are asked at once; those that do not answer end up in the error variable.
    param([string[]] $ComputerName, [scriptblock] $ScriptBlock, [object[]] $ArgumentList, [pscredential] $Credential)

    $call = @{
        ComputerName  = $ComputerName
        ScriptBlock   = $ScriptBlock
        ArgumentList  = $ArgumentList
        ErrorAction   = 'SilentlyContinue'
        ErrorVariable = 'failures'
    }
    if ($Credential) { $call['Credential'] = $Credential }
    $failures = @()
    Invoke-Command @call
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
