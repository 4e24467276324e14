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
    # Where the agent with the token listens, if that is not the address that is asked.
    $elsewhere = ''
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
            $token = [IO.File]::ReadAllText($file).Trim()
            # .NET would refuse such a header, and show it.
            if ($token -match '[^\x20-\x7e]') { throw 'It contains no token.' }
            # The agent writes its address beside its token, and no other program must get that. Older agents write none.
            $place = [IO.Path]::Combine([IO.Path]::GetDirectoryName($file), 'operator.url')
            if ([IO.File]::Exists($place)) {
                $listening = [Uri] [IO.File]::ReadAllText($place).Trim()
                $asked = [Uri] $Uri
                if ($asked.HostNameType -eq 'Dns' -and $asked.Port -eq $listening.Port) {
                    # localhost may also lead to another program, at another loopback address.
                    $exact = New-Object -TypeName UriBuilder -ArgumentList $asked
                    $exact.Host = $listening.Host
                    $Uri = $exact.Uri.AbsoluteUri
                } elseif ($asked.Authority -ne $listening.Authority) {
                    $elsewhere = $listening.AbsoluteUri
                }
            }
            $withToken = @{ Authorization = "Bearer $token" }
            if ($elsewhere) {
                if ($TokenPath) {
                    $result.Kind = 'OtherAddress'
                    $result.Message = $elsewhere
                    return $result
                }
            } else {
                switch ($TokenUse) {
                    'IfAsked' { $otherHeaders = $withToken }
                    'Preferred' { $otherHeaders = $headers; $headers = $withToken }
                    default { $headers = $withToken }
                }
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
        Uri                = $Uri
        Method             = 'Post'
        Body               = $Body
        ContentType        = 'application/json'
        Headers            = $headers
        TimeoutSec         = $TimeoutSeconds
        UseBasicParsing    = $true
        # An agent never redirects. Another server must not get the request, or answer in the agent's name.
        MaximumRedirection = 0
        # .NET Framework would send a request again, without telling, if a connection that is used again breaks.
        DisableKeepAlive   = $true
        ErrorAction        = 'Stop'
    }
    $isLoopback = ([Uri] $Uri).IsLoopback
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
        $result.Message = $failure.Exception.GetBaseException().Message
        $response = $failure.Exception.PSObject.Properties['Response']
        if ($response -and $response.Value) {
            $result.Kind = 'Http'
            $result.Status = [int] $response.Value.StatusCode
            $text = ''
            if ($failure.ErrorDetails) { $text = $failure.ErrorDetails.Message }
            if (-not $text -and $isDesktop) {
                $text = try {
                    (New-Object -TypeName IO.StreamReader -ArgumentList $response.Value.GetResponseStream()).ReadToEnd()
                } catch {
                    $_.Exception.GetBaseException().Message
                }
            }
            if ($text -match '\A\s*\{') {
                # Errors of Jolokia are JSON. Any other text is kept.
                $text = try {
                    $parsed = ConvertFrom-Json -InputObject $text
                    if ($parsed.PSObject.Properties['error']) { [string] $parsed.error } else { '' }
                } catch {
                    $text
                }
            }
            $result.Message = $text
            if ($elsewhere -and $result.Status -eq 401) {
                $result.Kind = 'OtherAddress'
                $result.Message = $elsewhere
            }
        } elseif ($failure.FullyQualifiedErrorId -match '\A(MaximumRedirectExceeded|InsecureRedirection)\b') {
            # Windows PowerShell reports a 301 or 302 so, and gives the text of a 307 as the answer. PowerShell 7 reports the way from https to http so.
            $result.Kind = 'Http'
            $result.Status = 302
        } else {
            # The nested exceptions tell how far the request got. If they do not, the agent may have received it: that is Broken.
            $result.Kind = 'Broken'
            $isConnected = $false
            for ($inner = $failure.Exception; $inner; $inner = $inner.InnerException) {
                $type = $inner.GetType().Name
                # Status: of Windows PowerShell. HttpRequestError: since PowerShell 7.4.
                $stage = foreach ($name in 'Status', 'HttpRequestError') { if ($inner.PSObject.Properties[$name]) { [string] $inner.$name } }
                if ($type -in 'TaskCanceledException', 'OperationCanceledException', 'TimeoutException' -or $stage -eq 'Timeout') {
                    $result.Kind = 'TimedOut'
                    break
                }
                if ($type -in 'IOException', 'HttpIOException') { $isConnected = $true }
                if ($isConnected) { continue }
                if ($stage -eq 'TrustFailure' -or ($type -eq 'AuthenticationException' -and $inner.Message -match 'certificate')) {
                    $result.Kind = 'Tls'
                    break
                }
                if ($type -eq 'AuthenticationException' -or $stage -in 'SecureChannelFailure', 'SecureConnectionError') {
                    $result.Kind = 'Handshake'
                } elseif ($type -eq 'SocketException' -or
                    $stage -in 'ConnectFailure', 'NameResolutionFailure', 'ProxyNameResolutionFailure', 'ConnectionError', 'NameResolutionError', 'ProxyTunnelError') {
                    $result.Kind = 'Unreachable'
                }
            }
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
