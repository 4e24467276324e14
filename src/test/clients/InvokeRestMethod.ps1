# Runs the documented commands that need no module (in the file Block) while a backup runs, and then more calls of their function.
param([string] $Url, [string] $TokenPath, [string] $Block)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Invoke-Simulation([string] $Operation) {
    $request = @{ type = 'exec'; mbean = 'io.github.csvbackup:type=SimulatedCluster'; operation = $Operation; arguments = @($args) }
    $operator = @{ Authorization = 'Bearer ' + (Get-Content -LiteralPath $TokenPath -Raw).Trim() }
    $null = Invoke-RestMethod -Uri ($Url + 'jolokia/') -Method Post -ContentType 'application/json' -Headers $operator -Body (ConvertTo-Json -InputObject $request)
}

Invoke-Simulation startBackup 'C:\ClusterStorage\Volume3' 'NODE3'
. $Block | Out-String -Width 150
Invoke-Simulation completeBackup 'C:\ClusterStorage\Volume3'

$name = 'C:\ClusterStorage\D' + [char] 0xe4 + 'ten ' + [char] 0x4e16
try { Invoke-CsvAgent @{ type = 'exec'; operation = 'assess'; arguments = @($name) } } catch { "a name beyond ASCII arrived: $("$_".Contains($name))" }
$token = 'wrong'
try {
    $null = Invoke-CsvAgent @{ type = 'exec'; operation = 'clear'; arguments = @($volume) }
    'clear with a wrong token was accepted'
} catch {
    "clear with a wrong token: $([int] $_.Exception.Response.StatusCode)"
}
