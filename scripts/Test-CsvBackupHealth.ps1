<#
.SYNOPSIS
    A check for Nagios, PRTG and their like: are backup states of Cluster Shared Volumes stale?

.DESCRIPTION
    Prints one line with performance data (or PRTG's JSON) and ends with an exit code: 0 all is well, 1 a state is stale, 2 a state is stuck, 3 the agent
    cannot be asked, or not all could be seen. It is Test-CsvBackupState -Format as a plain script and needs the folder CsvBackupState beside it, or the
    module installed.

    Lists may be written with commas, as powershell.exe -File hands them over in one piece. A volume whose name holds a comma is named with ? in its place.

.PARAMETER Format
    Nagios or Prtg.

.PARAMETER VolumeName
    Friendly paths or their last part, with wildcards; all volumes unless given.

.PARAMETER StaleMinutes
    A state that is older than this is stale. Unless given, what the agent itself takes for stale.

.PARAMETER StuckHours
    A stale state that is older than this is stuck. 2 hours unless given.

.PARAMETER ComputerName
    Nodes to ask through PowerShell remoting; this machine unless given.

.PARAMETER Uri
    The addresses of agents to ask directly.

.PARAMETER Port
    The agent's port on that machine. 8778 unless given.

.PARAMETER Credential
    The account for remoting, or a user of the agent.

.PARAMETER TokenPath
    The file with the operator's token, for an agent that lets nobody read without it.

.PARAMETER SkipCertificateCheck
    Trusts any certificate. PowerShell 7 only; for tests.

.PARAMETER RequestTimeoutSeconds
    How long one request may take. 10 seconds unless given.

.EXAMPLE
    PS> powershell.exe -NoProfile -File Test-CsvBackupHealth.ps1 -StuckHours 4

.EXAMPLE
    PS> powershell.exe -NoProfile -File Test-CsvBackupHealth.ps1 -VolumeName Volume1,Volume2 -Uri https://node1:8778/,https://node2:8778/
#>
[CmdletBinding()]
param(
    [ValidateSet('Nagios', 'Prtg')]
    [string] $Format = 'Nagios',

    [string[]] $VolumeName,

    [double] $StaleMinutes,

    [double] $StuckHours = 2,

    [string[]] $ComputerName,

    [string[]] $Uri,

    [int] $Port,

    [pscredential] $Credential,

    [string] $TokenPath,

    [switch] $SkipCertificateCheck,

    [int] $RequestTimeoutSeconds
)

try {
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
    $parameters = $PSBoundParameters
    $parameters['Format'] = $Format
    foreach ($name in 'VolumeName', 'ComputerName', 'Uri') {
        if ($parameters.ContainsKey($name)) {
            $parameters[$name] = @($parameters[$name] -split ',' | ForEach-Object -MemberName Trim | Where-Object { $_ })
        }
    }
    $line = Test-CsvBackupState @parameters -ErrorAction Stop
} catch {
    # The monitoring system must get its line whatever happens.
    $line = "CSV UNKNOWN - $($_.Exception.Message -replace '[\r\n|]+', ' ')"
    if ($Format -eq 'Prtg') { $line = ConvertTo-Json -InputObject @{ prtg = @{ error = 1; text = $_.Exception.Message } } -Compress }
    Write-Output -InputObject $line
    exit 3
}
Write-Output -InputObject ([string] $line)
exit $line.ExitCode
