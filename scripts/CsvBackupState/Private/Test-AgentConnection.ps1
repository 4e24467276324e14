function Test-AgentConnection {
    # Queries each agent, and gives its connection with cluster, node and role. The audit needs the operator role: that shows the caller's role.
    param([object[]] $Connection, [Management.Automation.PSCmdlet] $Cmdlet)

    foreach ($reply in Send-AgentRequest -Connection $Connection -Request @{ type = 'read'; attribute = @('ClusterName', 'Node') }) {
        $failure = $reply.Failure
        if (-not $failure) {
            $audit = Send-AgentRequest -Connection $reply.Connection -Request @{ type = 'exec'; operation = 'recentAudit'; arguments = @(1) } -TokenUse Needed
            $role = 'operator'
            if ($audit.Failure) {
                switch ($audit.Failure.FullyQualifiedErrorId) {
                    'CsvBackupState.Unauthorized' { $role = 'anonymous' }
                    # The token that was found is that of another agent.
                    'CsvBackupState.OtherAddress' { $role = 'anonymous' }
                    'CsvBackupState.Forbidden' { $role = 'reader' }
                    default { $failure = $audit.Failure }
                }
            }
        }
        if ($failure) {
            $Cmdlet.WriteError($failure)
            continue
        }
        $tested = $reply.Connection.PSObject.Copy()
        $tested.Cluster = $reply.Value.ClusterName
        $tested.Node = $reply.Value.Node
        $tested.Role = $role
        $tested
    }
}
