param([string] $Url, [string] $TokenPath)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Invoke-Agent([hashtable] $Request, [hashtable] $Headers = @{}) {
    $body = [Text.Encoding]::UTF8.GetBytes(($Request | ConvertTo-Json))
    Invoke-RestMethod -Uri ($Url + 'jolokia/') -Method Post -ContentType 'application/json' -Headers $Headers -Body $body
}

$mbean = 'io.github.csvbackup:type=CsvBackupState'
$answer = Invoke-Agent @{ type = 'read'; mbean = $mbean; attribute = 'Volumes' }
$answer.value | Format-Table -Property volume, backupState, verdict | Out-String -Width 120

$token = (Get-Content -LiteralPath $TokenPath -Raw).Trim()
$operator = @{ Authorization = "Bearer $token" }
$cluster = 'io.github.csvbackup:type=SimulatedCluster'
$volume = 'C:\ClusterStorage\Volume2'
$null = Invoke-Agent @{ type = 'exec'; mbean = $cluster; operation = 'startBackup'; arguments = @($volume, 'NODE2') } $operator
$refused = (Invoke-Agent @{ type = 'exec'; mbean = $mbean; operation = 'clear'; arguments = @($volume) } $operator).value
"clear: $($refused.outcome) $($refused.verdict), $(@($refused.checks | Where-Object result -eq 'BACKUP').Count) check(s) say BACKUP"
$null = Invoke-Agent @{ type = 'exec'; mbean = $cluster; operation = 'completeBackup'; arguments = @($volume) } $operator

try {
    $null = Invoke-Agent @{ type = 'exec'; mbean = $mbean; operation = 'clear'; arguments = @($volume) }
    'clear without a token was accepted'
} catch {
    "clear without a token: $([int] $_.Exception.Response.StatusCode)"
}
