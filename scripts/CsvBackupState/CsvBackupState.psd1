@{
    RootModule           = 'CsvBackupState.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f1f4c0e-3b0e-4c58-9a3b-0d5f8a6f2c11'
    Author               = 'CSV backup agent contributors'
    Copyright            = 'Apache License 2.0'
    Description          = 'Shows the Backup in Progress state of Cluster Shared Volumes, reports whether it is stale, and clears it through the CSV backup agent when it is proven that no backup is running.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess     = @('CsvBackupState.Format.ps1xml')
    FunctionsToExport    = @(
        'Clear-CsvBackupState'
        'Get-CsvBackupAgent'
        'Get-CsvBackupAudit'
        'Get-CsvBackupLeftover'
        'Get-CsvBackupState'
        'Get-CsvIoState'
        'Get-CsvShadowCopy'
        'New-CsvBackupConnection'
        'Test-CsvBackupState'
        'Wait-CsvBackupState'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    FileList             = @(
        'CsvBackupState.Format.ps1xml'
        'CsvBackupState.psd1'
        'CsvBackupState.psm1'
        'Private\AgentTransport.ps1'
        'Private\ConvertTo-AsciiJson.ps1'
        'Private\ConvertTo-CheckObject.ps1'
        'Private\ConvertTo-LocalTime.ps1'
        'Private\Format-Question.ps1'
        'Private\Format-UnreadableDisk.ps1'
        'Private\Get-AgentIdentity.ps1'
        'Private\Get-AgentVolume.ps1'
        'Private\Get-Assessment.ps1'
        'Private\Get-Leftover.ps1'
        'Private\Get-ShadowCopy.ps1'
        'Private\Invoke-Apart.ps1'
        'Private\Invoke-Clear.ps1'
        'Private\Invoke-Remotely.ps1'
        'Private\New-ClearEntry.ps1'
        'Private\New-CsvErrorRecord.ps1'
        'Private\Resolve-AgentConnection.ps1'
        'Private\Resolve-AgentReply.ps1'
        'Private\Resolve-InputVolume.ps1'
        'Private\Resolve-VolumePath.ps1'
        'Private\Select-Batch.ps1'
        'Private\Select-VolumeName.ps1'
        'Private\Send-AgentRequest.ps1'
        'Private\Send-Clear.ps1'
        'Private\Test-AgentConnection.ps1'
        'Private\VolumeNameCompleter.ps1'
        'Private\Wait-Volume.ps1'
        'Public\Clear-CsvBackupState.ps1'
        'Public\Get-CsvBackupAgent.ps1'
        'Public\Get-CsvBackupAudit.ps1'
        'Public\Get-CsvBackupLeftover.ps1'
        'Public\Get-CsvBackupState.ps1'
        'Public\Get-CsvIoState.ps1'
        'Public\Get-CsvShadowCopy.ps1'
        'Public\New-CsvBackupConnection.ps1'
        'Public\Test-CsvBackupState.ps1'
        'Public\Wait-CsvBackupState.ps1'
        'en-US\about_CsvBackupState.help.txt'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('FailoverCluster', 'CSV', 'ClusterSharedVolume', 'Backup', 'VSS', 'Hyper-V', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows')
            LicenseUri   = 'https://www.apache.org/licenses/LICENSE-2.0.txt'
            ReleaseNotes = 'First version.'
        }
    }
}
