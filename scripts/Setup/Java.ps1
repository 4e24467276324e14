# Finds a Java for the agent and runs its command line.

function Set-JavaPlace {
    # Sets the folder and the program of a Java, without links, or its problem if it must not be run.
    param([object] $Fact, [string] $Folder)

    # Not by Join-Path, which throws for a drive that does not exist.
    $program = @($Folder.TrimEnd('\', '/'), 'bin', 'java.exe') -join [IO.Path]::DirectorySeparatorChar
    try {
        if (-not (Test-Path -LiteralPath $program -PathType Leaf)) {
            $Fact.Problem = "$program does not exist"
            return
        }
        $Fact.Program = Resolve-LinkedPath -Path $program
        $Fact.Home = Split-Path -Path (Split-Path -Path $Fact.Program)
        $Fact.Problem = [string] (Get-PlaceProblem -Program $Fact.Program)
    } catch {
        $Fact.Problem = "who can change $program cannot be found out: $($_.Exception.Message)"
    }
    $Fact.IsUnsafe = [bool] $Fact.Problem
}

function Get-JavaFact {
    # What a Java says about itself: Home, Version (17), FullVersion (17.0.9+9), Bits (64) and Problem, which is empty if the agent can use it. It is run only if no other account
    # than administrators can change it; otherwise IsUnsafe is true.
    param([string] $Folder)

    $fact = New-Object -TypeName PSObject -Property @{ Home = ''; Program = ''; Version = 0; FullVersion = ''; Bits = 0; Problem = ''; IsUnsafe = $false }
    Set-JavaPlace -Fact $fact -Folder $Folder
    if ($fact.Problem) { return $fact }
    $said = (Invoke-Native -Program $fact.Program -ArgumentList '-XshowSettings:properties', '-version').Lines
    $property = { param($name) foreach ($line in $said) { if ($line -match "^\s*$([regex]::Escape($name)) = (.+?)\s*$") { return $Matches[1] } } }
    $specification = [string] (& $property 'java.specification.version')
    if ($specification -notmatch '^(?:1\.)?(\d+)$') {
        $fact.Problem = "$($fact.Program) does not run: $(@($said) -join ' ')"
        return $fact
    }
    $fact.Version = [int] $Matches[1]
    $fact.FullVersion = [string] (& $property 'java.runtime.version')
    $fact.Bits = [int] (& $property 'sun.arch.data.model')
    # A program on the PATH may only start the Java of another folder.
    $real = & $property 'java.home'
    if ($real -and (Test-Path -LiteralPath $real)) { Set-JavaPlace -Fact $fact -Folder $real }
    if ($fact.Problem) { return $fact }
    if ($fact.Version -lt 17) {
        $fact.Problem = "$($fact.Home) is Java $($fact.Version)"
    } elseif ($fact.Bits -ne 64) {
        $fact.Problem = "$($fact.Home) is a $($fact.Bits)-bit Java $($fact.Version)"
    }
    $fact
}

function Get-JavaFolder {
    # The folders to look for a Java in, the best first: JAVA_HOME, the registry, the PATH.
    if ($env:JAVA_HOME) { $env:JAVA_HOME }
    $keys = @(
        @{ Path = 'HKLM:\SOFTWARE\Eclipse Adoptium\JDK\*\hotspot\MSI'; Value = 'Path' }
        @{ Path = 'HKLM:\SOFTWARE\Eclipse Adoptium\JRE\*\hotspot\MSI'; Value = 'Path' }
        @{ Path = 'HKLM:\SOFTWARE\Microsoft\JDK\*\hotspot\MSI'; Value = 'Path' }
        @{ Path = 'HKLM:\SOFTWARE\JavaSoft\JDK\*'; Value = 'JavaHome' }
        @{ Path = 'HKLM:\SOFTWARE\JavaSoft\JRE\*'; Value = 'JavaHome' }
    )
    foreach ($key in $keys) {
        foreach ($found in Get-ItemProperty -Path $key.Path -ErrorAction SilentlyContinue) {
            if ($found.PSObject.Properties[$key.Value]) { $found.($key.Value) }
        }
    }
    foreach ($program in Get-Command -Name 'java.exe' -CommandType Application -All -ErrorAction SilentlyContinue) {
        $folder = Split-Path -Path $program.Path
        # Oracle's folder javapath has only the program.
        if ((Split-Path -Leaf -Path $folder) -eq 'bin') { Split-Path -Path $folder }
    }
}

function Find-Java {
    # The Java for the agent: the one that was named, else that of the service, else the first that the agent can use.
    param([string] $JavaHome, [string] $JavaOfService)

    $advice = "Install a Java below $env:ProgramFiles, or correct those permissions."
    if ($JavaHome) {
        $fact = Get-JavaFact -Folder $JavaHome
        if ($fact.IsUnsafe) { throw "-JavaHome cannot be used, because this script would run it as an administrator: $($fact.Problem). $advice" }
        if ($fact.Problem) { throw "-JavaHome cannot be used: $($fact.Problem). The agent needs a 64-bit Java 17 or newer." }
        return $fact
    }
    $seen = @()
    $facts = @()
    foreach ($folder in @($JavaOfService) + @(Get-JavaFolder)) {
        if (-not $folder -or $folder.TrimEnd('\', '/') -in $seen) { continue }
        $seen += $folder.TrimEnd('\', '/')
        $fact = Get-JavaFact -Folder $folder
        if (-not $fact.Problem) {
            foreach ($one in $facts | Where-Object { $_.IsUnsafe }) { Write-Warning -Message "A Java was skipped: $($one.Problem). $advice" }
            return $fact
        }
        $facts += $fact
    }
    $found = if ($facts) { " Found: $(@($facts | ForEach-Object { $_.Problem }) -join '; ')." }
    throw "No 64-bit Java 17 or newer that only administrators can change was found in JAVA_HOME, the registry and the PATH.$found Install one, or name its folder with -JavaHome."
}

function Invoke-Native {
    # Runs a program. Lines: what it printed, also on stderr. ExitCode: its exit code.
    param([string] $Program, [string[]] $ArgumentList)

    # With Stop, Windows PowerShell turns the first line on stderr into an exception.
    $ErrorActionPreference = 'Continue'
    # A user can set these without being an administrator, and they can load any code into a Java.
    $hidden = @{}
    foreach ($name in 'JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS') {
        $value = [Environment]::GetEnvironmentVariable($name)
        if ($null -eq $value) { continue }
        $hidden[$name] = $value
        # PowerShell makes an empty text of $null, and newer versions of .NET keep that.
        [Environment]::SetEnvironmentVariable($name, [NullString]::Value)
    }
    try {
        $lines = @(& $Program @ArgumentList 2>&1 | ForEach-Object { "$_" })
    } finally {
        foreach ($name in $hidden.Keys) { [Environment]::SetEnvironmentVariable($name, $hidden[$name]) }
    }
    New-Object -TypeName PSObject -Property @{ Lines = $lines; ExitCode = $LASTEXITCODE }
}

function Invoke-AgentCommand {
    # Runs a command of the agent's jar and returns what it printed.
    param([object] $Java, [string] $Jar, [string[]] $ArgumentList)

    $result = Invoke-Native -Program $Java.Program -ArgumentList (@('-jar', $Jar) + $ArgumentList)
    if ($result.ExitCode -ne 0) {
        $said = @($result.Lines | Where-Object { $_ }) -replace '^csv-backup-agent: ', '' -join ' '
        throw "'java -jar $(Split-Path -Leaf -Path $Jar) $($ArgumentList -join ' ')' failed with exit code $($result.ExitCode): $said"
    }
    $result.Lines
}

function Get-JarVersion {
    # The version of a jar of the agent, such as 0.1.0.
    param([object] $Java, [string] $Jar)

    $said = @(Invoke-AgentCommand -Java $Java -Jar $Jar -ArgumentList 'version') -join ' '
    if ($said -notmatch 'csv-backup-agent (\d+(?:\.\d+){1,3})') { throw "$Jar is not a jar of the CSV backup agent: it says '$said'." }
    [version] $Matches[1]
}
