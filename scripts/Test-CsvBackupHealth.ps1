<#
.SYNOPSIS
    A check for Nagios, PRTG and their like: are backup states of Cluster Shared Volumes stale?

.DESCRIPTION
    Prints one line with performance data (or PRTG's JSON) and ends with an exit code: 0 all is well, 1 a state is stale, 2 a state is stuck, 3 the agent
    cannot be asked. It is Test-CsvBackupState -Format as a plain script and needs the folder CsvBackupState beside it, or the module installed.

.PARAMETER Format
    Nagios or Prtg.

.PARAMETER VolumeName
    Friendly paths or their last part, with wildcards; all volumes unless given.

.PARAMETER StaleMinutes
    A state that is older than this is stale. Unless given, what the agent itself takes for stale.

.PARAMETER StuckHours
    A stale state that is older than this is stuck. 2 hours unless given.

.PARAMETER ComputerName
    A node to ask through PowerShell remoting; this machine unless given.

.PARAMETER Uri
    The address of an agent to ask directly.

.PARAMETER Port
    The agent's port on that machine. 8778 unless given.

.PARAMETER Credential
    The account for remoting, or a user of the agent.

.EXAMPLE
    PS> powershell.exe -NoProfile -File Test-CsvBackupHealth.ps1 -StuckHours 4
#>
[CmdletBinding()]
param(
    [ValidateSet('Nagios', 'Prtg')]
    [string] $Format = 'Nagios',

    [string[]] $VolumeName,

    [double] $StaleMinutes,

    [double] $StuckHours = 2,

    [string[]] $ComputerName,

    [uri[]] $Uri,

    [int] $Port,

    [pscredential] $Credential
)

try {
    $beside = Join-Path -Path $PSScriptRoot -ChildPath 'CsvBackupState'
    $module = if (Test-Path -LiteralPath $beside) { $beside } else { 'CsvBackupState' }
    Import-Module -Name $module -ErrorAction Stop
    $parameters = $PSBoundParameters
    $parameters['Format'] = $Format
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
