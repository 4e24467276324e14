function Resolve-AgentReply {
    # Makes of what came back a value or an error that says what to do. Jolokia answers HTTP 200 also for errors, with a status in the body.
    param([object] $Connection, [object] $Reply, [int] $TimeoutSeconds)

    $where = if ($Connection.Kind -eq 'Computer') { "The agent on $($Connection.ComputerName)" } else { "The agent at $($Connection.Uri)" }
    $target = if ($Connection.Kind -eq 'Computer') { $Connection.ComputerName } else { $Connection.Uri }
    $result = New-Object -TypeName PSObject -Property @{ Connection = $Connection; Value = $null; Failure = $null }
    $fail = {
        param($id, $message, $category)
        $result.Failure = New-CsvErrorRecord -Id $id -Message $message -Category $category -Target $target
        $result
    }
    $how = "-Uri https://NODE:$(([Uri] $Connection.Uri).Port)/ and the name that stands in its certificate"
    $detail = ([string] $Reply.Message).Trim()
    if ($detail -match '\A\s*<') { $detail = '' }
    if ($detail -match '\A\s*\{') {
        $parsed = $detail | ConvertFrom-Json
        $detail = if ($parsed.PSObject.Properties['error']) { [string] $parsed.error } else { '' }
    }
    if ($detail -and $detail -notmatch '[.!?]\z') { $detail += '.' }
    switch ($Reply.Kind) {
        'Answer' {
            $answer = $Reply.Answer
            if ($null -eq $answer -or $answer -is [string] -or -not $answer.PSObject.Properties['status']) {
                return & $fail 'NotAnAgent' "What answers at $target is not a CSV backup agent. Look at the address and the port (8778 unless the agent was told otherwise)." 'InvalidData'
            }
            if ($answer.status -eq 200) {
                $result.Value = $answer.value
                return $result
            }
            $text = ([string] $answer.error) -replace '\A(?:[\w$]+\.)+[\w$]+ : ', ''
            switch ($answer.status) {
                404 { return & $fail 'NotAnAgent' "$target speaks Jolokia, but has no CSV backup agent. Look at the address and the port." 'ObjectNotFound' }
                403 { return & $fail 'Forbidden' "$where does not allow it: $text" 'PermissionDenied' }
                400 { return & $fail 'Rejected' $text 'InvalidArgument' }
                default { return & $fail "Agent.$($answer.status)" "$where failed: $text Its log says more." 'NotSpecified' }
            }
        }
        'Http' {
            switch ($Reply.Status) {
                401 {
                    return & $fail 'Unauthorized' ("$where needs credentials: $detail Run this as administrator on the node, where the token is read by itself, or name its file with -TokenPath, or a user with -Credential.") 'AuthenticationError'
                }
                403 { return & $fail 'Forbidden' "$where does not allow it: $detail" 'PermissionDenied' }
                429 { return & $fail 'TooManyRequests' "$where has too much to do: $detail" 'LimitsExceeded' }
                503 { return & $fail 'Unavailable' "$where is not ready: $detail" 'ResourceUnavailable' }
                { $_ -eq 400 -and $detail -match 'uses TLS' } {
                    return & $fail 'Broken' "$where was asked over plain HTTP. An agent that has a certificate speaks TLS only: ask it with $how." 'ConnectionError'
                }
                default {
                    return & $fail 'NotAnAgent' "What answers at $target with HTTP $($Reply.Status) is not a CSV backup agent. Look at the address and the port (8778 unless the agent was told otherwise)." 'InvalidData'
                }
            }
        }
        'TimedOut' {
            return & $fail 'TimedOut' "$where has not answered within $TimeoutSeconds s. It may still be at work: look again, or wait longer with -RequestTimeoutSeconds." 'OperationTimeout'
        }
        'NotEncrypted' {
            return & $fail 'Connection.NotEncrypted' "The password or token was not sent: $target is not encrypted. Use https, or run the command on the node itself." 'SecurityError'
        }
        'Handshake' {
            return & $fail 'Tls' "$where was reached, but TLS was not agreed on: $detail An agent without a certificate is asked on its own machine, at http://127.0.0.1:$(([Uri] $Connection.Uri).Port)/; one that has a certificate speaks TLS 1.2 and 1.3." 'SecurityError'
        }
        'Broken' {
            return & $fail 'Broken' "$where was reached, but broke off without an answer over plain HTTP: $detail An agent that has a certificate speaks TLS only: ask it with $how. Otherwise look whether it still runs, and at the port." 'ConnectionError'
        }
        'Tls' {
            return & $fail 'Tls' "The certificate of $target is not trusted: $detail Let this machine trust it, or name the node as its certificate does." 'SecurityError'
        }
        'TokenFile' {
            return & $fail 'TokenFile' "The token file cannot be read: $detail Only administrators may read it; run this as one, or look at -TokenPath." 'PermissionDenied'
        }
        'Remoting' {
            return & $fail 'Remoting' "$($Connection.ComputerName) cannot be reached by PowerShell remoting: $detail" 'ConnectionError'
        }
        default {
            return & $fail 'Unreachable' "$where cannot be reached: $detail Look whether the agent runs there and listens on that port." 'ConnectionError'
        }
    }
}
