function Format-Question {
    # The confirmation before a clear: what will be cleared where, the verdict, and every check.
    param([object] $Assessment, [string] $Action, [string] $Target)

    $lines = New-Object -TypeName Collections.ArrayList
    $null = $lines.Add("$Action of $($Target)?")
    $null = $lines.Add($(if ($Assessment.Verdict) { "Verdict: $($Assessment.Verdict). $($Assessment.NextStep)" } else { $Assessment.NextStep }))
    foreach ($check in $Assessment.Checks) {
        $null = $lines.Add(('  {0,-9} {1}: {2}' -f $check.Result, $check.Name, $check.Seen))
    }
    $lines -join [Environment]::NewLine
}
