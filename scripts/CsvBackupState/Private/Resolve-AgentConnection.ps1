function Get-DefaultParameter {
    # What $PSDefaultParameterValues gives a parameter of a command; nothing if it does not.
    param([string] $Command, [string] $Parameter)

    $defaults = $ExecutionContext.SessionState.PSVariable.GetValue('global:PSDefaultParameterValues')
    if (-not $defaults -or $defaults['Disabled']) { return }
    foreach ($key in @($defaults.Keys)) {
        $parts = ([string] $key).Trim() -split ':', 2
        if ($parts.Count -eq 2 -and $Command -like $parts[0].Trim() -and $Parameter -like $parts[1].Trim()) {
            $value = $defaults[$key]
            if ($value -is [scriptblock]) { $value = & $value }
            return $value
        }
    }
}

function Test-Secret {
    # Whether an address may be sent a password or a token: encrypted, or this machine.
    param([Uri] $Uri)

    $Uri.Scheme -eq 'https' -or $Uri.IsLoopback
}

function Resolve-AgentConnection {
    # What the connection parameters of a command mean: one object for each agent. What cannot be meant ends the caller's command with one
    # sentence, by its own cmdlet: what is thrown is passed over where errors are silenced, and then a password would go out all the same.
    param([hashtable] $Bound, [Management.Automation.PSCmdlet] $Cmdlet)

    $refuse = {
        param($id, $message, $category, $target)
        $record = New-CsvErrorRecord -Id $id -Message $message -Category $category -Target $target
        if ($Cmdlet) { $Cmdlet.ThrowTerminatingError($record) }
        throw $record
    }
    $value = { param($name, $default) if ($Bound.ContainsKey($name)) { $Bound[$name] } else { $default } }
    $computers = & $value 'ComputerName' @()
    $uris = & $value 'Uri' @()
    $credential = & $value 'Credential' $null
    $port = & $value 'Port' 8778
    $token = [string] (& $value 'TokenPath' '')
    $skip = [bool] (& $value 'SkipCertificateCheck' $false)
    if ($computers -and $uris) {
        # What was typed wins over what $PSDefaultParameterValues says.
        $command = if ($Cmdlet) { $Cmdlet.MyInvocation.MyCommand.Name } else { '' }
        $text = { param($list) @(foreach ($one in $list) { if ($one -is [Uri]) { $one.OriginalString } else { [string] $one } }) -join ' ' }
        $isDefault = {
            param($name, $given)
            $default = Get-DefaultParameter -Command $command -Parameter $name
            $default -and (& $text $default) -eq (& $text $given)
        }
        $isUriDefault = & $isDefault 'Uri' $uris
        $isComputerDefault = & $isDefault 'ComputerName' $computers
        if ($isUriDefault -and -not $isComputerDefault) {
            $uris = @()
        } elseif ($isComputerDefault -and -not $isUriDefault) {
            $computers = @()
        } else {
            & $refuse 'Connection.Ambiguous' 'Give -ComputerName (PowerShell remoting) or -Uri (direct HTTPS), not both. $PSDefaultParameterValues may hold one of them.' InvalidArgument
        }
    }
    if ($skip -and $PSVersionTable.PSVersion.Major -lt 6) {
        & $refuse 'Connection.SkipCertificateCheck' '-SkipCertificateCheck exists in PowerShell 7 only. Let this machine trust the certificate, or use PowerShell 7.' InvalidArgument
    }
    if ($token -and -not $computers -and $Cmdlet) {
        # A file is read by .NET, whose current folder is not PowerShell's. With -ComputerName the path is one of the node's.
        try {
            $token = $Cmdlet.GetUnresolvedProviderPathFromPSPath($token)
        } catch {
            & $refuse 'TokenFile' "The token file cannot be found: $($_.Exception.GetBaseException().Message)" ObjectNotFound $token
        }
    }
    $common = @{
        Kind                 = 'Uri'
        ComputerName         = ''
        Uri                  = "http://127.0.0.1:$port/jolokia/"
        Credential           = $credential
        TokenPath            = $token
        TimeoutSeconds       = [int] (& $value 'RequestTimeoutSeconds' 0)
        SkipCertificateCheck = $skip
    }
    if ($computers) {
        foreach ($computer in $computers) {
            $common['Kind'] = 'Computer'
            $common['ComputerName'] = $computer
            New-Object -TypeName PSObject -Property $common
        }
        return
    }
    if (-not $uris) {
        $uris = @([Uri] $common['Uri'])
    }
    foreach ($uri in $uris) {
        if (-not $uri.IsAbsoluteUri -or $uri.Scheme -notin 'http', 'https') {
            & $refuse 'Connection.Address' "-Uri '$uri' is no address of an agent. Write it as https://node1.example.com:8778/." InvalidArgument $uri
        }
        if (($credential -or $token) -and -not (Test-Secret -Uri $uri)) {
            $secret = if ($credential) { 'password' } else { 'token' }
            & $refuse 'Connection.NotEncrypted' "The $secret was not sent: '$uri' is not encrypted. Use https, or run the command on the node itself." SecurityError $uri
        }
        $text = $uri.AbsoluteUri
        if ($uri.AbsolutePath -eq '/') { $text = $text.TrimEnd('/') + '/jolokia/' }
        if (-not $text.EndsWith('/')) { $text += '/' }
        $common['Uri'] = $text
        New-Object -TypeName PSObject -Property $common
    }
}
