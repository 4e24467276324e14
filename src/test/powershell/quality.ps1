# Checks the help, the manifest and the syntax of the module and of the scripts beside it. Prints one line for each fault.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters

# The parameters that Windows PowerShell 5.1 has, of the commands that the module and the scripts use.
$known = @{
    'Add-Member'                 = 'InputObject', 'MemberType', 'Name', 'Value', 'PassThru'
    'ConvertFrom-Json'           = , 'InputObject'
    'ConvertTo-Json'             = 'InputObject', 'Depth', 'Compress'
    'Copy-Item'                  = 'LiteralPath', 'Destination', 'Recurse'
    'ForEach-Object'             = , 'MemberName'
    'Get-Acl'                    = 'LiteralPath', 'ErrorAction'
    'Get-ChildItem'              = 'LiteralPath', 'Filter', 'Recurse', 'File', 'Force'
    'Get-CimInstance'            = 'ClassName', 'Filter'
    'Get-Command'                = 'Name', 'CommandType', 'All', 'ErrorAction'
    'Get-Content'                = 'LiteralPath', 'ErrorAction'
    'Get-FileHash'               = 'LiteralPath', 'Algorithm'
    'Get-Item'                   = 'LiteralPath', 'Force', 'ErrorAction'
    'Get-ItemProperty'           = 'Path', 'ErrorAction'
    'Get-Module'                 = , 'Name'
    'Get-NetTCPConnection'       = 'State', 'LocalPort', 'ErrorAction'
    'Get-Process'                = 'Id', 'ErrorAction'
    'Group-Object'               = , 'Property'
    'Import-Module'              = 'Name', 'PassThru', 'ErrorAction'
    'Import-PowerShellDataFile'  = 'LiteralPath', 'ErrorAction'
    'Invoke-CimMethod'           = 'InputObject', 'MethodName', 'Arguments'
    'Invoke-Command'             = 'ComputerName', 'ScriptBlock', 'ArgumentList', 'SessionOption', 'Credential', 'ErrorAction'
    'Invoke-RestMethod'          = 'Uri', 'Method', 'Body', 'ContentType', 'Headers', 'TimeoutSec', 'UseBasicParsing', 'MaximumRedirection', 'DisableKeepAlive', 'ErrorAction'
    'Join-Path'                  = 'Path', 'ChildPath'
    'Measure-Object'             = 'Property', 'Sum'
    'Move-Item'                  = 'LiteralPath', 'Destination', 'Force', 'ErrorAction'
    'New-Item'                   = 'Path', 'ItemType', 'Force'
    'New-Object'                 = 'TypeName', 'ArgumentList', 'Property'
    'Register-ArgumentCompleter' = 'CommandName', 'ParameterName', 'ScriptBlock'
    'Remove-Item'                = 'LiteralPath', 'Recurse', 'Force', 'ErrorAction'
    'Remove-Module'              = 'ModuleInfo', 'WhatIf', 'Confirm'
    'Select-Object'              = 'First', 'Last', 'Skip', 'SkipLast', 'Unique', 'Property'
    'Set-StrictMode'             = , 'Version'
    'Sort-Object'                = , 'Property'
    'Split-Path'                 = 'Path', 'Leaf'
    'Start-Sleep'                = 'Seconds', 'Milliseconds'
    'Test-Path'                  = 'LiteralPath', 'PathType'
    'Unblock-File'               = , 'LiteralPath'
    'Update-TypeData'            = 'TypeName', 'MemberType', 'MemberName', 'Value', 'SerializationDepth', 'DefaultDisplayPropertySet', 'Force'
    'Where-Object'               = 'Property', 'EQ', 'NE', 'Value'
    'Write-Information'          = 'MessageData', 'InformationAction'
    'Write-Output'               = , 'InputObject'
    'Write-Progress'             = 'Activity', 'Status', 'PercentComplete', 'SecondsRemaining', 'Completed'
    'Write-Verbose'              = , 'Message'
    'Write-Warning'              = , 'Message'
}
$own = @{}
$trees = foreach ($file in Get-ChildItem -Path (Split-Path -Path $Module) -Recurse -Include '*.ps1', '*.psm1', '*.psd1', '*.ps1xml', '*.txt') {
    $bytes = [IO.File]::ReadAllBytes($file.FullName)
    if (@($bytes | Where-Object { $_ -gt 126 -or ($_ -lt 32 -and $_ -ne 10) }).Count) { "$($file.Name) is not plain ASCII with line feeds" }
    if ($file.Extension -notin '.ps1', '.psm1') { continue }
    $tokens = $null
    $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $tokens, [ref] $errors)
    foreach ($fault in $errors) { "$($file.Name): $fault" }
    foreach ($function in $tree.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $true)) { $own[$function.Name] = $function }
    if ($file.Directory.Name -eq 'Public' -and -not $own.ContainsKey($file.BaseName)) { "$($file.Name) does not define the function with its name" }
    foreach ($token in $tokens) {
        if ($token.Kind -in 'QuestionMark', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr') { "$($file.Name) line $($token.Extent.StartLineNumber): 5.1 does not have $($token.Text)" }
        if ($token.Kind -eq 'LineContinuation') { "$($file.Name) line $($token.Extent.StartLineNumber): a backtick at the end of a line" }
    }
    $tree
}
foreach ($tree in $trees | Where-Object { $_ -isnot [string] }) {
    $file = Split-Path -Leaf -Path $tree.Extent.File
    # By name, because Windows PowerShell does not have these types.
    foreach ($type in $tree.FindAll({ $args[0].GetType().Name -in 'TernaryExpressionAst', 'PipelineChainAst', 'TypeDefinitionAst' }, $true)) {
        "$file line $($type.Extent.StartLineNumber): syntax that the module does not use"
    }
    foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        $name = $call.GetCommandName()
        if (-not $name) { continue }
        $where = "$file line $($call.Extent.StartLineNumber)"
        $used = @($call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] } | ForEach-Object ParameterName)
        if ($own.ContainsKey($name)) {
            $has = @($own[$name].Body.ParamBlock.Parameters.Name.VariablePath.UserPath) + $common + 'Confirm', 'WhatIf'
            foreach ($one in $used) { if ($one -notin $has) { "${where}: $name has no -$one" } }
        } elseif (-not $known.ContainsKey($name)) {
            "${where}: $name is an alias, or a command that is not in the list of this script"
        } else {
            foreach ($one in $used) { if ($one -notin $known[$name]) { "${where}: $name -$one may not exist in 5.1" } }
        }
    }
}
$trees | Where-Object { $_ -is [string] }

# Parameters in a splatted hashtable: those that 5.1 lacks must be inside a check for PowerShell 7 or for the parameter.
$variable = 'VariableExpressionAst'
foreach ($tree in $trees | Where-Object { $_ -isnot [string] }) {
    $file = Split-Path -Leaf -Path $tree.Extent.File
    $splats = @{}
    foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        foreach ($element in $call.CommandElements) {
            if ($element.GetType().Name -eq $variable -and $element.Splatted) { $splats[$element.VariablePath.UserPath] = $call.GetCommandName() }
        }
    }
    # [powershell]::Create().AddCommand('X').AddParameters($call)
    foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.InvokeMemberExpressionAst] -and "$($args[0].Member)" -eq 'AddParameters' }, $true)) {
        $splats[$call.Arguments[0].VariablePath.UserPath] = [regex]::Match("$($call.Expression)", "AddCommand\('([^']+)'\)").Groups[1].Value
    }
    foreach ($assignment in $tree.FindAll({ $args[0] -is [Management.Automation.Language.AssignmentStatementAst] }, $true)) {
        $target = $assignment.Left
        $keys = @()
        $isFirst = $false
        if ($target.GetType().Name -eq 'IndexExpressionAst' -and $target.Target.GetType().Name -eq $variable) {
            $target, $keys = $target.Target, @("$($target.Index)".Trim("'"))
        } elseif ($target.GetType().Name -eq $variable) {
            $isFirst = $true
            $keys = @($assignment.Right.FindAll({ $args[0] -is [Management.Automation.Language.HashtableAst] }, $false) | Select-Object -First 1 | ForEach-Object { $_.KeyValuePairs } | ForEach-Object { "$($_.Item1)" })
        } else {
            continue
        }
        $command = $splats[$target.VariablePath.UserPath]
        if (-not $command -or -not $known.ContainsKey($command)) { continue }
        foreach ($key in $keys | Where-Object { $_ -notin $known[$command] }) {
            $isAsked = $false
            for ($at = $assignment; $at.Parent; $at = $at.Parent) {
                if ($at.Parent -isnot [Management.Automation.Language.IfStatementAst]) { continue }
                foreach ($clause in $at.Parent.Clauses) {
                    if ($clause.Item2 -eq $at -and "$($clause.Item1)" -match "^-not \`$isDesktop`$|Parameters\.ContainsKey\('$key'\)") { $isAsked = $true }
                }
            }
            if ($isFirst -or -not $isAsked) { "$file line $($assignment.Extent.StartLineNumber): $command -$key may not exist in 5.1" }
        }
    }
}

# Tables: without AutoSize, 5.1 divides the width of the window equally between the columns that have no width.
[xml] $views = [IO.File]::ReadAllText((Join-Path -Path $Module -ChildPath 'CsvBackupState.Format.ps1xml'))
foreach ($view in $views.Configuration.ViewDefinitions.View) {
    $table = $view.SelectSingleNode('TableControl')
    if (-not $table -or $table.SelectSingleNode('AutoSize')) { continue }
    $columns = @($table.SelectNodes('TableHeaders/TableColumnHeader'))
    # Two long texts at the end may share the rest.
    for ($column = 0; $column -lt $columns.Count - 2; $column++) {
        if (-not $columns[$column].SelectSingleNode('Width')) { "The table of $($view.Name) lacks AutoSize" }
    }
}

# Imported only now, because errors of the parser in 5.1 were printed above.
Import-Module -Name $Module -Force
$exported = Get-Command -Module CsvBackupState
foreach ($command in $exported) {
    $help = Get-Help -Name $command.Name -Full
    if (-not $help.Synopsis -or $help.Synopsis -like "*$($command.Name) *[[]*") { "$command has no synopsis" }
    if (([string] $help.description.Text).Length -lt 60) { "$command does not say when to use it" }
    if (@($help.examples.example).Count -lt 2) { "$command has fewer than two examples" }
    foreach ($example in $help.examples.example) {
        if ($example.code -notmatch 'Csv') { "$command has an example without a command of the module: $($example.code)" }
    }
    if (-not $help.returnValues) { "$command does not describe its output" }
    if (-not $help.relatedLinks) { "$command has no links" }
    foreach ($parameter in $command.Parameters.Keys | Where-Object { $_ -notin $common }) {
        $described = $help.parameters.parameter | Where-Object name -eq $parameter
        if (-not $described -or -not ([string] $described.description.Text).Trim()) { "$command does not describe -$parameter" }
    }
    foreach ($link in $help.relatedLinks.navigationLink.linkText) {
        if ($link -like '*-*' -and $link -notin $exported.Name) { "$command links to $link, which does not exist" }
    }
}
if ((Get-Help -Name about_CsvBackupState | Out-String) -notmatch 'How to find a stale backup state') { 'about_CsvBackupState is not found' }
foreach ($command in $exported) {
    $isMaker = $command.Name -eq 'New-CsvBackupConnection'
    foreach ($parameter in 'ComputerName', 'Uri', 'Credential', 'Connection') {
        if (-not $command.Parameters.ContainsKey($parameter) -and -not ($isMaker -and $parameter -eq 'Connection')) { "$command lacks -$parameter" }
    }
    foreach ($parameter in 'Port', 'TokenPath', 'SkipCertificateCheck', 'RequestTimeoutSeconds', 'Force') {
        if ($command.Parameters.ContainsKey($parameter) -ne ($isMaker -and $parameter -ne 'Force')) { "$command has -$parameter, or lacks it" }
    }
}

$manifest = Test-ModuleManifest -Path (Join-Path -Path $Module -ChildPath 'CsvBackupState.psd1')
foreach ($field in 'Author', 'Description', 'Copyright', 'PowerShellVersion', 'Tags', 'LicenseUri', 'ReleaseNotes', 'Guid') {
    if (-not $manifest.$field) { "The manifest lacks $field" }
    if ("$($manifest.$field)" -match 'example\.|seed') { "The manifest has a placeholder: $field" }
}
if ("$($manifest.CompatiblePSEditions)" -ne 'Desktop Core') { 'The manifest does not name both editions' }
if (Compare-Object -ReferenceObject @($manifest.ExportedFunctions.Keys | Sort-Object) -DifferenceObject @($exported.Name | Sort-Object)) { 'The manifest exports something else' }
if ($manifest.ExportedAliases.Count -or $manifest.ExportedVariables.Count) { 'The manifest exports aliases or variables' }
$listed = @($manifest.FileList | ForEach-Object { $_.Replace('\', '/') } | ForEach-Object { Split-Path -Leaf -Path $_ } | Sort-Object)
$there = @(Get-ChildItem -Path $Module -Recurse -File | ForEach-Object Name | Sort-Object)
foreach ($fault in Compare-Object -ReferenceObject $listed -DifferenceObject $there) { "FileList and folder differ: $($fault.InputObject) $($fault.SideIndicator)" }
