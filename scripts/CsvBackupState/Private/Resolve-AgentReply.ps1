function Resolve-AgentReply {
    # Turns a reply into a value, or into an error that says what to do. Jolokia returns HTTP 200 also for errors, with a status in the body.
    # Field: the names that the value must have, see Find-MissingField.
    param([object] $Connection, [object] $Reply, [string[]] $Field, [int] $TimeoutSeconds)

    $target = if ($Connection.ComputerName) { $Connection.ComputerName } else { $Connection.Uri }
    $where = "The agent $(if ($Connection.ComputerName) { 'on' } else { 'at' }) $target"
    $port = ([Uri] $Connection.Uri).Port
    $result = New-Object -TypeName PSObject -Property @{ Connection = $Connection; Value = $null; Failure = $null }
    $fail = {
        param($id, $message, $category)
        $result.Failure = New-CsvErrorRecord -Id $id -Message $message -Category $category -Target $target
        $result
    }
    $tls = "If this is an agent's port for other machines, it accepts only TLS: use -Uri https://NODE:$port/ with the name in its certificate. On the node itself use the other port."
    $plain = "If this is an agent's port for its own machine, it accepts only http://127.0.0.1:$port/ there."
    $check = 'Check the address and the port (the default ports of an agent are 8778 for its own machine, and 8779 for others).'
    $detail = ([string] $Reply.Message).Trim()
    if ($detail -match '\A\s*<') { $detail = '' }
    if ($detail -and $detail -notmatch '[.!?]\z') { $detail += '.' }
    switch ($Reply.Kind) {
        'Answer' {
            $answer = $Reply.Answer
            if ($null -eq $answer -or $answer -is [string] -or -not $answer.PSObject.Properties['status']) {
                return & $fail 'NotAnAgent' "$target answers, but is not a CSV backup agent. $check" 'InvalidData'
            }
            if ($answer.status -eq 200) {
                $value = $answer.PSObject.Properties['value']
                $missing = if (-not $value -or $null -eq $value.Value) { 'value' } else { Find-MissingField -Value $value.Value -Field $Field }
                if ($missing) {
                    return & $fail 'NotAnAgent' "$target answers, but not like a CSV backup agent of this version: '$missing' is missing. $check" 'InvalidData'
                }
                $result.Value = $value.Value
                return $result
            }
            $reason = $answer.PSObject.Properties['error']
            $text = if ($reason) { [string] $reason.Value -replace '\A(?:[\w$]+\.)+[\w$]+ : ', '' } else { 'It gave no reason.' }
            switch ([string] $answer.status) {
                404 { return & $fail 'NotAnAgent' "$target is a Jolokia server without a CSV backup agent. $check" 'ObjectNotFound' }
                403 { return & $fail 'Forbidden' "$where does not allow this: $text" 'PermissionDenied' }
                400 { return & $fail 'Rejected' $text 'InvalidArgument' }
                default { return & $fail "Agent.$($answer.status)" "$where failed: $text See its log for details." 'NotSpecified' }
            }
        }
        'Http' {
            switch ($Reply.Status) {
                401 {
                    $hint = if ($Connection.Credential -and -not $Connection.ComputerName) {
                        "Check the name and the password of the user $($Connection.Credential.UserName)."
                    } elseif ($Connection.TokenPath) {
                        "Check that $($Connection.TokenPath) is the token file of this agent."
                    } elseif ($Connection.ComputerName -or (Test-Local -Uri $Connection.Uri)) {
                        'Run this as administrator of the node, where the token is found automatically, or specify its file with New-CsvBackupConnection -TokenPath.'
                    } else {
                        'No credentials were sent. Specify a user with -Credential, or run this on the node itself without -Uri.'
                    }
                    return & $fail 'Unauthorized' "$where requires credentials: $detail $hint" 'AuthenticationError'
                }
                403 { return & $fail 'Forbidden' "$where does not allow this: $detail" 'PermissionDenied' }
                429 { return & $fail 'TooManyRequests' "$where is too busy: $detail" 'LimitsExceeded' }
                503 { return & $fail 'Unavailable' "$where is not ready: $detail" 'ResourceUnavailable' }
                { $_ -eq 400 -and $detail -match '\bTLS\b' } {
                    return & $fail 'Broken' "$where does not accept plain HTTP. $tls" 'ConnectionError'
                }
                { $_ -ge 300 -and $_ -lt 400 } {
                    return & $fail 'NotAnAgent' "$target redirects to another address. An agent never redirects, so it is not a CSV backup agent. $check" 'InvalidData'
                }
                { $_ -ge 500 } {
                    $said = if ($detail) { ": $detail" } else { '.' }
                    return & $fail "Agent.$_" "$where failed (HTTP $_)$said See its log, and the log of the proxy if there is one." 'NotSpecified'
                }
                default {
                    $category = if ($_ -eq 404) { 'ObjectNotFound' } else { 'InvalidData' }
                    return & $fail 'NotAnAgent' "$target answers with HTTP $_, but is not a CSV backup agent. $check" $category
                }
            }
        }
        'TimedOut' {
            return & $fail 'TimedOut' "$where did not answer within $TimeoutSeconds s. It may still be working: check again, or wait longer with New-CsvBackupConnection -RequestTimeoutSeconds." 'OperationTimeout'
        }
        'NotEncrypted' {
            return & $fail 'Connection.NotEncrypted' "No password or token was sent to $target. A password needs https; the token is valid only on the node itself, at http://127.0.0.1:PORT/." 'SecurityError'
        }
        'Handshake' {
            return & $fail 'Tls' "$where was reached, but TLS failed: $detail $plain An agent accepts TLS 1.2 and 1.3." 'SecurityError'
        }
        'Broken' {
            if (([Uri] $Connection.Uri).Scheme -eq 'https') {
                return & $fail 'Broken' "$where gave no answer over TLS: $detail Check that the agent is still running, and the port. $plain" 'ConnectionError'
            }
            return & $fail 'Broken' "$where gave no answer to plain HTTP: $detail $tls Otherwise check that the agent is still running, and the port." 'ConnectionError'
        }
        'Tls' {
            return & $fail 'Tls' "The certificate of $target is not trusted: $detail Let this machine trust it, or use the node name that is in the certificate." 'SecurityError'
        }
        'TokenFile' {
            return & $fail 'TokenFile' "The token file cannot be read: $detail Check -TokenPath; only administrators of the node can read the file." 'PermissionDenied'
        }
        'OtherAddress' {
            return & $fail 'OtherAddress' "The operator's token was not sent to ${target}: its agent listens at $detail Use that address, or name the token file of the other agent with New-CsvBackupConnection -TokenPath." 'SecurityError'
        }
        'Remoting' {
            return & $fail 'Remoting' "$($Connection.ComputerName) cannot be reached by PowerShell remoting: $detail" 'ConnectionError'
        }
        default {
            return & $fail 'Unreachable' "$where cannot be reached: $detail Check that the agent is running there and listens on that port." 'ConnectionError'
        }
    }
}

function Find-MissingField {
    # The first of the fields that a value lacks, or nothing. Volumes.guid means: each element of Volumes has a guid.
    param([object] $Value, [string[]] $Field)

    foreach ($path in $Field) {
        $objects = @($Value)
        foreach ($name in $path.Split('.')) {
            foreach ($object in $objects) {
                if ($null -eq $object -or -not $object.PSObject.Properties[$name]) { return $path }
            }
            $objects = @(foreach ($object in $objects) { $object.$name })
        }
    }
}
