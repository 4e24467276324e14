function Send-AgentRequest {
    # Sends one Jolokia request to each agent. Returns for each an object with Connection, Value and Failure (an error record, or null).
    param(
        [object[]] $Connection,
        [hashtable] $Request,
        # When to send the token of the agent's machine: Needed: always; Preferred: the answer is better with it; IfAsked: only if the agent
        # requires it.
        [ValidateSet('Needed', 'Preferred', 'IfAsked')]
        [string] $TokenUse = 'IfAsked',
        # The names that the answer must have. Default: the attributes of a request for several.
        [string[]] $Field,
        # An operation may query all nodes, and a clear waits for the cluster.
        [int] $DefaultTimeoutSeconds = 10
    )

    $Request['mbean'] = 'io.github.csvbackup:type=CsvBackupState'
    if (-not $Field -and $Request['attribute'] -is [array]) { $Field = $Request['attribute'] }
    $given = @{ Body = ConvertTo-AsciiJson -InputObject $Request; TokenUse = $TokenUse; Field = $Field; DefaultTimeoutSeconds = $DefaultTimeoutSeconds }
    foreach ($one in $Connection | Where-Object { -not $_.ComputerName }) {
        Send-DirectRequest -Connection $one @given
    }
    foreach ($group in Group-RemoteConnection -Connection @($Connection | Where-Object { $_.ComputerName })) {
        Send-RemoteRequest -Connection $group @given
    }
}

function Send-DirectRequest {
    # Sends a request over HTTP from this machine.
    param([object] $Connection, [string] $Body, [string] $TokenUse, [string[]] $Field, [int] $DefaultTimeoutSeconds)

    $timeout = if ($Connection.RequestTimeoutSeconds) { $Connection.RequestTimeoutSeconds } else { $DefaultTimeoutSeconds }
    # The token of this machine belongs to the agent on this machine. A token file that the caller named is always used.
    $isLocal = Test-Local -Uri $Connection.Uri
    $use = if (-not $isLocal) { 'Never' } elseif ($Connection.TokenPath) { 'Needed' } else { $TokenUse }
    if (($Connection.Credential -and -not (Test-Encrypted -Uri $Connection.Uri)) -or ($Connection.TokenPath -and -not $isLocal)) {
        # New-AgentConnection refuses this too, but the properties of a connection can be changed.
        $reply = New-Object -TypeName PSObject -Property @{ Kind = 'NotEncrypted'; Message = ''; Status = 0; Answer = $null }
        return Resolve-AgentReply -Connection $Connection -Reply $reply -TimeoutSeconds $timeout
    }
    $authorization = ''
    if ($Connection.Credential) {
        $pair = $Connection.Credential.UserName + ':' + $Connection.Credential.GetNetworkCredential().Password
        $authorization = 'Basic ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($pair))
    }
    for ($try = 1; $true; $try++) {
        $arguments = @($Connection.Uri, $Body, $use, $Connection.TokenPath, $authorization, $timeout, $Connection.SkipCertificateCheck, $false)
        $reply = Invoke-Apart -Script $script:AgentTransport.ToString() -ArgumentList $arguments
        # An agent limits the assessments of readers per second, so a pipeline of many volumes must slow down. It may also defer checking a
        # password while others are guessing passwords; the next try then succeeds.
        if ($reply.Status -ne 429 -or $try -ge 20) { break }
        Start-Sleep -Milliseconds 300
    }
    Resolve-AgentReply -Connection $Connection -Reply $reply -Field $Field -TimeoutSeconds $timeout
}

function Group-RemoteConnection {
    # Groups connections that one Invoke-Command can serve: they differ in nothing but the computer name.
    param([object[]] $Connection)

    $groups = New-Object -TypeName Collections.ArrayList
    foreach ($one in $Connection) {
        $group = $groups | Where-Object {
            $first = $_[0]
            # By reference: two accounts may have the same name, and a password must not reach another node.
            $first.Uri -eq $one.Uri -and $first.TokenPath -eq $one.TokenPath -and $first.RequestTimeoutSeconds -eq $one.RequestTimeoutSeconds -and
                [object]::ReferenceEquals($first.Credential, $one.Credential)
        } | Select-Object -First 1
        if ($group) { $null = $group.Add($one) } else { $null = $groups.Add([Collections.ArrayList] @($one)) }
    }
    foreach ($group in $groups) { , $group }
}

function Send-RemoteRequest {
    # Sends a request to the agents on other nodes, on their own loopback address, through remoting.
    param([object[]] $Connection, [string] $Body, [string] $TokenUse, [string[]] $Field, [int] $DefaultTimeoutSeconds)

    $first = $Connection[0]
    $timeout = if ($first.RequestTimeoutSeconds) { $first.RequestTimeoutSeconds } else { $DefaultTimeoutSeconds }
    $use = if ($first.TokenPath) { 'Needed' } else { $TokenUse }
    $call = @{
        ComputerName   = @($Connection | ForEach-Object -MemberName ComputerName)
        ScriptBlock    = $script:AgentTransport
        ArgumentList   = @($first.Uri, $Body, $use, $first.TokenPath, '', $timeout, $false, $true)
        Credential     = $first.Credential
        TimeoutSeconds = $timeout
        OpenSeconds    = $first.RequestTimeoutSeconds
    }
    foreach ($reply in Invoke-Remotely @call) {
        $one = $Connection | Where-Object -Property ComputerName -EQ -Value $reply.PSComputerName | Select-Object -First 1
        if (-not $one) {
            $one = $first.PSObject.Copy()
            $one.ComputerName = [string] $reply.PSComputerName
        }
        if ($reply.Kind -eq 'Answer') {
            $reply.Answer = [Management.Automation.PSSerializer]::Deserialize($reply.Answer)
        }
        Resolve-AgentReply -Connection $one -Reply $reply -Field $Field -TimeoutSeconds $timeout
    }
}
