<#
.SYNOPSIS
    Removes the service, the jar and the module of the CSV backup agent from this node.

.DESCRIPTION
    Run it as administrator, from the unzipped release. It keeps the state directory with the audit, unless -RemoveData is given, and files in the folder of the
    agent that the installation did not put there. It is refused while a backup state is set, while a clear runs, or while a check after a clear is due. Running
    it again does nothing.

.PARAMETER RemoveData
    Also removes what the agent keeps in its state directory: the audit, the state, the token and the logs. The audit cannot be restored. A log-dir
    other than the state directory and its folder logs stays. Give it with the first run: once the service is removed, only the default state directory is known.

.PARAMETER JavaHome
    The folder of a 64-bit Java 17 or newer. Default: that of the service, JAVA_HOME, the registry, the PATH. It is run only if no other account
    than administrators can change it.

.PARAMETER Force
    Removes the agent also while a backup state is set, or if it does not answer.

.EXAMPLE
    PS> .\Uninstall-CsvBackupAgent.ps1 -WhatIf

.EXAMPLE
    PS> .\Uninstall-CsvBackupAgent.ps1 -RemoveData
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [switch] $RemoveData,

    [string] $JavaHome,

    [switch] $Force
)
$ErrorActionPreference = 'Stop'
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    throw 'This script does not run in Constrained Language Mode. Sign the scripts, and let the policy of this machine allow the signer.'
}
Set-StrictMode -Version Latest
foreach ($part in 'Steps', 'Files', 'Places', 'Java', 'Service', 'Checks') { . (Join-Path -Path (Join-Path -Path $PSScriptRoot -ChildPath 'Setup') -ChildPath "$part.ps1") }

$setup = New-Setup -Cmdlet $PSCmdlet
$module = $null
$lock = $null
$script:isRemoved = $false
try {
    Assert-Administrator
    if (-not $setup.IsOnlyShown) { $lock = Lock-Setup }
    $service = Get-AgentService
    $target = Get-SetupTarget -Version '0'
    $options = Read-AgentOption -SkipMissingFile -Argument $(if ($service) { $service.Options })
    if ($service) {
        $java = Find-Java -JavaHome $JavaHome -JavaOfService $service.JavaHome
        # That of the service may have been deleted by hand.
        $jar = if (Test-Path -LiteralPath $service.Jar) { $service.Jar } else { (Resolve-Release -Path (Split-Path -Path $PSScriptRoot) -Advice 'Run this script from the unzipped release.').Jar }
        if ($service.IsRunning -and -not $Force) {
            $module = Import-SetupModule -Path (Join-Path -Path $PSScriptRoot -ChildPath 'CsvBackupState')
            Assert-Idle -Module $module -Option $options
        }
        Invoke-SetupStep -Setup $setup -On $script:ServiceName -Action 'stop and remove the service' -DoBlock {
            $said = Invoke-AgentCommand -Java $java -Jar $jar -ArgumentList 'service', 'uninstall'
            $script:isRemoved = $true
            # What stays, other than the copies of Java, which are removed next, and the state directory.
            foreach ($line in $said) { if ($line -and $line -notmatch '^The (service has been removed|copy of Java)') { Write-Warning -Message $line } }
        }
    }
    # That command could not remove the copy of Java that ran it.
    foreach ($one in Get-JavaCopy -Folder @($target.Folder; if ($service) { Split-Path -Path $service.Jar })) {
        Invoke-SetupStep -Setup $setup -On $one -Action 'remove the copy of Java' -DoBlock { Remove-JavaCopy -Path $one }
    }
    foreach ($one in $target.Jar, $target.New, $target.Old, $target.Modules, (Join-Path -Path $target.Folder -ChildPath 'jnidispatch.dll')) {
        if (Test-Path -LiteralPath $one) {
            Invoke-SetupStep -Setup $setup -On $one -Action 'remove' -DoBlock { Remove-SetupItem -Path $one }
        }
    }
    if ($RemoveData) {
        foreach ($one in Get-AgentData -Option $options) {
            Invoke-SetupStep -Setup $setup -On $one -Action 'remove data' -DoBlock { Remove-SetupItem -Path $one }
        }
    }
    foreach ($folder in $target.Folder, $(if ($RemoveData) { $options['state-dir'] })) {
        if ($folder -and (Test-Path -LiteralPath $folder)) {
            Invoke-SetupStep -Setup $setup -On $folder -Action 'remove the folder if it is empty' -DoBlock {
                $left = @(Get-ChildItem -LiteralPath $folder -Force | ForEach-Object { $_.Name })
                if ($left) { Write-Warning -Message "$folder was kept, because it contains $($left -join ', ')." } else { Remove-SetupItem -Path $folder }
            }
        }
    }
} catch {
    $message = $_.Exception.Message
    if ($RemoveData -and $script:isRemoved -and $options['state-dir'] -ne (Read-AgentOption)['state-dir']) {
        $message += " The next run will not find $($options['state-dir']), because the service is removed. Delete that directory yourself."
    }
    $PSCmdlet.ThrowTerminatingError((New-SetupError -Id 'Uninstall' -Message $message))
} finally {
    if ($lock) { $lock.Dispose() }
    Remove-SetupModule -Module $module
}
