if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    throw 'The module CsvBackupState cannot run under Constrained Language Mode unless its files are signed by a publisher that this machine trusts: sign them, or ask for it.'
}
Set-StrictMode -Version Latest

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath $folder) -Filter '*.ps1') {
        . $file.FullName
    }
}

foreach ($command in 'Get-CsvBackupState', 'Test-CsvBackupState', 'Clear-CsvBackupState', 'Wait-CsvBackupState', 'Get-CsvBackupAudit', 'Get-CsvIoState', 'Get-CsvShadowCopy') {
    Register-ArgumentCompleter -CommandName $command -ParameterName 'VolumeName' -ScriptBlock $script:VolumeNameCompleter
}
