function Resolve-AgentConnection {
    # What the connection parameters of a command mean: one object for each agent. Throws one sentence for what cannot be meant.
    param([hashtable] $Bound)

    $value = { param($name, $default) if ($Bound.ContainsKey($name)) { $Bound[$name] } else { $default } }
    $computers = & $value 'ComputerName' @()
    $uris = & $value 'Uri' @()
    $credential = & $value 'Credential' $null
    $port = & $value 'Port' 8778
    $skip = [bool] (& $value 'SkipCertificateCheck' $false)
    if ($computers -and $uris) {
        throw (New-CsvErrorRecord -Id 'Connection.Ambiguous' -Message 'Give -ComputerName (PowerShell remoting) or -Uri (direct HTTPS), not both.' -Category InvalidArgument)
    }
    if ($skip -and $PSVersionTable.PSVersion.Major -lt 6) {
        throw (New-CsvErrorRecord -Id 'Connection.SkipCertificateCheck' -Message '-SkipCertificateCheck exists in PowerShell 7 only. Let this machine trust the certificate, or use PowerShell 7.' -Category InvalidArgument)
    }
    $common = @{
        Kind                 = 'Uri'
        ComputerName         = ''
        Uri                  = "http://127.0.0.1:$port/jolokia/"
        Credential           = $credential
        TokenPath            = [string] (& $value 'TokenPath' '')
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
            throw (New-CsvErrorRecord -Id 'Connection.Address' -Message "-Uri '$uri' is no address of an agent. Write it as https://node1.example.com:8778/." -Category InvalidArgument -Target $uri)
        }
        if ($credential -and $uri.Scheme -ne 'https' -and -not $uri.IsLoopback) {
            throw (New-CsvErrorRecord -Id 'Connection.NotEncrypted' -Message "The password was not sent: '$uri' is not encrypted. Use https, or run the command on the node itself." -Category SecurityError -Target $uri)
        }
        if ($common['TokenPath'] -and $uri.Scheme -ne 'https' -and -not $uri.IsLoopback) {
            throw (New-CsvErrorRecord -Id 'Connection.NotEncrypted' -Message "The token was not sent: '$uri' is not encrypted. Use https, or run the command on the node itself." -Category SecurityError -Target $uri)
        }
        $text = $uri.AbsoluteUri
        if ($uri.AbsolutePath -eq '/') { $text = $text.TrimEnd('/') + '/jolokia/' }
        if (-not $text.EndsWith('/')) { $text += '/' }
        $common['Uri'] = $text
        New-Object -TypeName PSObject -Property $common
    }
}
