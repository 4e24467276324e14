function Format-Question {
    # The confirmation before a clear: what will be cleared where, the verdict, and the checks. On a cluster of 64 nodes there are 260 of them, and nearly
    # all have passed: those are one line, and of the others the first ones. The verdict names the causes with all of their nodes.
    param([object] $Assessment, [string] $Action, [string] $Target)

    $most = 12
    $lines = New-Object -TypeName Collections.ArrayList
    $null = $lines.Add("$Action of $($Target)?")
    $null = $lines.Add($(if ($Assessment.Verdict) { "Verdict: $($Assessment.Verdict). $($Assessment.NextStep)" } else { $Assessment.NextStep }))
    $open = @($Assessment.Checks | Where-Object { $_.Result -notin 'PASSED', 'DEFERRED' })
    foreach ($check in $open | Select-Object -First $most) {
        $null = $lines.Add(('  {0,-9} {1}: {2}' -f $check.Result, $check.Name, $check.Seen))
    }
    if ($open.Count -gt $most) { $null = $lines.Add("            and $($open.Count - $most) more, see Test-CsvBackupState") }
    foreach ($result in 'PASSED', 'DEFERRED') {
        # The name of a check of a node is its kind and the node.
        $kinds = @($Assessment.Checks | Where-Object -Property Result -EQ -Value $result | Group-Object -Property { ([string] $_.Name -split ' ')[0] })
        if ($kinds.Count -eq 0) { continue }
        $names = $kinds | ForEach-Object { if ($_.Count -gt 1) { "$($_.Name) ($($_.Count) nodes)" } else { $_.Group[0].Name } }
        $null = $lines.Add(('  {0,-9} {1}' -f $result, ($names -join ', ')))
    }
    $lines -join [Environment]::NewLine
}
