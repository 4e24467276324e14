# Plays a Windows node for the installer: its programs, its services, its registry and its rights. A call with other arguments fails.
param([string] $Node, [string] $RealJava)
$WarningPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'
$env:NODE = $Node
$env:REAL_JAVA = $RealJava
$env:SystemRoot = "$env:NODE/Windows"
$env:ProgramFiles = "$env:NODE/Program Files"
$env:ProgramData = "$env:NODE/ProgramData"
$env:JAVA_HOME = ''

function Get-CimInstance {
    [CmdletBinding()] param([string] $ClassName, [string] $Filter)
    if ($ClassName -ne 'Win32_Service' -or $Filter -ne "Name='CsvBackupAgent'") { throw "unexpected: Get-CimInstance $ClassName $Filter" }
    if (Test-Path -LiteralPath "$env:NODE/service") {
        $process = if (Test-Path -LiteralPath "$env:NODE/running") { Get-Process -Id ([int] [IO.File]::ReadAllText("$env:NODE/running")) -ErrorAction SilentlyContinue }
        [pscustomobject] @{ Name = 'CsvBackupAgent'; PathName = [IO.File]::ReadAllText("$env:NODE/service").Trim(); StartName = 'LocalSystem'; State = if ($process) { 'Running' } else { 'Stopped' } }
    }
}

function Invoke-CimMethod {
    [CmdletBinding()] param([object] $InputObject, [string] $MethodName, [hashtable] $Arguments)
    if ($InputObject.Name -ne 'CsvBackupAgent' -or $MethodName -ne 'Change') { throw "unexpected: Invoke-CimMethod $MethodName" }
    [IO.File]::WriteAllText("$env:NODE/service", $Arguments.PathName)
    [IO.File]::AppendAllText("$env:NODE/calls", "change $($Arguments.Keys | Sort-Object)`n")
    [pscustomobject] @{ ReturnValue = 0 }
}

# The registry: for each path a folder of a Java, in the file $env:NODE/registry.
function Get-ItemProperty {
    [CmdletBinding()] param([string] $Path)
    if ($Path -notlike 'HKLM:\SOFTWARE\*\*') { throw "unexpected: Get-ItemProperty $Path" }
    foreach ($line in @(Get-Content -LiteralPath "$env:NODE/registry" -ErrorAction SilentlyContinue)) {
        $key, $name, $value = $line -split '\|'
        if ($key -eq $Path) { [pscustomobject] @{ $name = $value } }
    }
}

function Get-Acl {
    [CmdletBinding()] param([string] $LiteralPath)
    if (-not (Test-Path -LiteralPath $LiteralPath)) { throw "unexpected: Get-Acl $LiteralPath" }
    $owner = if (Test-Path -LiteralPath "$env:NODE/owner") { [IO.File]::ReadAllText("$env:NODE/owner").Trim() } else { 'S-1-5-18|NT AUTHORITY\SYSTEM' }
    $acl = [pscustomobject] @{ Owner = $owner.Split('|')[1]; Sid = $owner.Split('|')[0] }
    $acl | Add-Member -MemberType ScriptMethod -Name GetOwner -Value {
        if ($args[0].FullName -ne 'System.Security.Principal.SecurityIdentifier') { throw "unexpected: GetOwner($args)" }
        [pscustomobject] @{ Value = $this.Sid }
    } -PassThru
}

function Get-NetTCPConnection {
    [CmdletBinding()] param([string] $State, [int] $LocalPort)
    if ($State -ne 'Listen') { throw "unexpected: Get-NetTCPConnection -State $State" }
    [pscustomobject] @{ LocalPort = $LocalPort; OwningProcess = $PID }
}
