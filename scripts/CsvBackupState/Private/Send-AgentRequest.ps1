function Send-AgentRequest {
    # Sends one Jolokia request to each agent. Gives for each an object with Connection, Value and Failure (an error record, or null).
    param(
        [object[]] $Connection,
        [hashtable] $Request,
        # The token that lies on the agent's machine: what needs it, and what is answered better with it; else it is sent if the agent asks for it.
        [ValidateSet('Needed', 'Preferred', 'IfAsked')]
        [string] $TokenUse = 'IfAsked',
        # An operation may ask every node, and a clear waits for the cluster.
        [int] $DefaultTimeoutSeconds = 10
    )

    $Request['mbean'] = 'io.github.csvbackup:type=CsvBackupState'
    $body = ConvertTo-AsciiJson -InputObject $Request
    foreach ($one in $Connection | Where-Object -Property Kind -EQ -Value 'Uri') {
        $timeout = if ($one.TimeoutSeconds) { $one.TimeoutSeconds } else { $DefaultTimeoutSeconds }
        # The token of this machine belongs to the agent on this machine; one that was named goes along always.
        $use = if ($one.TokenPath) { 'Needed' } elseif (([Uri] $one.Uri).IsLoopback) { $TokenUse } else { 'Never' }
        if (($one.Credential -or $one.TokenPath) -and -not (Test-Secret -Uri $one.Uri)) {
            # Was refused when the connection was made out; here nothing may go by what was passed over on the way.
            $reply = New-Object -TypeName PSObject -Property @{ Kind = 'NotEncrypted'; Message = ''; Status = 0; Answer = $null }
            Resolve-AgentReply -Connection $one -Reply $reply -TimeoutSeconds $timeout
            continue
        }
        $authorization = ''
        if ($one.Credential) {
            $pair = $one.Credential.UserName + ':' + $one.Credential.GetNetworkCredential().Password
            $authorization = 'Basic ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($pair))
        }
        for ($try = 1; $true; $try++) {
            $arguments = @($one.Uri, $body, $use, $one.TokenPath, $authorization, $timeout, $one.SkipCertificateCheck, $false)
            $reply = Invoke-Apart -Script $script:AgentTransport.ToString() -ArgumentList $arguments
            # An agent lets readers assess some times a second only: a pipeline of many volumes goes at its pace. It also checks a password aside
            # while others guess, and lets it in at the next try.
            if ($reply.Status -ne 429 -or $try -ge 20) { break }
            Start-Sleep -Milliseconds 300
        }
        Resolve-AgentReply -Connection $one -Reply $reply -TimeoutSeconds $timeout
    }
    $remote = @($Connection | Where-Object -Property Kind -EQ -Value 'Computer')
    if ($remote.Count -gt 0) {
        $first = $remote[0]
        $timeout = if ($first.TimeoutSeconds) { $first.TimeoutSeconds } else { $DefaultTimeoutSeconds }
        $use = if ($first.TokenPath) { 'Needed' } else { $TokenUse }
        $call = @{
            ComputerName   = $remote.ComputerName
            ScriptBlock    = $script:AgentTransport
            ArgumentList   = @($first.Uri, $body, $use, $first.TokenPath, '', $timeout, $false, $true)
            Credential     = $first.Credential
            TimeoutSeconds = $timeout
            OpenSeconds    = $first.TimeoutSeconds
        }
        foreach ($reply in Invoke-Remotely @call) {
            $one = $remote | Where-Object -Property ComputerName -EQ -Value $reply.PSComputerName | Select-Object -First 1
            if (-not $one) {
                $one = $first.PSObject.Copy()
                $one.ComputerName = [string] $reply.PSComputerName
            }
            if ($reply.Kind -eq 'Answer') {
                $reply.Answer = [Management.Automation.PSSerializer]::Deserialize($reply.Answer)
            }
            Resolve-AgentReply -Connection $one -Reply $reply -TimeoutSeconds $timeout
        }
    }
}
