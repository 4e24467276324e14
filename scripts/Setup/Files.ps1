# The files of an installation: where they are, and how they are replaced.

function Get-SetupTarget {
    # The places of the jar and of the module. New and Old: folders on the same drive for what comes and what goes.
    param([string] $Version)

    $folder = Join-Path -Path $env:ProgramFiles -ChildPath 'csv-backup-agent'
    $new = Join-Path -Path $folder -ChildPath 'new'
    $old = Join-Path -Path $folder -ChildPath 'old'
    $jar = Join-Path -Path $folder -ChildPath 'csv-backup-agent.jar'
    $modules = Join-Path -Path $env:ProgramFiles -ChildPath 'WindowsPowerShell/Modules/CsvBackupState'
    New-Object -TypeName PSObject -Property @{
        Folder     = $folder
        New        = $new
        Old        = $old
        Jar        = $jar
        NewJar     = Join-Path -Path $new -ChildPath 'csv-backup-agent.jar'
        OldJar     = Join-Path -Path $old -ChildPath 'csv-backup-agent.jar'
        Modules    = $modules
        NewModules = Join-Path -Path $new -ChildPath 'CsvBackupState'
        OldModules = Join-Path -Path $old -ChildPath 'CsvBackupState'
        Module     = Join-Path -Path $modules -ChildPath $Version
        Version    = $Version
    }
}

function Copy-Release {
    # Copies the release beside the installed files, which stay as they are.
    param([object] $Release, [object] $Target)

    # A run that was killed may have left the only copy there.
    if ((Test-Path -LiteralPath $Target.OldJar) -and -not (Test-Path -LiteralPath $Target.Jar)) { Move-SetupItem -From $Target.OldJar -To $Target.Jar }
    if ((Test-Path -LiteralPath $Target.OldModules) -and -not (Test-Path -LiteralPath $Target.Modules)) { Move-SetupItem -From $Target.OldModules -To $Target.Modules }
    foreach ($folder in $Target.New, $Target.Old) {
        Remove-SetupItem -Path $folder
        $null = New-Item -Path $folder -ItemType Directory -Force
    }
    $module = Join-Path -Path $Target.NewModules -ChildPath $Target.Version
    $null = New-Item -Path $module -ItemType Directory -Force
    Copy-Item -LiteralPath $Release.Jar -Destination $Target.NewJar
    # Where App Control forbids libraries that Java unpacks, the new jar can be checked only with the one that lies beside the installed jar.
    $library = Join-Path -Path $Target.Folder -ChildPath 'jnidispatch.dll'
    if (Test-Path -LiteralPath $library) { Copy-Item -LiteralPath $library -Destination $Target.New }
    foreach ($one in Get-ChildItem -LiteralPath $Release.Module -Force) { Copy-Item -LiteralPath $one.FullName -Destination $module -Recurse }
    # A mark of files from the internet would stop them under RemoteSigned.
    foreach ($one in Get-ChildItem -LiteralPath $Target.New -Recurse -File) { Unblock-File -LiteralPath $one.FullName }
}

function Undo-Copy {
    # Removes what was copied, and the folders that are empty then: an old file that could not be put back stays.
    param([object] $Target)

    Remove-SetupItem -Path $Target.New
    foreach ($folder in $Target.Old, $Target.Folder) {
        if ((Test-Path -LiteralPath $folder) -and -not @(Get-ChildItem -LiteralPath $folder -Force)) { Remove-SetupItem -Path $folder }
    }
}

function Switch-SetupItem {
    # Puts the new file or folder in the place of the old one, which is kept until the end.
    param([string] $New, [string] $Path, [string] $Old)

    $null = New-Item -Path (Split-Path -Path $Path) -ItemType Directory -Force
    if (Test-Path -LiteralPath $Path) { Move-SetupItem -From $Path -To $Old }
    Move-SetupItem -From $New -To $Path
}

function Undo-Switch {
    # Puts the old file or folder back. Without an old one the new one is removed.
    param([string] $Path, [string] $Old, [bool] $Existed)

    if (Test-Path -LiteralPath $Old) {
        Remove-SetupItem -Path $Path
        Move-SetupItem -From $Old -To $Path
    } elseif (-not $Existed) {
        Remove-SetupItem -Path $Path
    }
}

function Compare-SetupFile {
    # True if two files differ.
    param([string] $One, [string] $Other)

    (Get-FileHash -LiteralPath $One -Algorithm SHA256).Hash -ne (Get-FileHash -LiteralPath $Other -Algorithm SHA256).Hash
}

function Get-InstalledVersion {
    # The version of the installed jar; 0.0 if that jar is damaged, so that it can be replaced.
    param([object] $Java, [string] $Jar)

    try { Get-JarVersion -Java $Java -Jar $Jar } catch { [version] '0.0' }
}

function Import-SetupModule {
    # The module of the release, which talks to the agent.
    param([string] $Path)

    $loaded = @(Get-Module -Name 'CsvBackupState' | Where-Object -Property 'ModuleBase' -EQ -Value $Path)
    if ($loaded) { return $loaded[0] }
    # Import-Module has no -LiteralPath. It does not find a folder by an escaped name, but a manifest.
    $manifest = [WildcardPattern]::Escape((Join-Path -Path $Path -ChildPath 'CsvBackupState.psd1'))
    $module = Import-Module -Name $manifest -PassThru -ErrorAction Stop
    Add-Member -InputObject $module -MemberType NoteProperty -Name 'IsForSetup' -Value $true
    $module
}

function Remove-SetupModule {
    # Leaves the session as it was.
    param([object] $Module)

    if ($Module -and $Module.PSObject.Properties['IsForSetup']) { Remove-Module -ModuleInfo $Module -WhatIf:$false -Confirm:$false }
}

function New-SetupError {
    # The one line that a failed script ends with.
    param([string] $Id, [string] $Message)

    $failure = New-Object -TypeName InvalidOperationException -ArgumentList $Message
    New-Object -TypeName Management.Automation.ErrorRecord -ArgumentList $failure, "CsvBackupAgent.$Id", 'InvalidOperation', $null
}

function Get-JavaCopy {
    # The copies of Java that the command line of the agent made in these folders.
    param([string[]] $Folder)

    foreach ($one in $Folder | Select-Object -Unique) {
        if (-not (Test-Path -LiteralPath $one)) { continue }
        foreach ($copy in Get-ChildItem -LiteralPath $one -Filter 'java-*' -Force) {
            if (Test-Path -LiteralPath (Join-Path -Path $copy.FullName -ChildPath 'copied-by-csv-backup-agent.txt')) { $copy.FullName }
        }
    }
}

function Remove-JavaCopy {
    # Removes the program first: a copy that another program uses stays whole, and a later run finds it.
    param([string] $Path)

    try {
        Remove-SetupItem -Path (Join-Path -Path (Join-Path -Path $Path -ChildPath 'bin') -ChildPath 'java.exe')
        Remove-SetupItem -Path $Path
    } catch {
        Write-Warning -Message "The copy of Java in $Path stays: $($_.Exception.Message)"
    }
}

function Get-AgentData {
    # What the agent keeps in its state directory, and nothing else that may be there. A folder only if it has nothing else.
    param([hashtable] $Option)

    $folder = $Option['state-dir']
    if (-not (Test-Path -LiteralPath $folder)) { return }
    $uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
    $names = @(
        'operator\.(token|url)', "\.operator\.(token|url)\.$uuid", "\.$uuid\.probe"
        'agent\.lock', 'log\.lock'
        'audit\.jsonl', 'audit-[0-9]{12,16}(-mismatch(-[0-9]{1,4})?)?\.jsonl', 'audit\.head'
        'state\.jsonl', 'state\.jsonl\.new', 'state\.jsonl\.damaged-[0-9]{8}-[0-9]{6}'
        'agent(\.[1-9])?\.log', 'jvm-crash\.log', 'service-failure\.txt'
    ) -join '|'
    $isOwn = { param($file) -not $file.PSIsContainer -and $file.Name -match "^(?:$names)\z" }
    Get-ChildItem -LiteralPath $folder -Force | Where-Object { & $isOwn $_ } | ForEach-Object { $_.FullName }
    $names += "|csv-backup-$uuid-\w+\.\w+"
    foreach ($one in Get-ChildItem -LiteralPath $folder -Force | Where-Object { $_.PSIsContainer -and $_.Name -in 'native', 'logs' }) {
        $content = @(Get-ChildItem -LiteralPath $one.FullName -Force)
        $own = @($content | Where-Object { & $isOwn $_ })
        if ($own.Count -eq $content.Count) { $one.FullName } else { $own | ForEach-Object { $_.FullName } }
    }
}
