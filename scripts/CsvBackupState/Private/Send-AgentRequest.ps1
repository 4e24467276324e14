function Send-AgentRequest {
    # Sends one Jolokia request to each agent. Gives for each an object with Connection, Value and Failure (an error record, or null).
    param(
        [object[]] $Connection,
        [hashtable] $Request,
        # What needs an operator or a reader, or is answered better to one.
        [switch] $WithToken,
        # An operation may ask every node, and a clear waits for the cluster.
        [int] $DefaultTimeoutSeconds = 10
    )

    $Request['mbean'] = 'io.github.csvbackup:type=CsvBackupState'
    $body = ConvertTo-AsciiJson -InputObject $Request
    foreach ($one in $Connection | Where-Object -Property Kind -EQ -Value 'Uri') {
        $timeout = if ($one.TimeoutSeconds) { $one.TimeoutSeconds } else { $DefaultTimeoutSeconds }
        # The token of this machine belongs to the agent on this machine, and goes along where it counts; one that was named, always.
        $isLoopback = ([Uri] $one.Uri).IsLoopback
        $sendToken = $one.TokenPath -or ($WithToken -and $isLoopback)
        if (($one.Credential -or $sendToken) -and -not (Test-Secret -Uri $one.Uri)) {
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
            $arguments = @($one.Uri, $body, [bool] $sendToken, $one.TokenPath, $authorization, $timeout, $one.SkipCertificateCheck, $false)
            $reply = Invoke-Apart -Script $script:AgentTransport.ToString() -ArgumentList $arguments
            if ($reply.Status -eq 401 -and $isLoopback -and -not ($authorization -or $sendToken)) {
                # An agent may be set up to let nobody read without credentials.
                $sendToken = $true
                continue
            }
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
        $call = @{
            ComputerName   = $remote.ComputerName
            ScriptBlock    = $script:AgentTransport
            ArgumentList   = @($first.Uri, $body, [bool] ($WithToken -or $first.TokenPath), $first.TokenPath, '', $timeout, $false, $true)
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
