# What is checked before anything is changed. Each check throws one line.

function Get-SystemProgram {
    # A program of Windows itself, not another one of that name on the PATH.
    param([string] $Name)

    Join-Path -Path (Join-Path -Path $env:SystemRoot -ChildPath 'System32') -ChildPath $Name
}

function Assert-Administrator {
    # S-1-16-12288 and S-1-16-16384: the integrity levels of an elevated administrator and of the system.
    if (-not [Environment]::Is64BitProcess) { throw 'This is a 32-bit PowerShell, which sees other folders and registry keys. Use the 64-bit one.' }
    $groups = (Invoke-Native -Program (Get-SystemProgram -Name 'whoami.exe') -ArgumentList '/groups', '/fo', 'csv', '/nh').Lines -join ' '
    if ($groups -notmatch '"S-1-16-(12288|16384)"') { throw 'Run this in a PowerShell that was started as administrator.' }
}

function Resolve-Release {
    # The jar and the module of a release: its unzipped folder, or a source tree after a build.
    param([string] $Path, [string] $Advice = 'Use -Path with the folder of the unzipped release.')

    $folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
    $jar = @(@('csv-backup-agent.jar', 'target/csv-backup-agent.jar') | ForEach-Object { Join-Path -Path $folder -ChildPath $_ } | Where-Object { Test-Path -LiteralPath $_ })
    $module = Join-Path -Path (Join-Path -Path $folder -ChildPath 'scripts') -ChildPath 'CsvBackupState'
    $manifest = Join-Path -Path $module -ChildPath 'CsvBackupState.psd1'
    if (-not $jar) { throw "$folder does not contain csv-backup-agent.jar. $Advice" }
    if (-not (Test-Path -LiteralPath $manifest)) { throw "$folder does not contain the module scripts\CsvBackupState. $Advice" }
    New-Object -TypeName PSObject -Property @{
        Folder = $folder; Jar = $jar[0]; Module = $module; ModuleVersion = (Import-PowerShellDataFile -LiteralPath $manifest -ErrorAction Stop).ModuleVersion
    }
}

function Assert-Upgrade {
    # A newer agent is not replaced by an older one by mistake.
    param([version] $Installed, [version] $New)

    if ($Installed -gt $New) { throw "Version $Installed is installed, which is newer than $New. Use -Force to go back to $New." }
}

function Assert-StateDirectory {
    # The agent refuses a directory that another account created; say so before anything is changed.
    param([string] $Path, [string] $Account)

    if (-not (Test-Path -LiteralPath $Path)) { return }
    $acl = Get-Acl -LiteralPath $Path
    $owner = $acl.GetOwner([Security.Principal.SecurityIdentifier]).Value
    # SYSTEM, Administrators, and the account of the service: the service manager has names of its own for some, and a dot for this machine.
    $trusted = @('S-1-5-18', 'S-1-5-32-544', @{ 'NT AUTHORITY\LocalService' = 'S-1-5-19'; 'NT AUTHORITY\NetworkService' = 'S-1-5-20' }[$Account])
    if ($Account.StartsWith('.\')) { $Account = "$env:COMPUTERNAME$($Account.Substring(1))" }
    if ($owner -in $trusted -or ($Account -and ($acl.Owner -eq $Account -or $owner -eq (Get-AccountSid -Name $Account)))) { return }
    throw "The state directory $Path belongs to $($acl.Owner), and the agent does not trust it. Rename it, and let the agent create a new one."
}

function Get-AccountSid {
    # The SID of an account in any spelling, such as user@example.com; nothing if Windows does not find it.
    param([string] $Name)

    try {
        (New-Object -TypeName Security.Principal.NTAccount -ArgumentList $Name).Translate([Security.Principal.SecurityIdentifier]).Value
    } catch {
        Write-Verbose -Message "$Name is not an account: $($_.Exception.Message)"
    }
}

function Get-Size {
    # The bytes of a file, or of all files in a folder.
    param([string] $Path)

    $sum = Get-ChildItem -LiteralPath $Path -Recurse -File -Force | Measure-Object -Property Length -Sum
    if ($sum.Count) { $sum.Sum } else { 0 }
}

function Test-SameFolder {
    # Whether two folders have the same files, with the same content.
    param([string] $One, [string] $Other)

    $list = {
        param($folder)
        foreach ($file in Get-ChildItem -LiteralPath $folder -Recurse -File -Force) {
            "$($file.FullName.Substring((Get-Item -LiteralPath $folder).FullName.Length)) $((Get-FileHash -LiteralPath $file.FullName -Algorithm SHA256).Hash)"
        }
    }
    (Test-Path -LiteralPath $Other) -and (@(& $list $One | Sort-Object) -join "`n") -eq (@(& $list $Other | Sort-Object) -join "`n")
}

function Assert-Room {
    # Room for what is copied, and 100 MB for the state and the logs, which may be on another drive.
    param([string] $Folder, [string[]] $Copied, [string] $StateDirectory)

    $needed = @{ (Get-Drive -Path $Folder) = [long] (@($Copied | ForEach-Object { Get-Size -Path $_ }) | Measure-Object -Sum).Sum }
    $needed[(Get-Drive -Path $StateDirectory)] += 100MB
    # How much room a share has is not found out.
    foreach ($drive in $needed.Keys | Where-Object { $_ -notlike '\\*' }) {
        $free = Get-FreeSpace -Drive $drive
        if ($free -lt $needed[$drive]) {
            throw "$drive has $([Math]::Floor($free / 1MB)) MB left, and $([Math]::Ceiling($needed[$drive] / 1MB)) MB are needed. Make room."
        }
    }
}

function Get-Drive {
    # The drive of a path, such as C:\.
    param([string] $Path)

    [IO.Path]::GetPathRoot($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path))
}

function Get-FreeSpace {
    # The bytes that are free on a drive.
    param([string] $Drive)

    (New-Object -TypeName IO.DriveInfo -ArgumentList $Drive).AvailableFreeSpace
}

function Assert-Port {
    # The ports of both addresses must be free.
    param([hashtable] $Option, [object] $Service)

    if ($Option['host'] -ne 'off') {
        Assert-FreePort -Name 'port' -Port $Option['port'] -Address $(if ($Option['host']) { $Option['host'] } else { '127.0.0.1' }) -Service $Service
    }
    if ($Option['remote-host'] -and $Option['remote-host'] -ne 'off') {
        Assert-FreePort -Name 'remote-port' -Port $(if ($Option['remote-port']) { $Option['remote-port'] } else { '8779' }) -Address $Option['remote-host'] -Service $Service
    }
}

function Assert-FreePort {
    # A port must be free, unless the process of the agent's own service holds it, and must not be in a range that Windows keeps for itself.
    param([string] $Name, [string] $Port, [string] $Address, [object] $Service)

    if ($Port -notmatch '^\d{1,5}$' -or [int] $Port -lt 1 -or [int] $Port -gt 65535) { throw "$Name=$Port cannot be used for a service: choose a number from 1 to 65535." }
    $number = [int] $Port
    $listening = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpListeners()
    if ($number -in @($listening | ForEach-Object { $_.Port })) {
        $own = if ($Service -and $Service.IsRunning) { $Service.Instance.ProcessId }
        $owners = @(Get-PortOwner -Port $number -Address $Address)
        foreach ($owner in $owners) {
            if ($owner -ne $own) { throw "The port $number is taken by another program ($(Get-ProgramName -Id $owner)). Stop it, or choose another port with -AgentOption $Name=NUMBER." }
        }
    }
    # A name may stand for both kinds of addresses, and Java listens at both for ::.
    $ip = $Address.Trim('[', ']') -as [ipaddress]
    $kinds = @(if (-not $ip -or $ip.AddressFamily -eq 'InterNetwork' -or $ip -eq [ipaddress]::IPv6Any) { 'ipv4' }; if (-not $ip -or $ip.AddressFamily -eq 'InterNetworkV6') { 'ipv6' })
    foreach ($line in $kinds | ForEach-Object { (Invoke-Native -Program (Get-SystemProgram -Name 'netsh.exe') -ArgumentList 'int', $_, 'show', 'excludedportrange', 'protocol=tcp').Lines }) {
        # A range with an asterisk was reserved by an administrator, and programs may use its ports.
        if ($line -match '^\s*(\d+)\s+(\d+)\s*$' -and $number -ge [int] $Matches[1] -and $number -le [int] $Matches[2]) {
            throw "Windows has reserved the ports $($Matches[1]) to $($Matches[2]), which include $number. Choose another port with -AgentOption $Name=NUMBER."
        }
    }
}

function Get-PortOwner {
    # The processes that listen on a port, at this address or at all; -1 if that cannot be found out. Not by Get-NetTCPConnection, which Windows Server
    # 2008 R2 does not have.
    param([int] $Port, [string] $Address)

    $lines = (Invoke-Native -Program (Get-SystemProgram -Name 'netstat.exe') -ArgumentList '-ano').Lines
    # Only a listener has the remote port 0. The word for its state is in the language of Windows.
    $found = @($lines | Where-Object { $_ -match "^\s*TCP\s+\S+:$Port\s+\S+:0\s.*\s\d+\s*$" })
    if (-not $found) { return -1 }
    $isName = -not ($Address -as [ipaddress])
    foreach ($line in $found) {
        $null = $line -match '^\s*TCP\s+\[?([^\s\]]+)\]?:\d+\s.*\s(\d+)\s*$'
        if ($isName -or $Address -in '0.0.0.0', '::' -or $Matches[1] -in '0.0.0.0', '::', $Address) { [int] $Matches[2] }
    }
}

function Get-ProgramName {
    # A process for messages.
    param([int] $Id)

    if ($Id -lt 0) { return 'its process is not known' }
    $process = Get-Process -Id $Id -ErrorAction SilentlyContinue
    "process $Id$(if ($process) { ", $($process.ProcessName)" })"
}
