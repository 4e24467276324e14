# More reasons than these are only counted.
$script:MostDiskReasons = 5

function Format-UnreadableDisk {
    # Sentences about the disks that an agent could not read: one for each reason, because hundreds of them usually have one cause.
    # Disk: as in the agent's attribute UnreadableDisks, "NAME: REASON".
    param([string] $Node, [string[]] $Disk)

    $groups = [ordered] @{}
    foreach ($one in $Disk | Where-Object { $_ }) {
        $name, $reason = $one -split ': ', 2
        if ($null -eq $reason) { $name, $reason = '', $one }
        $common = if ($name) { $reason.Replace($name, 'the disk') } else { $reason }
        # Disks that hang do so for different times.
        $key = $common -replace '\d+ s\b', 's'
        if (-not $groups.Contains($key)) {
            $groups[$key] = @{ Reason = $common; Only = $one; Names = New-Object -TypeName Collections.ArrayList }
        }
        $null = $groups[$key].Names.Add($name)
    }
    $groups.Values | Select-Object -First $script:MostDiskReasons | ForEach-Object {
        $count = $_.Names.Count
        if ($count -eq 1) {
            "$($Node): a disk could not be read, so its volumes may be missing or their data older: $($_.Only)"
        } else {
            $first = @($_.Names | Select-Object -First 3) -join ', '
            $which = if ($count -gt 3) { ", such as $first" } else { " ($first)" }
            "$($Node): $count disks could not be read$which; their volumes may be missing or their data older: $($_.Reason)"
        }
    }
    $further = $groups.Count - $script:MostDiskReasons
    if ($further -gt 0) { "$($Node): more disks could not be read, for $further more reasons. Get-CsvBackupAgent lists them in UnreadableDisks." }
}
