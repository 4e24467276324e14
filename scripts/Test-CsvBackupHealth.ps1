<#
.SYNOPSIS
    A check for Nagios, PRTG and similar systems: are backup states of Cluster Shared Volumes stale?

.DESCRIPTION
    Prints one line with performance data for Nagios, or JSON for PRTG, and returns an exit code: 0 OK, 1 a state is stale, 2 a state is stuck, 3 an agent
    does not answer, could not read everything, or watches a simulated cluster. A backup that is running (verdict ACTIVE) is OK, however long it takes. It needs
    the module CsvBackupState, either in the folder beside this script or installed.

    Lists may be written with commas, because powershell.exe -File passes them as one text. In the name of a volume replace a comma with ?.

.PARAMETER Format
    Nagios (default) or Prtg.

.PARAMETER VolumeName
    Friendly paths or their last parts. Wildcards are allowed. Default: all volumes.

.PARAMETER StaleMinutes
    A state older than this is stale. Default: what the agent considers stale (its option stale-after).

.PARAMETER StuckHours
    If a stale state is older than this, the result is CRITICAL. Default: 2.

.PARAMETER AllowSimulated
    Accepts agents that watch a simulated cluster. Without it the result is UNKNOWN, because their volumes are not real. For tests only.

.PARAMETER ComputerName
    Nodes to query through PowerShell remoting. Default: this machine.

.PARAMETER Uri
    Addresses of agents to query directly, such as https://node1.example.com:8779/.

.PARAMETER Credential
    With -ComputerName: the account for remoting. Otherwise: a user from the agent's users file.

.PARAMETER Port
    The port of the agent on this machine, or on the nodes that -ComputerName names. Default: 8778.

.PARAMETER TokenPath
    The file with the operator's token, for an agent that requires it for reading.

.PARAMETER SkipCertificateCheck
    Accepts any certificate. Requires PowerShell 7. For tests only.

.PARAMETER RequestTimeoutSeconds
    How long a request to an agent may take. Default: 10.

.EXAMPLE
    PS> powershell.exe -NoProfile -File Test-CsvBackupHealth.ps1 -StuckHours 4

    CSV OK - 3 volumes, none stale | volumes=3 in_progress=0 stale=0;0 oldest_age=0s;;14400

.EXAMPLE
    PS> powershell.exe -NoProfile -File Test-CsvBackupHealth.ps1 -VolumeName Volume1,Volume2 -Uri https://node1:8779/,https://node2:8779/
#>
[CmdletBinding()]
param(
    [ValidateSet('Nagios', 'Prtg')]
    [string] $Format = 'Nagios',

    [string[]] $VolumeName,

    [double] $StaleMinutes,

    [double] $StuckHours = 2,

    [switch] $AllowSimulated,

    [string[]] $ComputerName,

    [string[]] $Uri,

    [pscredential] $Credential,

    [int] $Port,

    [string] $TokenPath,

    [switch] $SkipCertificateCheck,

    [int] $RequestTimeoutSeconds
)

function Import-CsvModule {
    # The module beside this script, unless its version is already loaded; else the installed one.
    $beside = Join-Path -Path $PSScriptRoot -ChildPath 'CsvBackupState'
    $isBeside = Test-Path -LiteralPath $beside
    $loaded = @(Get-Module -Name 'CsvBackupState')
    if ($isBeside) {
        $version = (Import-PowerShellDataFile -LiteralPath (Join-Path -Path $beside -ChildPath 'CsvBackupState.psd1') -ErrorAction Stop).ModuleVersion
        $loaded = @($loaded | Where-Object -Property 'Version' -EQ -Value ([version] $version))
    }
    if (-not $loaded) {
        $module = if ($isBeside) { $beside } else { 'CsvBackupState' }
        Import-Module -Name $module -ErrorAction Stop
    }
}

function Read-Health {
    # Queries the agents. Volumes: each volume once. Failures: what could not be found out.
    param([object[]] $Connection, [string[]] $Name, [bool] $AllowSimulated)

    $failures = New-Object -TypeName Collections.ArrayList
    $agents = @(Get-CsvBackupAgent -Connection $Connection -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue)
    foreach ($one in $failed) { $null = $failures.Add($one.Exception.Message) }
    $volumes = @()
    if (-not $AllowSimulated) {
        # Their volumes must neither raise an alarm nor look like those of the real cluster.
        foreach ($agent in $agents | Where-Object -Property Backend -EQ -Value 'SIMULATED') {
            $null = $failures.Add("The agent on $($agent.Node) watches a SIMULATED cluster: its volumes are not real. Start it with --backend=windows, or use -AllowSimulated for a test.")
        }
        $agents = @($agents | Where-Object -Property Backend -NE -Value 'SIMULATED')
    }
    if ($agents) {
        # An agent that does not answer is asked once: the time of a check is limited.
        $answered = @($Connection | Where-Object { "$($_.ComputerName) $($_.Uri)" -in @($agents | ForEach-Object { "$($_.AgentComputer) $($_.AgentUri)" }) })
        $named = if ($Name) { @{ VolumeName = $Name } } else { @{} }
        $volumes = @(Get-CsvBackupState -Connection $answered @named -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue)
        foreach ($one in $failed) { $null = $failures.Add(($one.Exception.Message)) }
        # A disk that cannot be read may hide volumes, but not those that were named and found.
        $unread = [ordered] @{}
        $isPart = $Name -and -not $failed -and @($Name -replace '^\\\\\?\\' -match '[*?\[]').Count -eq 0
        foreach ($agent in $agents) {
            if (-not $agent.LastPoll -and -not $agent.LastPollError) { $null = $failures.Add("The agent on $($agent.Node) has not polled the cluster yet.") }
            if ($agent.LastPollError) { $null = $failures.Add("The last poll on $($agent.Node) failed: $($agent.LastPollError)") }
            # The other agents usually say the same.
            foreach ($disk in $agent.UnreadableDisks) { if (-not $unread.Contains($disk)) { $unread[$disk] = "$($agent.Node) could not read a disk: $disk" } }
        }
        if (-not $isPart) {
            foreach ($one in $unread.Values | Select-Object -First 5) { $null = $failures.Add($one) }
            if ($unread.Count -gt 5) { $null = $failures.Add("$($unread.Count - 5) more disks could not be read.") }
        }
    }
    $volumes = @(Select-OldestState -Volume $volumes)
    # After a failed poll each volume has the problem of the poll.
    $pollErrors = @($agents | ForEach-Object -MemberName LastPollError)
    $problems = @($volumes | Where-Object { $_.Problem -and $_.Problem -notin $pollErrors })
    foreach ($one in $problems | Select-Object -First 5) { $null = $failures.Add("$($one.Volume) could not be read: $($one.Problem)") }
    if ($problems.Count -gt 5) { $null = $failures.Add("$($problems.Count - 5) more volumes could not be read.") }
    New-Object -TypeName PSObject -Property @{ Volumes = $volumes; Failures = @($failures) }
}

function Select-OldestState {
    # Each volume once: of several agents the one that has seen the state for the longest time, or that can read the volume.
    param([object[]] $Volume)

    $byGuid = @{}
    foreach ($one in $Volume) {
        # A volume that could not be read may lack its GUID name, and must not hide another one.
        $key = if ($one.VolumeGuid) { $one.VolumeGuid } else { $one.Volume }
        $known = $byGuid[$key]
        if ($known) {
            $older = (Get-StateAge -Volume $one) - (Get-StateAge -Volume $known)
            $kept = if ($older -gt 0 -or ($older -eq 0 -and $known.Problem)) { $one } else { $known }
            $kept.Stale = $one.Stale -or $known.Stale
            # If any agent sees the backup, it is running.
            if ('ACTIVE' -in $one.Verdict, $known.Verdict) { $kept.Verdict = 'ACTIVE' }
            $byGuid[$key] = $kept
        } else {
            $byGuid[$key] = $one
        }
    }
    $byGuid.Values | Sort-Object -Property Volume
}

function Get-StateAge {
    # For how many seconds the state has been set; 0 if it is not set.
    param([object] $Volume)

    if ($Volume.Age) { $Volume.Age.TotalSeconds } else { 0 }
}

function Test-StaleState {
    # Whether a state has been set for too long and no backup is seen: a long backup is not a fault.
    param([object] $Volume, [object] $Minutes)

    if ($Volume.Verdict -eq 'ACTIVE') { return $false }
    if ($null -ne $Minutes) { (Get-StateAge -Volume $Volume) -gt 60 * $Minutes } else { $Volume.Stale }
}

function Write-Nagios {
    param([int] $Code, [string] $Text, [string] $Figures)

    Write-Output -InputObject "CSV $(@('OK', 'WARNING', 'CRITICAL', 'UNKNOWN')[$Code]) - $($Text -replace '[\r\n|]+', ' ')$Figures"
}

function Write-Prtg {
    param([hashtable] $Content)

    # Only ASCII, because the encoding of the console varies.
    $json = ConvertTo-Json -InputObject @{ prtg = $Content } -Depth 8 -Compress
    Write-Output -InputObject ([regex]::Replace($json, '[^\x20-\x7e]', { param($match) '\u{0:x4}' -f [int] [char] $match.Value }))
}

try {
    if ($StaleMinutes -lt 0 -or $StuckHours -lt 0) { throw '-StaleMinutes and -StuckHours must not be negative.' }
    Import-CsvModule
    $connect = @{}
    foreach ($name in 'ComputerName', 'Uri', 'Credential', 'Port', 'TokenPath', 'SkipCertificateCheck', 'RequestTimeoutSeconds') {
        if ($PSBoundParameters.ContainsKey($name)) { $connect[$name] = $PSBoundParameters[$name] }
    }
    $split = { param($list) @($list -split ',' | ForEach-Object -MemberName Trim | Where-Object { $_ }) }
    foreach ($name in 'ComputerName', 'Uri') {
        if ($connect.ContainsKey($name)) { $connect[$name] = & $split $connect[$name] }
    }
    $health = Read-Health -Connection @(New-CsvBackupConnection @connect -ErrorAction Stop) -Name (& $split $VolumeName) -AllowSimulated $AllowSimulated
    $volumes = $health.Volumes
    $failures = $health.Failures
    $busy = @($volumes | Where-Object { $_.State -ne 'NONE' })
    $running = @($busy | Where-Object -Property Verdict -EQ -Value 'ACTIVE')
    $minutes = if ($PSBoundParameters.ContainsKey('StaleMinutes')) { $StaleMinutes } else { $null }
    $stale = @($volumes | Where-Object { Test-StaleState -Volume $_ -Minutes $minutes })
    $age = { param($list) [int] (@(0) + @($list | ForEach-Object { Get-StateAge -Volume $_ }) | Sort-Object | Select-Object -Last 1) }
    # Without the running backups: PRTG has a limit for it.
    $oldest = & $age @($busy | Where-Object -Property Verdict -NE -Value 'ACTIVE')
    $limit = [int] ($StuckHours * 3600)
    # An agent that does not answer must not hide what another one reports.
    $code = if ((& $age $stale) -gt $limit) { 2 } elseif ($stale) { 1 } elseif ($failures) { 3 } else { 0 }
    $reasons = @(foreach ($one in $failures) { if ($one -match '[.!?]\z') { $one } else { "$one." } }) -join ' '
    $text = if ($code -eq 3) {
        $reasons
    } elseif ($stale) {
        "stale: $(@($stale | ForEach-Object -MemberName Volume) -join ', ')$(if ($failures) { "; incomplete: $reasons" })"
    } else {
        "$($volumes.Count) volumes, none stale$(foreach ($one in $running) { "; backup of $($one.Volume) running for $([Math]::Floor((Get-StateAge -Volume $one) / 60)) min" })"
    }
} catch {
    # The monitoring system must get its line in any case.
    $code = 3
    $text = $_.Exception.Message
    $volumes = $null
}
if ($Format -eq 'Nagios') {
    $figures = if ($null -ne $volumes) { " | volumes=$($volumes.Count) in_progress=$($busy.Count) stale=$($stale.Count);0 oldest_age=${oldest}s;;$limit" }
    Write-Nagios -Code $code -Text $text -Figures $figures
} elseif ($code -eq 3) {
    Write-Prtg -Content @{ error = 1; text = $text }
} else {
    Write-Prtg -Content @{
        text   = $text
        result = @(
            @{ channel = 'Stale volumes'; value = $stale.Count; limitmode = 1; limitmaxwarning = 0 }
            @{ channel = 'Volumes in progress'; value = $busy.Count }
            @{ channel = 'Oldest state'; value = $oldest; unit = 'TimeSeconds'; limitmode = 1; limitmaxerror = $limit }
            @{ channel = 'Volumes'; value = $volumes.Count }
        )
    }
}
exit $code
