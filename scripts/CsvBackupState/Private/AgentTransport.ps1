# Sends a request to one agent. It uses nothing of this module, because it also runs on other nodes through Invoke-Command. There it uses the
# node's own loopback address, so the agent needs neither an open port nor a certificate. It returns an object of plain properties; Kind is what
# happened.
$script:AgentTransport = {
    param(
        [string] $Uri,
        [string] $Body,
        # When to send the token of this machine: Needed: always; Preferred: always, but retry without it after a 401, because it may belong to
        # another agent; IfAsked: only after a 401; or Never.
        [string] $TokenUse,
        [string] $TokenPath,
        [string] $Authorization,
        [int] $TimeoutSeconds,
        [bool] $SkipCertificateCheck,
        [bool] $Serialize
    )
    $result = New-Object -TypeName PSObject -Property @{ Kind = 'Answer'; Message = ''; Status = 0; Answer = $null }
    $headers = @{}
    # The headers for a retry after a 401; null: no retry.
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
            # Without a token the agent reports what is missing. But a file that the user named must exist.
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
        # TimeoutSec covers only the head of the answer. Since 7.4 there is another timeout for its body.
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
            # 0: Windows chooses, and may choose TLS 1.3. Adding a version would prevent that.
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
            # The most specific of the nested exceptions decides.
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
                # Something listens there, but it closed the connection or uses another protocol.
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
        # Remoting keeps only one level of an object, so the answer is sent as text.
        $result.Answer = [Management.Automation.PSSerializer]::Serialize($result.Answer, 12)
    }
    $result
}
