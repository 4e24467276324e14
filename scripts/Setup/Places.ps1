# Whether only administrators can change a program. This is checked before the program is run as an administrator.

# SYSTEM, Administrators, and Windows' installer (NT SERVICE\TrustedInstaller). Not the account that runs this script: its other programs are not elevated.
$script:TrustedAccounts = 'S-1-5-18', 'S-1-5-32-544', 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'

# To replace a file in a folder, from Microsoft's "File Access Rights Constants" and "ACCESS_MASK":
# FILE_DELETE_CHILD 0x40, DELETE 0x10000, WRITE_DAC 0x40000, WRITE_OWNER 0x80000, GENERIC_ALL 0x10000000.
$script:ReplacingRights = 0x100D0040
# Also to change a file, or to add a library beside it: FILE_WRITE_DATA or FILE_ADD_FILE 0x2, FILE_APPEND_DATA or FILE_ADD_SUBDIRECTORY 0x4,
# GENERIC_WRITE 0x40000000. Only for the program and its folder: users may add folders to C:\, which replace nothing.
$script:ChangingRights = 0x500D0046

function Resolve-LinkedPath {
    # The path of an existing file without symbolic links and junctions: whoever made a link can change it later.
    param([string] $Path)

    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    for ($count = 0; $count -lt 64; $count++) {
        # The topmost link first, because a relative target begins at the real folder of its link.
        $link = $null
        for ($at = $full; $at; $at = [IO.Path]::GetDirectoryName($at)) {
            $item = Get-Item -LiteralPath $at -Force -ErrorAction Stop
            if ($item.LinkType -in 'SymbolicLink', 'Junction') { $link = @{ Path = $at; Target = [string] @($item.Target)[0] } }
        }
        if (-not $link) { return $full }
        if (-not $link.Target) { throw "the target of the link $($link.Path) cannot be read" }
        # Whoever may create folders can make a junction to a volume, and the permissions that Windows shows for it are those of the volume.
        if ($link.Target -match '^(\\\\\?\\|\\\?\?\\)?Volume\{') { throw "$($link.Path) is a link to a volume. Name the path by the drive of that volume" }
        $target = [IO.Path]::Combine([IO.Path]::GetDirectoryName($link.Path), $link.Target)
        $full = [IO.Path]::GetFullPath([IO.Path]::Combine($target, $full.Substring($link.Path.Length).TrimStart('\', '/')))
    }
    throw "$Path has too many links"
}

function Get-AccountName {
    # The name of an account, or its SID if it has none here.
    param([object] $Sid)

    try { $Sid.Translate([Security.Principal.NTAccount]).Value } catch { $Sid.Value }
}

function Get-OtherAccount {
    # An account that is not trusted and has one of these rights, or owns the file or folder; nothing if there is none. A rule that denies only
    # reduces what others allow.
    param([string] $Path, [int] $Rights)

    # A failure must not look like a place without others.
    $ErrorActionPreference = 'Stop'
    $acl = Get-Acl -LiteralPath $Path -ErrorAction Stop
    $owner = $acl.GetOwner([Security.Principal.SecurityIdentifier])
    if ($owner.Value -notin $script:TrustedAccounts) { return Get-AccountName -Sid $owner }
    $rules = @($acl.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier]))
    # A file without an access control list allows everything to everyone.
    if ($rules.Count -eq 0) { return 'everyone' }
    foreach ($rule in $rules) {
        $isInForce = "$($rule.AccessControlType)" -eq 'Allow' -and "$($rule.PropagationFlags)" -notmatch 'InheritOnly'
        if ($isInForce -and ([int] $rule.FileSystemRights -band $Rights) -and $rule.IdentityReference.Value -notin $script:TrustedAccounts) {
            return Get-AccountName -Sid $rule.IdentityReference
        }
    }
}

function Get-PlaceProblem {
    # Who else can change a program, and where; nothing if only administrators can. 'service install' checks it again, by a rule of its own: it
    # also trusts the account of the service, and refuses the profiles of users.
    param([string] $Program)

    $folder = [IO.Path]::GetDirectoryName($Program)
    for ($at = $Program; $at; $at = [IO.Path]::GetDirectoryName($at)) {
        $rights = if ($at -eq $Program -or $at -eq $folder) { $script:ChangingRights } else { $script:ReplacingRights }
        $other = Get-OtherAccount -Path $at -Rights $rights
        if ($other) { return "$Program can be changed by an account that is not an administrator: $other may write to $at" }
    }
}
