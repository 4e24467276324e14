if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    throw 'The module CsvBackupState cannot run under Constrained Language Mode unless its files are signed by a publisher that this machine trusts: sign them, or ask for it.'
}
Set-StrictMode -Version Latest

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath $folder) -Filter '*.ps1') {
        . $file.FullName
    }
}

# Here and not by the manifest: a type of the manifest cannot be loaded a second time, as by an installed copy and a folder, or by two versions.
foreach ($type in @(
        @{ Name = 'Volume'; Depth = 3; Text = { $this.Volume } }
        @{ Name = 'Check'; Depth = 3; Text = { '{0} {1}' -f $this.Result, $this.Name } }
        @{ Name = 'Assessment'; Depth = 3; Text = { '{0}: {1}' -f $this.Volume, $this.Verdict } }
        @{ Name = 'ClearResult'; Depth = 3; Text = { '{0}: {1}' -f $this.Volume, $this.Outcome } }
        @{ Name = 'Agent'; Depth = 2; Text = { '{0} {1}' -f $this.Node, $this.Version } }
        @{ Name = 'IoState'; Depth = 2; Text = { '{0} on {1}: {2}' -f $this.Volume, $this.Node, $this.State } }
    )) {
    $toString = @{ MemberType = 'ScriptMethod'; MemberName = 'ToString'; Value = $type.Text; Force = $true }
    Update-TypeData -TypeName "CsvBackupState.$($type.Name)" -SerializationDepth $type.Depth @toString
    Update-TypeData -TypeName "Deserialized.CsvBackupState.$($type.Name)" @toString
}

foreach ($command in 'Get-CsvBackupState', 'Test-CsvBackupState', 'Clear-CsvBackupState', 'Wait-CsvBackupState', 'Get-CsvBackupAudit', 'Get-CsvIoState', 'Get-CsvShadowCopy') {
    Register-ArgumentCompleter -CommandName $command -ParameterName 'VolumeName' -ScriptBlock $script:VolumeNameCompleter
}
