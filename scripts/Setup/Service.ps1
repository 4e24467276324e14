# The agent's service, and its options.

$script:ServiceName = 'CsvBackupAgent'

function Split-CommandLine {
    # The arguments of a Windows command line without \", where a backslash changes what the quotation mark means.
    param([string] $Text)

    foreach ($match in [regex]::Matches($Text, '(?:[^\s"]|"[^"]*")+')) { $match.Value.Replace('"', '') }
}

function Get-AgentService {
    # The agent's service; nothing if there is none. Throws if another service has its name.
    $service = Get-CimInstance -ClassName 'Win32_Service' -Filter "Name='$script:ServiceName'"
    if (-not $service) { return }
    if ($service.PathName -match '\\"' -and $service.PathName -match ' -jar .* service run( |$)') {
        throw "The command line of the service contains \`", which this script does not keep as it is: $($service.PathName) Run 'service install' of the jar by hand, which replaces all options, and try again."
    }
    $arguments = @(Split-CommandLine -Text $service.PathName)
    $at = [array]::IndexOf($arguments, '-jar')
    if ($at -lt 1 -or $arguments.Count -lt $at + 4 -or "$($arguments[$at + 2]) $($arguments[$at + 3])" -ne 'service run') {
        throw "There is a service $script:ServiceName that is not this agent: it runs $($service.PathName). Remove that service first."
    }
    New-Object -TypeName PSObject -Property @{
        Instance    = $service
        IsRunning   = $service.State -ne 'Stopped'
        Jar         = $arguments[$at + 1]
        JavaHome    = Split-Path -Path (Split-Path -Path $arguments[0])
        JavaOptions = @($arguments | Select-Object -First $at | Select-Object -Skip 1)
        Options     = @($arguments | Select-Object -Skip ($at + 4))
    }
}

function Read-AgentOption {
    # The options of the agent as a hashtable, from arguments such as --port=8779. An options file that they name comes first.
    param([string[]] $Argument, [switch] $SkipMissingFile)

    $options = @{}
    foreach ($one in $Argument) {
        if ($one -match '^--config=(.+)$') {
            $file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Matches[1])
            if ($SkipMissingFile -and -not (Test-Path -LiteralPath $file)) {
                Write-Warning -Message "The options file $file of the service does not exist, so the options in it are not known."
                continue
            }
            # Not by Get-Content, which reads UTF-8 as ANSI in Windows PowerShell 5.1.
            $lines = try { [IO.File]::ReadAllLines($file) } catch {
                throw "The options file $file cannot be read: $($_.Exception.GetBaseException().Message) Restore it, or give all options with -AgentOption."
            }
            foreach ($line in $lines) {
                if ($line -match '^\s*([a-z-]+)\s*=\s*(.*?)\s*$') { $options[$Matches[1]] = $Matches[2] }
            }
        }
    }
    foreach ($one in $Argument) { if ($one -match '^--([a-z-]+)=(.*)$') { $options[$Matches[1]] = $Matches[2] } }
    if (-not $options['state-dir']) { $options['state-dir'] = Join-Path -Path $env:ProgramData -ChildPath 'csv-backup-agent' }
    if (-not $options['port']) { $options['port'] = '8778' }
    $options
}

function ConvertTo-AgentArgument {
    # The options as the command line has them. Throws for what Windows would not pass on unchanged.
    param([string[]] $Option)

    foreach ($one in $Option) {
        $text = $one -replace '^--', ''
        if ($text -notmatch '^[a-z][a-z-]*=') { throw "-AgentOption '$one' is not of the form name=value, such as poll-interval=10s." }
        if ($text -match '["%]') { throw "-AgentOption '$one' contains a quotation mark or a percent sign. Write this option into an options file, and use config=FILE." }
        # In quotation marks, which all but plain text gets, a backslash at the end would hide the second one.
        '--' + $(if ($text -match '[^a-zA-Z0-9+=:.,/\\_-]') { $text.TrimEnd('\') } else { $text })
    }
}

function Test-SameService {
    # Whether the service already is as the parameters of the installation demand. What is not given stays as it is. Argument: the agent's options as
    # the command line has them. 'service install' adds defaults, which the service may have besides. Another spelling of a path is a difference.
    param([object] $Service, [Collections.IDictionary] $Given, [object] $Java, [string] $Folder, [string[]] $Argument, [string] $StateDirectory)

    if ($Given['JavaHome'] -or $Given['CopyJava']) {
        $javaHome = if ($Given['CopyJava']) { Join-Path -Path $Folder -ChildPath "java-$($Java.FullVersion)" } else { $Java.Home }
        if ($Service.JavaHome -ne $javaHome) { return $false }
    }
    if ($Given['Account']) {
        $names = @($Given['Account'], $Service.Instance.StartName) -replace '^(\.\\LocalSystem|NT AUTHORITY\\SYSTEM)\z', 'LocalSystem'
        if ($names[0] -ne $names[1]) { return $false }
    }
    if ($Given.ContainsKey('AgentOption')) {
        $added = "--state-dir=$StateDirectory", "--log-dir=$(Join-Path -Path $StateDirectory -ChildPath 'logs')", '--event-log=true'
        foreach ($one in $Argument) { if ($one -cnotin $Service.Options) { return $false } }
        foreach ($one in $Service.Options) { if ($one -cnotin $Argument -and $one -notin $added) { return $false } }
    }
    if ($Given.ContainsKey('JavaOption')) {
        $options = @($Given['JavaOption'])
        $added = @('-Xrs', '-XX:+ExitOnOutOfMemoryError', "-XX:ErrorFile=$(Join-Path -Path $StateDirectory -ChildPath 'jvm-crash.log')"
            if (-not ($options -match '^-(Xmx|XX:MaxHeapSize=|XX:MaxRAMPercentage=)')) { '-Xmx128m' })
        # The given ones come last, in their order, because the last of several counts.
        if (($Service.JavaOptions | Select-Object -Last $options.Count) -join "`n" -cne ($options -join "`n")) { return $false }
        foreach ($one in $Service.JavaOptions | Select-Object -SkipLast $options.Count) { if ($one -cnotin $added) { return $false } }
    }
    $true
}

function Get-AgentUri {
    # The address of the agent for this machine.
    param([hashtable] $Option)

    $name = if ($Option['host'] -and $Option['host'] -ne 'off') { $Option['host'] } else { '127.0.0.1' }
    if ($name -match ':') { $name = "[$name]" }
    $file = Join-Path -Path $Option['state-dir'] -ChildPath 'operator.url'
    # An agent that chose its port by itself writes down which.
    if ($Option['port'] -eq '0' -and (Test-Path -LiteralPath $file)) { return [IO.File]::ReadAllText($file).Trim() }
    "http://${name}:$($Option['port'])/"
}

function Send-SetupRequest {
    # Sends a request to the agent on this machine, with the operator's token. Value: the answer. Failure: why there is none.
    param([object] $Module, [hashtable] $Option, [hashtable] $Request, [int] $TimeoutSeconds = 120)

    $token = Join-Path -Path $Option['state-dir'] -ChildPath 'operator.token'
    try {
        if ($Option['host'] -eq 'off') { throw "The agent does not listen for this machine (host=off)." }
        $connection = New-CsvBackupConnection -Uri (Get-AgentUri -Option $Option) -TokenPath $token -ErrorAction Stop
        $reply = & $Module { Send-AgentRequest -Connection $args[0] -Request $args[1] -TokenUse Needed -DefaultTimeoutSeconds $args[2] } $connection $Request $TimeoutSeconds
        $why = if ($reply.Failure) { $reply.Failure.Exception.Message }
        New-Object -TypeName PSObject -Property @{ Value = $reply.Value; Failure = $why }
    } catch {
        New-Object -TypeName PSObject -Property @{ Value = $null; Failure = $_.Exception.Message }
    }
}

function Get-SelfTest {
    # The findings of the agent's self test.
    param([object] $Module, [hashtable] $Option)

    $reply = Send-SetupRequest -Module $Module -Option $Option -Request @{ type = 'exec'; operation = 'selfTest' }
    if ($reply.Failure) { throw $reply.Failure }
    foreach ($one in $reply.Value) {
        [pscustomobject] @{ PSTypeName = 'CsvBackupState.Finding'; Result = $one.result; Check = $one.check; Detail = $one.detail; Remedy = $one.remedy }
    }
}

function Assert-Idle {
    # Throws if the running agent says that it should not be stopped now, or does not answer.
    param([object] $Module, [hashtable] $Option)

    if ($Option['host'] -eq 'off') {
        throw "The running agent does not listen for this machine (host=off), so this script cannot ask it whether a backup state is set. Ask it from another machine: Get-CsvBackupState -Uri ADDRESS -Credential USER. If no state is set and no clear was made in the last 15 minutes, run 'service stop' of its jar, and then this script again."
    }
    try {
        $findings = @(Get-SelfTest -Module $Module -Option $Option)
        foreach ($check in 'backup-states', 'clears') {
            if ($check -notin @($findings | ForEach-Object { $_.Check })) { throw "It does not report $check." }
        }
    } catch {
        throw "The running agent does not answer, so it is unknown whether a backup state is set: $($_.Exception.Message) Use -Force to stop it anyway."
    }
    foreach ($one in $findings | Where-Object { $_.Check -in 'backup-states', 'clears' -and $_.Result -ne 'OK' }) {
        throw "The agent should not be stopped now: $($one.Check): $($one.Detail). A restart begins the observation again. Wait, or use -Force."
    }
}

function Wait-FirstPoll {
    # Waits until the agent has polled the cluster: true. Throws if its service stops, or if it does not answer in time. False for an agent that
    # does not listen for this machine (host=off) and so cannot be asked.
    param([object] $Module, [hashtable] $Option, [int] $TimeoutSeconds, [object] $Java, [string] $Jar)

    # What cannot be asked only has to keep running for a moment.
    $seconds = if ($Option['host'] -eq 'off') { [Math]::Min(10, $TimeoutSeconds) } else { $TimeoutSeconds }
    $end = [datetime]::UtcNow.AddSeconds($seconds)
    while ($true) {
        $reply = Send-SetupRequest -Module $Module -Option $Option -Request @{ type = 'read'; attribute = @('LastPollTimeEpochMillis', 'Version') } -TimeoutSeconds 5
        if (-not $reply.Failure -and $reply.Value.LastPollTimeEpochMillis -gt 0) { return $true }
        $service = Get-AgentService
        if (-not $service -or -not $service.IsRunning) {
            # Now, because the reason is deleted when the service is removed or starts again.
            $status = Invoke-Native -Program $Java.Program -ArgumentList '-jar', $Jar, 'service', 'status'
            throw "The service stopped again. 'service status' says: $(@($status.Lines | Where-Object { $_ }) -join ' ') Its log, if it has begun one: $(Get-LogFolder -Option $Option)."
        }
        if ([datetime]::UtcNow -gt $end) {
            $why = if ($reply.Failure) { $reply.Failure } else { 'It has not polled yet.' }
            if ($Option['host'] -eq 'off') {
                Write-Warning -Message "The service runs, but this script could not ask it: $why Ask it from another machine: Get-CsvBackupAgent -Uri https://NAME:PORT/ -Credential USER."
                return $false
            }
            throw "The service runs, but made no poll within $TimeoutSeconds s: $why Its log: $(Get-LogFolder -Option $Option)."
        }
        Start-Sleep -Milliseconds 500
    }
}

function Get-LogFolder {
    # Where the service writes its log.
    param([hashtable] $Option)

    if ($Option.ContainsKey('log-dir')) { if ($Option['log-dir']) { $Option['log-dir'] } else { 'none (log-dir=)' } } else { Join-Path -Path $Option['state-dir'] -ChildPath 'logs' }
}

function Undo-ServiceInstall {
    # Removes a new service, or gives an existing one its former command line, and its account if another one was given.
    param([object] $Java, [string] $Jar, [object] $Before, [string] $Account)

    if (-not $Before) {
        if (Get-AgentService) { $null = Invoke-AgentCommand -Java $Java -Jar $Jar -ArgumentList 'service', 'uninstall' }
        return
    }
    Set-ServiceConfiguration -Instance $Before.Instance -Change @{ PathName = $Before.Instance.PathName }
    $former = $Before.Instance.StartName
    if ($Account -and (Get-AgentService).Instance.StartName -ne $former) {
        $change = @{ StartName = $former }
        # Accounts of Windows have no password, but only an empty one replaces another account. That of a managed or virtual account must not be given.
        if ($former -match '^(LocalSystem|NT AUTHORITY\\.+)\z') {
            $change['StartPassword'] = ''
        } elseif ($former -notmatch '\$(@|\z)|^NT SERVICE\\') {
            Write-Warning -Message "The service has the account $former again. Set its password in services.msc."
        }
        Set-ServiceConfiguration -Instance $Before.Instance -Change $change
    }
}

function Set-ServiceConfiguration {
    # Changes the service as Windows does it. Throws with its code if it refuses.
    param([object] $Instance, [hashtable] $Change)

    $result = Invoke-CimMethod -InputObject $Instance -MethodName 'Change' -Arguments $Change
    if ($result.ReturnValue -ne 0) { throw "Win32_Service.Change of $($Change.Keys -join ', ') returned $($result.ReturnValue)." }
}
