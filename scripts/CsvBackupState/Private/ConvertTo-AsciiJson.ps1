function ConvertTo-AsciiJson {
    # Windows PowerShell sends text as Latin-1, so all other characters than ASCII are escaped.
    param([object] $InputObject)

    $json = ConvertTo-Json -InputObject $InputObject -Depth 8 -Compress
    [regex]::Replace($json, '[^\x20-\x7e]', { param($match) '\u{0:x4}' -f [int] [char] $match.Value })
}
