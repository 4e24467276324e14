# Finds a Java for the agent and runs its command line.

function Get-JavaFact {
    # What a Java says about itself: Home, Version (17), Bits (64) and Problem, which is empty if the agent can use it.
    param([string] $Folder)

    $fact = New-Object -TypeName PSObject -Property @{ Home = $Folder.TrimEnd('\', '/'); Program = ''; Version = 0; Bits = 0; Problem = '' }
    $fact.Program = Join-Path -Path (Join-Path -Path $fact.Home -ChildPath 'bin') -ChildPath 'java.exe'
    if (-not (Test-Path -LiteralPath $fact.Program)) {
        $fact.Problem = "$($fact.Program) does not exist"
        return $fact
    }
    $said = (Invoke-Native -Program $fact.Program -ArgumentList '-XshowSettings:properties', '-version').Lines
    $property = { param($name) foreach ($line in $said) { if ($line -match "^\s*$([regex]::Escape($name)) = (.+?)\s*$") { return $Matches[1] } } }
    $specification = [string] (& $property 'java.specification.version')
    if ($specification -notmatch '^(?:1\.)?(\d+)$') {
        $fact.Problem = "$($fact.Program) does not run: $(@($said) -join ' ')"
        return $fact
    }
    $fact.Version = [int] $Matches[1]
    $fact.Bits = [int] (& $property 'sun.arch.data.model')
    # A program on the PATH may only start the Java of another folder.
    $real = & $property 'java.home'
    if ($real -and (Test-Path -LiteralPath $real)) {
        $fact.Home = $real.TrimEnd('\', '/')
        $fact.Program = Join-Path -Path (Join-Path -Path $fact.Home -ChildPath 'bin') -ChildPath 'java.exe'
    }
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
        Split-Path -Path (Split-Path -Path $program.Path)
    }
}

function Find-Java {
    # The Java for the agent: the one that was named, else that of the service, else the first that the agent can use.
    param([string] $JavaHome, [string] $JavaOfService)

    if ($JavaHome) {
        $fact = Get-JavaFact -Folder $JavaHome
        if ($fact.Problem) { throw "-JavaHome cannot be used: $($fact.Problem). The agent needs a 64-bit Java 17 or newer." }
        return $fact
    }
    $seen = @()
    $problems = @()
    foreach ($folder in @($JavaOfService) + @(Get-JavaFolder)) {
        if (-not $folder -or $folder.TrimEnd('\', '/') -in $seen) { continue }
        $seen += $folder.TrimEnd('\', '/')
        $fact = Get-JavaFact -Folder $folder
        if (-not $fact.Problem) { return $fact }
        $problems += $fact.Problem
    }
    $found = if ($problems) { " Found: $($problems -join '; ')." }
    throw "No 64-bit Java 17 or newer was found in JAVA_HOME, the registry and the PATH.$found Install one, or name its folder with -JavaHome."
}

function Invoke-Native {
    # Runs a program. Lines: what it printed, also on stderr. ExitCode: its exit code.
    param([string] $Program, [string[]] $ArgumentList)

    # With Stop, Windows PowerShell turns the first line on stderr into an exception.
    $ErrorActionPreference = 'Continue'
    $lines = @(& $Program @ArgumentList 2>&1 | ForEach-Object { "$_" })
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
