function Format-Question {
    # What is asked before a clear: the verdict, and every check that has something to say.
    param([object] $Assessment, [string] $Action)

    $lines = New-Object -TypeName Collections.ArrayList
    $null = $lines.Add("$Action of $($Assessment.Volume)?")
    $null = $lines.Add($(if ($Assessment.Verdict) { "Verdict: $($Assessment.Verdict). $($Assessment.NextStep)" } else { $Assessment.NextStep }))
    foreach ($check in $Assessment.Checks) {
        $null = $lines.Add(('  {0,-9} {1}: {2}' -f $check.Result, $check.Name, $check.Seen))
    }
    $lines -join [Environment]::NewLine
}
