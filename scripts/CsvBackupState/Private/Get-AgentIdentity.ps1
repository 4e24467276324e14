function Get-AgentIdentity {
    # The cluster and the node of an agent, asked once for each agent; nothing after an error. Known holds the earlier answers.
    # Override: whether the caller needs to know if the guard may be overridden.
    param([object] $Connection, [hashtable] $Known, [bool] $Override, [Management.Automation.PSCmdlet] $Cmdlet)

    $address = $Connection.Address
    if (-not $Known.ContainsKey($address)) {
        $attributes = @('ClusterName', 'Node') + @(if ($Override) { 'AllowForce' })
        $reply = Send-AgentRequest -Connection $Connection -Request @{ type = 'read'; attribute = $attributes }
        if ($reply.Failure) {
            $Cmdlet.WriteError($reply.Failure)
            return
        }
        $cluster = if ($reply.Value.ClusterName) { $reply.Value.ClusterName } else { "(unknown to $address)" }
        $node = if ($reply.Value.Node) { $reply.Value.Node } else { '(unknown)' }
        $Known[$address] = [pscustomobject] @{ Cluster = $cluster; Node = $node; AllowForce = $Override -and $reply.Value.AllowForce }
    }
    $Known[$address]
}
