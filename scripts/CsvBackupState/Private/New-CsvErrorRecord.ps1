function New-CsvErrorRecord {
    param(
        [string] $Id,
        [string] $Message,
        [Management.Automation.ErrorCategory] $Category,
        [object] $Target,
        [object] $Win32Code
    )

    if ($null -ne $Win32Code) {
        $exception = New-Object -TypeName ComponentModel.Win32Exception -ArgumentList ([int] $Win32Code), $Message
    } else {
        $exception = New-Object -TypeName InvalidOperationException -ArgumentList $Message
    }
    New-Object -TypeName Management.Automation.ErrorRecord -ArgumentList $exception, ('CsvBackupState.' + $Id), $Category, $Target
}
