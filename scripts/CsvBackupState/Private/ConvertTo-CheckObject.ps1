function ConvertTo-CheckObject {
    param([object[]] $Check)

    foreach ($one in $Check) {
        $at = if ($one.PSObject.Properties['atEpochMillis']) { ConvertTo-LocalTime -Value $one.atEpochMillis } else { $null }
        [pscustomobject] @{
            PSTypeName = 'CsvBackupState.Check'
            Name       = $one.name
            Result     = $one.result
            Seen       = $one.seen
            At         = $at
            Remedy     = $one.remedy
        }
    }
}
