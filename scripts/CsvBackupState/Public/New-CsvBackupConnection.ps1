function New-CsvBackupConnection {
    <#
    .SYNOPSIS
        Creates a connection to an agent, for the parameter -Connection of the other commands.

    .DESCRIPTION
        Use it when -ComputerName, -Uri and -Credential are not enough: for another port, a token file, a longer timeout, or to avoid typing a password for
        each command. The connection is an object that you keep in a variable. Nothing is stored, and no other command changes.

        Without -ComputerName and -Uri it is a connection to the agent on this machine. For several nodes or addresses it returns one connection each.

        With -Test it queries the agent and fills in Cluster, Node and Role. If the agent does not answer, it returns an error instead of the connection.
        Role is operator, reader or anonymous: only an operator may clear a state or read the audit, and anonymous may not list shadow copies.

    .PARAMETER ComputerName
        Nodes to connect to through PowerShell remoting. The agent needs neither an open port nor a certificate for this.

    .PARAMETER Uri
        Addresses of agents, such as https://node1.example.com:8779/. Passwords are sent only over HTTPS, and the token only to this machine.

    .PARAMETER Credential
        With -ComputerName: the account for remoting. Otherwise: a user from the agent's users file.

    .PARAMETER Port
        The port of the agent on this machine, or on the nodes that -ComputerName names. Default: 8778. With -Uri the port is part of the address.

    .PARAMETER TokenPath
        The file with the operator's token, if the agent does not use the default state directory. With -ComputerName it is a path on the node; otherwise the
        file must exist and you must have the permission to read it. By default the token is read from the default state directory if you have the permission.
        It is sent only to the address that the agent wrote beside it.

    .PARAMETER SkipCertificateCheck
        Accepts any certificate. Requires PowerShell 7. For tests only.

    .PARAMETER RequestTimeoutSeconds
        How long a request may take. Default: 10 seconds to read, 60 to assess, and 180 to clear or to list shadow copies. With -ComputerName it also limits
        how long it may take to connect to a node (default: 30 seconds).

    .PARAMETER Test
        Queries the agent now, and returns the connection with its cluster, node and role.

    .EXAMPLE
        PS> $lab = New-CsvBackupConnection -Port 9000 -TokenPath C:\lab\state\operator.token -Test; Get-CsvBackupState -Connection $lab

        An agent on this machine with another port and another state directory.

    .EXAMPLE
        PS> $node1 = New-CsvBackupConnection -Uri https://node1.example.com:8779/ -Credential ann -Test

        Asks once for ann's password, and checks that the agent accepts it.

    .EXAMPLE
        PS> $all = New-CsvBackupConnection -ComputerName (Get-ClusterNode).Name -RequestTimeoutSeconds 60; Get-CsvBackupState -Connection $all

        The agents of all nodes, with more time for slow nodes.

    .EXAMPLE
        PS> $PSDefaultParameterValues['*-Csv*:Connection'] = New-CsvBackupConnection -Uri https://node1.example.com:8779/ -Credential ann

        All commands of this session use the connection, unless you type another one.

    .INPUTS
        None. This command does not accept pipeline input.

    .OUTPUTS
        CsvBackupState.Connection

    .LINK
        Get-CsvBackupState

    .LINK
        about_CsvBackupState
    #>
    [CmdletBinding()]
    [OutputType('CsvBackupState.Connection')]
    param(
        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $ComputerName,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [uri[]] $Uri,

        [Parameter()]
        [pscredential] [Management.Automation.Credential()] $Credential = [pscredential]::Empty,

        [Parameter()]
        [ValidateRange(1, 65535)]
        [int] $Port = 8778,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $TokenPath,

        [Parameter()]
        [switch] $SkipCertificateCheck,

        [Parameter()]
        [ValidateRange(1, 3600)]
        [int] $RequestTimeoutSeconds,

        [Parameter()]
        [switch] $Test
    )

    if ($Uri -and $PSBoundParameters.ContainsKey('Port')) {
        $message = '-Port cannot be used with -Uri. Write the port in the address, such as https://node1.example.com:8779/.'
        Stop-Command -Id 'Connection.Port' -Message $message -Category InvalidArgument -Target $Port -Cmdlet $PSCmdlet
    }
    $settings = @{
        Port                  = $Port
        TokenPath             = $TokenPath
        SkipCertificateCheck  = [bool] $SkipCertificateCheck
        RequestTimeoutSeconds = $RequestTimeoutSeconds
    }
    $connections = @(Resolve-AgentConnection -Bound $PSBoundParameters -Setting $settings -Cmdlet $PSCmdlet)
    if ($Test) { Test-AgentConnection -Connection $connections -Cmdlet $PSCmdlet } else { $connections }
}
