function Get-AgentIdentity {
    # The cluster and the node of an agent, asked once for each agent; nothing after an error. Known holds the earlier answers.
    param([object] $Connection, [hashtable] $Known, [Management.Automation.PSCmdlet] $Cmdlet)

    $address = $Connection.Address
    if (-not $Known.ContainsKey($address)) {
        $reply = Send-AgentRequest -Connection $Connection -Request @{ type = 'read'; attribute = @('ClusterName', 'Node') }
        if ($reply.Failure) {
            $Cmdlet.WriteError($reply.Failure)
            return
        }
        $cluster = if ($reply.Value.ClusterName) { $reply.Value.ClusterName } else { "(unknown to $address)" }
        $node = if ($reply.Value.Node) { $reply.Value.Node } else { '(unknown)' }
        $Known[$address] = [pscustomobject] @{ Cluster = $cluster; Node = $node }
    }
    $Known[$address]
}
