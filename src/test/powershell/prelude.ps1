# The start of every script of the PowerShell tests: the module, its default connection, and commands for the simulated cluster.
param([string] $Url, [string] $TokenPath, [string] $Module)
$ErrorActionPreference = 'Continue'
$WarningPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
Import-Module -Name $Module -Force
$anonymous = New-CsvBackupConnection -Uri $Url
$operator = New-CsvBackupConnection -Uri $Url -TokenPath $TokenPath
$PSDefaultParameterValues['*-Csv*:Connection'] = $operator

# Prints the exit code and the output of the check for monitoring systems. It accepts the simulated cluster unless -With says otherwise.
function Get-Health {
    param([string[]] $Uri = $Url, [hashtable] $With = @{})
    if (-not $With.ContainsKey('AllowSimulated')) { $With = $With + @{ AllowSimulated = $true } }
    $text = & (Join-Path -Path (Split-Path -Path $Module) -ChildPath 'Test-CsvBackupHealth.ps1') -Uri $Uri @With
    "$LASTEXITCODE $text"
}

function Invoke-Bean([string] $Bean, [hashtable] $Request) {
    $Request['mbean'] = 'io.github.csvbackup:type=' + $Bean
    $headers = @{ Authorization = 'Bearer ' + [IO.File]::ReadAllText($TokenPath).Trim() }
    $answer = Invoke-RestMethod -Uri ($Url + 'jolokia/') -Method Post -ContentType 'application/json' -Headers $headers -Body (ConvertTo-Json -InputObject $Request -Compress)
    if ($answer.status -ne 200) { throw $answer.error }
    $answer.value
}

function Invoke-Simulation([string] $Operation) {
    $null = Invoke-Bean -Bean SimulatedCluster -Request @{ type = 'exec'; operation = $Operation; arguments = @($args) }
}

function Get-ClearCall { Invoke-Bean -Bean SimulatedCluster -Request @{ type = 'read'; attribute = 'ClearCalls' } }

# How often each node was asked for its shadow copies.
function Get-ShadowCopyQuery {
    $counts = [ordered] @{}
    foreach ($line in Invoke-Bean -Bean SimulatedCluster -Request @{ type = 'read'; attribute = 'ShadowCopyQueries' }) {
        $node, $count = $line -split ': '
        $counts[$node] = [int] $count
    }
    $counts
}

# A backup that failed long ago: the state is still set, and nothing is running.
function New-AbandonedState([string] $Volume) {
    Invoke-Simulation startBackup $Volume NODE1
    Invoke-Simulation killBackup $Volume
    Stop-BackupService
}

function Stop-BackupService {
    foreach ($node in 'NODE1', 'NODE2', 'NODE3') {
        foreach ($service in 'VSS', 'swprv') { Invoke-Simulation setServiceState $node $service STOPPED }
    }
}

function Wait-Verdict([string] $Volume, [string] $Verdict) {
    for ($look = 0; $look -lt 600; $look++) {
        if ((Test-CsvBackupState -VolumeName $Volume).Verdict -eq $Verdict) { return }
        # Reading the shadow copies after an earlier clear may have started the services again.
        if ($look % 30 -eq 29) { Stop-BackupService }
        Start-Sleep -Milliseconds 100
    }
    throw "$Volume has not become $Verdict"
}

# Runs a command with the module, and stops it, as Ctrl-C does, once it shows progress. Prints how that ended and what the progress bar said.
function Stop-AtFirstProgress([string] $Command) {
    $shell = [powershell]::Create()
    $null = $shell.AddScript("Import-Module -Name '$Module'; $Command")
    $running = $shell.BeginInvoke()
    # PowerShell itself reports progress when it loads modules.
    $waiting = { @($shell.Streams.Progress | Where-Object { $_.Activity -like 'Waiting*' }) }
    while ((& $waiting).Count -eq 0) {
        if ($running.IsCompleted) { throw "It ended without progress: $($shell.Streams.Error)" }
        Start-Sleep -Milliseconds 20
    }
    $shell.Stop()
    $told = & $waiting
    $shell.InvocationStateInfo.State
    $told[-1].RecordType
    $told[0].Activity
    $told[0].StatusDescription -replace '\d\d', '00'
}

$one = 'C:\ClusterStorage\Volume1'
$two = 'C:\ClusterStorage\Volume2'
$three = 'C:\ClusterStorage\Volume3'
