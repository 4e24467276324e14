# Asks one agent. It needs nothing of this module, because it also runs on other nodes through Invoke-Command: there it speaks to the
# agent on the node's own loopback address, so that no port has to be open and no certificate to be had. Its answer is an object of plain
# properties; Kind says what happened.
$script:AgentTransport = {
    param(
        [string] $Uri,
        [string] $Body,
        # Of the token of this machine: Needed; Preferred, and without it if it is another agent's; IfAsked, after a 401; or Never.
        [string] $TokenUse,
        [string] $TokenPath,
        [string] $Authorization,
        [int] $TimeoutSeconds,
        [bool] $SkipCertificateCheck,
        [bool] $Serialize
    )
    $result = New-Object -TypeName PSObject -Property @{ Kind = 'Answer'; Message = ''; Status = 0; Answer = $null }
    $headers = @{}
    # What to send after a 401; null if nothing else would help.
    $otherHeaders = $null
    if ($Authorization) {
        $headers['Authorization'] = $Authorization
    } elseif ($TokenUse -ne 'Never') {
        $file = $TokenPath
        if (-not $file) {
            $file = if ($env:ProgramData) {
                Join-Path -Path $env:ProgramData -ChildPath 'csv-backup-agent\operator.token'
            } else {
                Join-Path -Path $HOME -ChildPath '.local/state/csv-backup-agent/operator.token'
            }
        }
        try {
            $withToken = @{ Authorization = 'Bearer ' + [IO.File]::ReadAllText($file).Trim() }
            switch ($TokenUse) {
                'IfAsked' { $otherHeaders = $withToken }
                'Preferred' { $otherHeaders = $headers; $headers = $withToken }
                default { $headers = $withToken }
            }
        } catch {
            # Without the token the agent itself says what is missing; a file that was named must be there.
            if ($TokenPath) {
                $result.Kind = 'TokenFile'
                $result.Message = $_.Exception.GetBaseException().Message
                return $result
            }
        }
    }

    $call = @{
        Uri             = $Uri
        Method          = 'Post'
        Body            = $Body
        ContentType     = 'application/json'
        Headers         = $headers
        TimeoutSec      = $TimeoutSeconds
        UseBasicParsing = $true
        ErrorAction     = 'Stop'
    }
    $isLoopback = ([Uri] $Uri).IsLoopback
    $isEncrypted = ([Uri] $Uri).Scheme -eq 'https'
    $isDesktop = $PSVersionTable.PSVersion.Major -lt 6
    if (-not $isDesktop) {
        if ($isLoopback) { $call['NoProxy'] = $true }
        if ($SkipCertificateCheck) { $call['SkipCertificateCheck'] = $true }
        # TimeoutSec ends with the head of the answer; for its body there is a time-out of its own, from 7.4 on.
        if ((Get-Command -Name 'Invoke-RestMethod').Parameters.ContainsKey('OperationTimeoutSeconds')) {
            $call['OperationTimeoutSeconds'] = $TimeoutSeconds
        }
    }
    $protocols = $null
    $proxy = $null
    try {
        if ($isDesktop) {
            $protocols = [Net.ServicePointManager]::SecurityProtocol
            $proxy = [Net.WebRequest]::DefaultWebProxy
            # 0 leaves the choice to Windows, which may choose 1.3 as well: to add something would take that away.
            if ([int] $protocols -ne 0) {
                [Net.ServicePointManager]::SecurityProtocol = $protocols -bor [Net.SecurityProtocolType]::Tls12
            }
            if ($isLoopback) { [Net.WebRequest]::DefaultWebProxy = $null }
        }
        $result.Answer = try {
            Invoke-RestMethod @call
        } catch {
            $refused = $_.Exception.PSObject.Properties['Response']
            if ($null -eq $otherHeaders -or -not $refused -or -not $refused.Value -or [int] $refused.Value.StatusCode -ne 401) { throw }
            $call['Headers'] = $otherHeaders
            Invoke-RestMethod @call
        }
    } catch {
        $failure = $_
        $base = $failure.Exception.GetBaseException()
        $result.Kind = 'Unreachable'
        $result.Message = $base.Message
        $response = $failure.Exception.PSObject.Properties['Response']
        if ($response -and $response.Value) {
            $result.Kind = 'Http'
            $result.Status = [int] $response.Value.StatusCode
            $text = ''
            if ($failure.ErrorDetails) { $text = $failure.ErrorDetails.Message }
            if (-not $text -and $isDesktop) {
                $reader = New-Object -TypeName IO.StreamReader -ArgumentList $response.Value.GetResponseStream()
                $text = $reader.ReadToEnd()
                $reader.Dispose()
            }
            $result.Message = $text
        } else {
            # Of what is nested in one another the most exact counts.
            $isBroken = $false
            for ($inner = $failure.Exception; $inner; $inner = $inner.InnerException) {
                $type = $inner.GetType().Name
                $status = ''
                if ($inner.PSObject.Properties['Status']) { $status = [string] $inner.Status }
                if ($status -eq 'TrustFailure' -or ($type -eq 'AuthenticationException' -and $inner.Message -match 'certificate')) {
                    $result.Kind = 'Tls'
                    break
                }
                if ($type -eq 'AuthenticationException' -or $status -eq 'SecureChannelFailure') {
                    $result.Kind = 'Handshake'
                    break
                }
                if ($type -in 'TaskCanceledException', 'OperationCanceledException', 'TimeoutException' -or $status -eq 'Timeout') {
                    $result.Kind = 'TimedOut'
                    break
                }
                # Something is there, but it hung up or speaks something else.
                if ($type -in 'IOException', 'HttpIOException' -or $inner.Message -match 'invalid status line' -or
                    $status -in 'ServerProtocolViolation', 'SendFailure', 'ReceiveFailure', 'ConnectionClosed', 'KeepAliveFailure') {
                    $isBroken = $true
                }
            }
            if ($result.Kind -eq 'Unreachable' -and $isBroken) { $result.Kind = if ($isEncrypted) { 'Handshake' } else { 'Broken' } }
        }
    } finally {
        if ($isDesktop -and $null -ne $protocols) {
            [Net.ServicePointManager]::SecurityProtocol = $protocols
            [Net.WebRequest]::DefaultWebProxy = $proxy
        }
    }
    if ($Serialize) {
        # Remoting keeps one level of an object: the answer travels as text.
        $result.Answer = [Management.Automation.PSSerializer]::Serialize($result.Answer, 12)
    }
    $result
}
