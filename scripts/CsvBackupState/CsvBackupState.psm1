if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    throw 'The module CsvBackupState does not run in Constrained Language Mode. Sign its files with a certificate of a publisher that this machine trusts.'
}
Set-StrictMode -Version Latest

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath $folder) -Filter '*.ps1') {
        . $file.FullName
    }
}

# Not in the manifest: types of a manifest cannot be loaded twice in a session, for example by an installed copy and a folder, or by two versions.
foreach ($type in @(
        @{ Name = 'Volume'; Depth = 3; Text = { $this.Volume } }
        @{ Name = 'Check'; Depth = 3; Text = { '{0} {1}' -f $this.Result, $this.Name } }
        @{ Name = 'Assessment'; Depth = 3; Text = { '{0}: {1}' -f $this.Volume, $this.Verdict } }
        @{ Name = 'ClearResult'; Depth = 3; Text = { '{0}: {1}' -f $this.Volume, $this.Outcome } }
        @{ Name = 'Agent'; Depth = 2; Text = { '{0} {1}' -f $this.Node, $this.Version } }
        @{ Name = 'Connection'; Depth = 2; Text = { $this.Address } }
        @{ Name = 'IoState'; Depth = 2; Text = { '{0} on {1}: {2}' -f $this.Volume, $this.Node, $this.State } }
    )) {
    $toString = @{ MemberType = 'ScriptMethod'; MemberName = 'ToString'; Value = $type.Text; Force = $true }
    Update-TypeData -TypeName "CsvBackupState.$($type.Name)" -SerializationDepth $type.Depth @toString
    Update-TypeData -TypeName "Deserialized.CsvBackupState.$($type.Name)" @toString
}

Update-TypeData -TypeName 'CsvBackupState.Connection' -DefaultDisplayPropertySet 'Address', 'Cluster', 'Node', 'Role' -Force

foreach ($command in 'Get-CsvBackupState', 'Test-CsvBackupState', 'Clear-CsvBackupState', 'Wait-CsvBackupState', 'Get-CsvBackupAudit', 'Get-CsvIoState', 'Get-CsvShadowCopy', 'Get-CsvBackupLeftover') {
    Register-ArgumentCompleter -CommandName $command -ParameterName 'VolumeName' -ScriptBlock $script:VolumeNameCompleter
}
