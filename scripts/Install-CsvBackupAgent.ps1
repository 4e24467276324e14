<#
.SYNOPSIS
    Installs the CSV backup agent as a service of this node, or updates it in place.

.DESCRIPTION
    Run it as administrator, from the unzipped release. It checks everything first. Then it copies the jar to %ProgramFiles%\csv-backup-agent and the module to
    %ProgramFiles%\WindowsPowerShell\Modules, installs and starts the service CsvBackupAgent, waits for the first poll, and returns the agent's self test. If a
    step fails, or Ctrl+C stops it, the script undoes all steps. Running it again, also with the same parameters, changes nothing, unless the release or the options differ. A path that
    is spelled in another way than in the command line of the service is another option.

    An update keeps the options, the account and the Java of the service, except for those that are given. It is refused while a backup state is set, while a
    clear runs, or while a check after a clear is due, because a restart begins the observation again.

.PARAMETER Path
    The folder of the unzipped release, or a source tree after a build. Default: the folder above the one of this script.

.PARAMETER JavaHome
    The folder of a 64-bit Java 17 or newer. Default: that of the service, JAVA_HOME, the registry, the PATH. It is run only if no other account
    than administrators can change it.

.PARAMETER CopyJava
    Copies that Java into the folder of the agent, so that an update of the JDK does not stop the service.

.PARAMETER Account
    The account of the service: LocalSystem (default) or a group managed service account, such as EXAMPLE\csvbackup$.

.PARAMETER AgentOption
    All options of the agent, such as 'poll-interval=10s', 'port=8779'. They replace those of an installed service.

.PARAMETER JavaOption
    Options of the Java virtual machine, such as '-Xmx256m'.

.PARAMETER TimeoutSeconds
    How long to wait for the first poll. Default: 120.

.PARAMETER Force
    Updates also while a backup state is set or the agent does not answer, and also to an older version.

.EXAMPLE
    PS> .\Install-CsvBackupAgent.ps1 -WhatIf

.EXAMPLE
    PS> $folder = 'C:\ProgramData\csv-backup-agent'
    PS> .\Install-CsvBackupAgent.ps1 -CopyJava -AgentOption 'remote-host=0.0.0.0', "users=$folder\users", "tls-keystore=$folder\agent.p12", "tls-password-file=$folder\agent.p12.password"

    An agent that also listens for other machines. The installation makes that folder. So install once without these options, put the files there, and then
    run this.

.OUTPUTS
    The findings of the self test: Result (OK, WARNING, FAILED or UNKNOWN), Check, Detail and Remedy.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
[OutputType('CsvBackupState.Finding')]
param(
    [ValidateNotNullOrEmpty()]
    [string] $Path = (Split-Path -Path $PSScriptRoot),

    [string] $JavaHome,

    [switch] $CopyJava,

    [string] $Account,

    [string[]] $AgentOption,

    [string[]] $JavaOption,

    [ValidateRange(1, 3600)]
    [int] $TimeoutSeconds = 120,

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
$script:said = @()
try {
    # Everything that can be checked before the first change.
    Assert-Administrator
    if (-not $setup.IsOnlyShown) { $lock = Lock-Setup }
    $release = Resolve-Release -Path $Path
    $service = Get-AgentService
    $isRunning = $service -and $service.IsRunning
    $java = Find-Java -JavaHome $JavaHome -JavaOfService $(if ($service) { $service.JavaHome })
    $target = Get-SetupTarget -Version $release.ModuleVersion
    $version = Get-JarVersion -Java $java -Jar $release.Jar
    $hasJar = Test-Path -LiteralPath $target.Jar
    if ($hasJar -and -not $Force) { Assert-Upgrade -Installed (Get-InstalledVersion -Java $java -Jar $target.Jar) -New $version }
    $arguments = @(if ($PSBoundParameters.ContainsKey('AgentOption')) { ConvertTo-AgentArgument -Option $AgentOption } elseif ($service) { $service.Options })
    foreach ($one in $JavaOption) {
        if ($one -match '["%]') { throw "-JavaOption '$one' contains a quotation mark or a percent sign." }
        # Windows PowerShell 5.1 puts it into quotation marks, and the backslash would hide the second one.
        if ($one -match '\s' -and $one.EndsWith('\')) { throw "-JavaOption '$one' has a space and ends with a backslash: remove the backslash." }
    }
    $options = Read-AgentOption -Argument $arguments
    Assert-Port -Option $options -Service $service
    Assert-StateDirectory -Path $options['state-dir'] -Account $(if ($Account) { $Account } elseif ($service) { $service.Instance.StartName })
    Assert-Room -Folder $env:ProgramFiles -Copied @($release.Jar; $release.Module; if ($CopyJava) { $java.Home }) -StateDirectory $options['state-dir']
    $module = Import-SetupModule -Path $release.Module

    $isSame = $hasJar -and $service -and $service.Jar -eq $target.Jar -and -not (Compare-SetupFile -One $release.Jar -Other $target.Jar) -and (Test-SameFolder -One $release.Module -Other $target.Module)
    $isSame = $isSame -and (Test-SameService -Service $service -Given $PSBoundParameters -Java $java -Folder $target.Folder -Argument $arguments -StateDirectory $options['state-dir'])
    if ($isSame) { Write-Information -MessageData "Version $version is installed with these options: nothing to change." -InformationAction Continue }
    if ($isRunning -and -not $isSame -and -not $Force) { Assert-Idle -Module $module -Option (Read-AgentOption -SkipMissingFile -Argument $service.Options) }

    if (-not $isSame) {
        $jarPlaces = @{ Path = $target.Jar; Old = $target.OldJar }
        $modulePlaces = @{ Path = $target.Modules; Old = $target.OldModules }
        $javaCopies = @(Get-JavaCopy -Folder $target.Folder)
        $command = @('service', 'install', "--java=$($java.Home)")
        if ($CopyJava) { $command += '--copy-java' }
        if ($Account) { $command += "--account=$Account" }
        $command += @(if ($PSBoundParameters.ContainsKey('JavaOption')) { $JavaOption } elseif ($service) { $service.JavaOptions }) | ForEach-Object { "--java-option=$_" }
        $command += $arguments
        Invoke-SetupStep -Setup $setup -On $target.Folder -Action "copy version $version" -DoBlock {
            Copy-Release -Release $release -Target $target
            # What the service refuses must not stop the one that runs.
            Invoke-AgentCommand -Java $java -Jar $target.NewJar -ArgumentList ($command + '--check')
        } -UndoBlock {
            Undo-Copy -Target $target
        }
        # After the copy, which may have put back what a run that was killed had moved away.
        $hasJar = Test-Path -LiteralPath $target.Jar
        $hasModule = Test-Path -LiteralPath $target.Modules
        if ($isRunning) {
            Invoke-SetupStep -Setup $setup -On $script:ServiceName -Action 'stop the service' -DoBlock {
                Invoke-AgentCommand -Java $java -Jar $service.Jar -ArgumentList 'service', 'stop'
            } -UndoBlock {
                Invoke-AgentCommand -Java $java -Jar $service.Jar -ArgumentList 'service', 'start'
            }
        }
        Invoke-SetupStep -Setup $setup -On $target.Jar -Action 'replace the jar' -DoBlock {
            Switch-SetupItem @jarPlaces -New $target.NewJar
        } -UndoBlock {
            Undo-Switch @jarPlaces -Existed $hasJar
        }
        Invoke-SetupStep -Setup $setup -On $target.Modules -Action 'replace the module' -DoBlock {
            Switch-SetupItem @modulePlaces -New $target.NewModules
        } -UndoBlock {
            Undo-Switch @modulePlaces -Existed $hasModule
        }
        Invoke-SetupStep -Setup $setup -On $script:ServiceName -Action "install the service: java -jar csv-backup-agent.jar $($command -join ' ')" -DoBlock {
            $script:said = @(Invoke-AgentCommand -Java $java -Jar $target.Jar -ArgumentList $command)
            foreach ($line in $script:said) { if ($line -match '^Note: (.+)') { Write-Warning -Message $Matches[1] } }
        } -UndoBlock {
            Undo-ServiceInstall -Java $java -Jar $target.Jar -Before $service -Account $Account
            foreach ($one in Get-JavaCopy -Folder $target.Folder | Where-Object { $_ -notin $javaCopies }) { Remove-JavaCopy -Path $one }
            if ($script:said -match '; it got the right to log on as a service') { Write-Warning -Message "The account $Account keeps the right to log on as a service, which it got." }
        }
    }
    if (-not $isSame -or -not $isRunning) {
        Invoke-SetupStep -Setup $setup -On $script:ServiceName -Action 'start the service' -DoBlock {
            Invoke-AgentCommand -Java $java -Jar $target.Jar -ArgumentList 'service', 'start'
        } -UndoBlock {
            $now = Get-AgentService
            if ($now -and $now.IsRunning) { Invoke-AgentCommand -Java $java -Jar $target.Jar -ArgumentList 'service', 'stop' }
        }
    }
    Invoke-SetupStep -Setup $setup -On (Get-AgentUri -Option $options) -Action 'wait for the first poll' -DoBlock {
        $script:answers = Wait-FirstPoll -Module $module -Option $options -TimeoutSeconds $TimeoutSeconds -Java $java -Jar $target.Jar
    }
    Invoke-SetupStep -Setup $setup -On (Get-AgentUri -Option $options) -Action 'run the self test' -DoBlock {
        $script:findings = @(if ($script:answers) { Get-SelfTest -Module $module -Option $options })
    }
    if (-not $setup.IsOnlyShown) {
        $ConfirmPreference = 'None'
        # The agent works: what fails from here on, also in the command that the findings are piped to, must not undo it.
        $setup.Undo.Clear()
        foreach ($folder in $target.Old, $target.New) {
            try { Remove-SetupItem -Path $folder } catch { Write-Warning -Message "$($_.Exception.Message) The next run of this script removes it." }
        }
        # The table may have no room for the remedies.
        foreach ($one in $script:findings | Where-Object { $_.Remedy }) { Write-Warning -Message "$($one.Check): $($one.Detail). $($one.Remedy)" }
        $script:findings
    }
} catch {
    $PSCmdlet.ThrowTerminatingError((New-SetupError -Id 'Install' -Message $_.Exception.Message))
} finally {
    # Not in the catch, which Ctrl+C does not reach.
    Undo-Setup -Setup $setup
    if ($lock) { $lock.Dispose() }
    Remove-SetupModule -Module $module
}
