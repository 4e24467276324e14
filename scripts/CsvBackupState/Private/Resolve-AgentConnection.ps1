function Resolve-AgentConnection {
    # Turns the parameters -ComputerName, -Uri, -Credential and -Connection of a command into connections, one for each agent. Without any of
    # them: the agent on this machine.
    param([hashtable] $Bound, [hashtable] $Setting = @{}, [Management.Automation.PSCmdlet] $Cmdlet)

    $given = @('ComputerName', 'Uri', 'Connection' | Where-Object { $Bound.ContainsKey($_) })
    if ($given.Count -gt 1) {
        # A parameter that was typed takes precedence over one from $PSDefaultParameterValues.
        $given = @($given | Where-Object { -not (Test-DefaultValue -Bound $Bound -Parameter $_ -Cmdlet $Cmdlet) })
        if ($given.Count -ne 1) {
            $message = 'Use only one of -ComputerName (PowerShell remoting), -Uri (direct) and -Connection. $PSDefaultParameterValues may set one of them.'
            Stop-Command -Id 'Connection.Ambiguous' -Message $message -Category InvalidArgument -Target $null -Cmdlet $Cmdlet
        }
    }
    $common = $Setting + @{ Credential = Get-GivenCredential -Bound $Bound; Cmdlet = $Cmdlet }
    if ($given -eq 'Connection') {
        if ($common.Credential -and -not (Test-DefaultValue -Bound $Bound -Parameter 'Credential' -Cmdlet $Cmdlet)) {
            $message = '-Credential cannot be used with -Connection. Use New-CsvBackupConnection -Credential.'
            Stop-Command -Id 'Connection.Ambiguous' -Message $message -Category InvalidArgument -Target $null -Cmdlet $Cmdlet
        }
        Get-GivenConnection -Bound $Bound -Cmdlet $Cmdlet
    } elseif ($given -eq 'ComputerName') {
        foreach ($computer in $Bound['ComputerName']) { New-AgentConnection -ComputerName $computer @common }
    } elseif ($given -eq 'Uri') {
        foreach ($uri in $Bound['Uri']) { New-AgentConnection -Uri $uri @common }
    } else {
        New-AgentConnection @common
    }
}

function Resolve-InputConnection {
    # A piped object goes back to the agent that reported it, with the connection to that agent if the caller has one. Other input goes to the
    # agents that the caller's parameters name.
    param([object] $Item, [hashtable] $Bound, [Management.Automation.PSCmdlet] $Cmdlet)

    if (-not $Item.Uri) { return Resolve-AgentConnection -Bound $Bound -Cmdlet $Cmdlet }
    foreach ($connection in Get-GivenConnection -Bound $Bound -Cmdlet $Cmdlet) {
        if ($connection.Uri -eq $Item.Uri -and $connection.ComputerName -eq $Item.Computer) { return $connection }
    }
    $common = @{ Credential = Get-GivenCredential -Bound $Bound; Cmdlet = $Cmdlet }
    if ($Item.Computer) {
        New-AgentConnection -ComputerName $Item.Computer -Port ([Uri] $Item.Uri).Port @common
    } else {
        New-AgentConnection -Uri $Item.Uri @common
    }
}

function New-AgentConnection {
    # Makes the connection to one agent: through remoting if there is a computer name, else to the address, else to this machine.
    param(
        [string] $ComputerName,
        [Uri] $Uri,
        [pscredential] $Credential,
        [int] $Port = 8778,
        [string] $TokenPath,
        [bool] $SkipCertificateCheck,
        # 0: the default of each kind of request.
        [int] $RequestTimeoutSeconds,
        [Management.Automation.PSCmdlet] $Cmdlet
    )

    $stop = { param($id, $message, $category, $target) Stop-Command -Id $id -Message $message -Category $category -Target $target -Cmdlet $Cmdlet }
    if ($SkipCertificateCheck -and $PSVersionTable.PSVersion.Major -lt 6) {
        & $stop 'Connection.SkipCertificateCheck' '-SkipCertificateCheck requires PowerShell 7. Let this machine trust the certificate, or use PowerShell 7.' InvalidArgument
    }
    if ($TokenPath -and -not $ComputerName) {
        # .NET reads the file, and its current folder is not that of PowerShell. With -ComputerName it is a path on the node.
        try {
            $TokenPath = $Cmdlet.GetUnresolvedProviderPathFromPSPath($TokenPath)
            [IO.File]::OpenRead($TokenPath).Dispose()
        } catch {
            $why = if ($_.Exception.InnerException) { $_.Exception.InnerException } else { $_.Exception }
            if ($why -is [UnauthorizedAccessException]) {
                & $stop 'TokenFile' "The token file cannot be read: $($why.Message) Only administrators of the node can read it." PermissionDenied $TokenPath
            }
            & $stop 'TokenFile' "The token file cannot be found: $($why.Message) Check -TokenPath." ObjectNotFound $TokenPath
        }
    }
    if ($Uri -and $Uri.OriginalString -match '[@?#]') {
        # Without the address in the error: it may have a password.
        & $stop 'Connection.Address' 'The address of an agent must not contain a user, a query or a fragment (@, ? or #). Use for example https://node1.example.com:8779/, and -Credential for a user.' InvalidArgument
    }
    if (-not $Uri) { $Uri = [Uri] "http://127.0.0.1:$Port/" }
    if (-not $Uri.IsAbsoluteUri -or $Uri.Scheme -notin 'http', 'https') {
        & $stop 'Connection.Address' "'$Uri' is not a valid address of an agent; expected for example https://node1.example.com:8779/." InvalidArgument $Uri
    }
    if ($Credential -and -not $ComputerName -and -not (Test-Encrypted -Uri $Uri)) {
        & $stop 'Connection.NotEncrypted' "The password was not sent because '$Uri' is not encrypted. Users log in with https, at the agent's address for other machines." SecurityError $Uri
    }
    if ($TokenPath -and -not (Test-Local -Uri $Uri)) {
        & $stop 'Connection.NotLocal' "The token was not sent to '$Uri': it is valid only on the node itself, at http://127.0.0.1:PORT/. Use -Credential here, or run the command on the node." SecurityError $Uri
    }
    $text = $Uri.AbsoluteUri
    if ($Uri.AbsolutePath -eq '/') { $text = $text.TrimEnd('/') + '/jolokia/' }
    if (-not $text.EndsWith('/')) { $text += '/' }
    [pscustomobject] @{
        PSTypeName            = 'CsvBackupState.Connection'
        Address               = if ($ComputerName) { "$ComputerName (PowerShell remoting, port $($Uri.Port))" } else { $text }
        ComputerName          = $ComputerName
        Uri                   = $text
        Credential            = $Credential
        TokenPath             = $TokenPath
        SkipCertificateCheck  = $SkipCertificateCheck
        RequestTimeoutSeconds = $RequestTimeoutSeconds
        Cluster               = ''
        Node                  = ''
        Role                  = ''
    }
}

function Get-GivenConnection {
    # The connections of a command's parameter -Connection. They are checked here, because the message for a type in a declaration does not say what to do.
    param([hashtable] $Bound, [Management.Automation.PSCmdlet] $Cmdlet)

    foreach ($connection in $Bound['Connection']) {
        if ($connection.PSObject.TypeNames -notcontains 'CsvBackupState.Connection') {
            $message = "-Connection requires the result of New-CsvBackupConnection, not an object of type $($connection.GetType().Name). For an address use -Uri."
            Stop-Command -Id 'Connection.Type' -Message $message -Category InvalidArgument -Target $null -Cmdlet $Cmdlet
        }
        $connection
    }
}

function Get-GivenCredential {
    # The credential of a command's parameters, or null.
    param([hashtable] $Bound)

    $credential = $Bound['Credential']
    if ($credential -and $credential -ne [pscredential]::Empty) { $credential } else { $null }
}

function Get-DefaultParameter {
    # The value that $PSDefaultParameterValues has for a parameter of a command; nothing if it has none.
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

function Test-DefaultValue {
    # Whether the value of a parameter is the one from $PSDefaultParameterValues.
    param([hashtable] $Bound, [string] $Parameter, [Management.Automation.PSCmdlet] $Cmdlet)

    $text = {
        param($values)
        @(foreach ($value in $values) {
            if ($value -is [Uri]) { $value.OriginalString } elseif ($value -is [pscredential]) { $value.UserName } else { [string] $value }
        }) -join ' '
    }
    $default = Get-DefaultParameter -Command $Cmdlet.MyInvocation.MyCommand.Name -Parameter $Parameter
    $default -and (& $text $default) -eq (& $text $Bound[$Parameter])
}

function Test-Encrypted {
    # Whether a password may be sent to an address. Not to this machine over plain HTTP either: another program may have the port of an agent that does
    # not run, and a password is still valid later.
    param([Uri] $Uri)

    $Uri.Scheme -eq 'https'
}

function Test-Local {
    # Whether an address is that of an agent for its own machine, which is the only one that knows the token.
    param([Uri] $Uri)

    $Uri.Scheme -eq 'http' -and $Uri.IsLoopback
}

function Stop-Command {
    # Ends the caller's command with one sentence. The command's own cmdlet must throw: with -ErrorAction SilentlyContinue a plain throw is
    # skipped, and the password would be sent after all.
    param([string] $Id, [string] $Message, [Management.Automation.ErrorCategory] $Category, [object] $Target, [Management.Automation.PSCmdlet] $Cmdlet)

    $Cmdlet.ThrowTerminatingError((New-CsvErrorRecord -Id $Id -Message $Message -Category $Category -Target $Target))
}
