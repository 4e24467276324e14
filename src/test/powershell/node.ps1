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
$env:COMPUTERNAME = 'NODE1'

function Get-CimInstance {
    [CmdletBinding()] param([string] $ClassName, [string] $Filter)
    if ($ClassName -ne 'Win32_Service' -or $Filter -ne "Name='CsvBackupAgent'") { throw "unexpected: Get-CimInstance $ClassName $Filter" }
    if (Test-Path -LiteralPath "$env:NODE/service") {
        $process = if (Test-Path -LiteralPath "$env:NODE/running") { Get-Process -Id ([int] [IO.File]::ReadAllText("$env:NODE/running")) -ErrorAction SilentlyContinue }
        [pscustomobject] @{ Name = 'CsvBackupAgent'; PathName = [IO.File]::ReadAllText("$env:NODE/service").Trim(); StartName = if (Test-Path -LiteralPath "$env:NODE/account") { [IO.File]::ReadAllText("$env:NODE/account").Trim() } else { 'LocalSystem' }; State = if ($process) { 'Running' } else { 'Stopped' }; ProcessId = if ($process) { $process.Id } else { 0 } }
    }
}

function Invoke-CimMethod {
    [CmdletBinding()] param([object] $InputObject, [string] $MethodName, [hashtable] $Arguments)
    if ($InputObject.Name -ne 'CsvBackupAgent' -or $MethodName -ne 'Change') { throw "unexpected: Invoke-CimMethod $MethodName" }
    [IO.File]::AppendAllText("$env:NODE/calls", "change $(($Arguments.Keys | Sort-Object | ForEach-Object { if ($_ -eq 'PathName') { $_ } else { "$_=$($Arguments[$_])" } }) -join ', ')`n")
    if ($Arguments['PathName']) { [IO.File]::WriteAllText("$env:NODE/service", $Arguments.PathName) }
    if ($Arguments['StartName']) {
        # As Windows: an account of its own replaces another one only with an empty password, and a managed account has none.
        $needsPassword = $Arguments.StartName -match '^(LocalSystem|NT AUTHORITY\\.+)$'
        if ($needsPassword -ne ($Arguments.ContainsKey('StartPassword') -and $Arguments.StartPassword -eq '')) { return [pscustomobject] @{ ReturnValue = 22 } }
        [IO.File]::WriteAllText("$env:NODE/account", $Arguments.StartName)
    }
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

# The account of a permission. An owner or a rule has it only if it is requested as a SID.
function New-Account([string] $Sid, [string] $Name, [object] $As) {
    if ($As.FullName -ne 'System.Security.Principal.SecurityIdentifier') { throw "unexpected: an account as $As" }
    [pscustomobject] @{ Value = $Sid; Name = $Name } | Add-Member -PassThru -MemberType ScriptMethod -Name Translate -Value {
        if ($args[0].FullName -ne 'System.Security.Principal.NTAccount') { throw "unexpected: Translate($args)" }
        if (-not $this.Name) { throw 'Some or all identity references could not be translated.' }
        [pscustomobject] @{ Value = $this.Name }
    }
}

# Permissions as below C:\Program Files, and above the node as of C:\. Lines of the file $env:NODE/acl add to them: PATH|owner|SID|NAME, or
# PATH|Allow or Deny|SID|NAME|RIGHTS|PROPAGATION; a line PATH|none removes all rules.
function Get-Acl {
    [CmdletBinding()] param([string] $LiteralPath)
    if (-not [IO.Path]::IsPathRooted($LiteralPath) -or -not (Test-Path -LiteralPath $LiteralPath)) { throw "unexpected: Get-Acl $LiteralPath" }
    $owner = if ($LiteralPath.StartsWith($env:NODE)) { 'S-1-5-18', 'NT AUTHORITY\SYSTEM' } else { 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464', 'NT SERVICE\TrustedInstaller' }
    $rules = @(
        'Allow|S-1-5-18|NT AUTHORITY\SYSTEM|0x1F01FF|None'
        'Allow|S-1-5-32-544|BUILTIN\Administrators|0x1F01FF|None'
        'Allow|S-1-5-32-545|BUILTIN\Users|0x1200A9|None'
        'Allow|S-1-3-0|CREATOR OWNER|0x10000000|InheritOnly'
        if (-not $LiteralPath.StartsWith($env:NODE)) { 'Allow|S-1-5-11|NT AUTHORITY\Authenticated Users|0x4|None'; 'Allow|S-1-5-11|NT AUTHORITY\Authenticated Users|0x1301BF|InheritOnly' }
    )
    foreach ($line in @(Get-Content -LiteralPath "$env:NODE/acl" -ErrorAction SilentlyContinue)) {
        $path, $kind, $rest = $line -split '\|', 3
        if ($path -ne $LiteralPath) { continue }
        switch ($kind) { 'owner' { $owner = $rest -split '\|' } 'none' { $rules = @() } 'fails' { throw $rest } default { $rules += "$kind|$rest" } }
    }
    $acl = [pscustomobject] @{ Owner = $owner[1]; Sid = $owner[0]; Rules = $rules }
    $acl | Add-Member -MemberType ScriptMethod -Name GetOwner -Value { New-Account -Sid $this.Sid -Name $this.Owner -As $args[0] }
    $acl | Add-Member -PassThru -MemberType ScriptMethod -Name GetAccessRules -Value {
        if ($args[0] -ne $true -or $args[1] -ne $true) { throw "unexpected: GetAccessRules($args)" }
        foreach ($rule in $this.Rules) {
            $type, $sid, $name, $rights, $propagation = $rule -split '\|'
            [pscustomobject] @{
                AccessControlType = [Security.AccessControl.AccessControlType] $type
                IdentityReference = New-Account -Sid $sid -Name $name -As $args[2]
                FileSystemRights  = [Enum]::ToObject([Security.AccessControl.FileSystemRights], [int] $rights)
                PropagationFlags  = [Security.AccessControl.PropagationFlags] $propagation
            }
        }
    }
}
