package io.github.csvbackup.model;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.watch.WatchSettings;
import java.util.concurrent.atomic.AtomicLong;

/** Everything that outlives the agent: time, the cluster with its backups, the audit, and the oracles that know the truth. */
final class Surroundings {
    final MovableClock clock = new MovableClock();
    /** Numbers all events in their order. */
    final AtomicLong events = new AtomicLong();

    final SimulatedClusterMBean controls;
    final Nodes nodes;
    final Backups backups;
    final Services services;
    final VolumeStates states;
    final Machines machines;
    final ObservedCluster cluster;
    final PeerAgent peer;
    final AuditInMemory audit = new AuditInMemory();
    final CheckOracle checks;
    final SuspicionOracle suspicion;

    Surroundings(WatchSettings settings) {
        SimulatedCluster simulated = new SimulatedCluster(clock, NodeName.values().length, VolumeName.values().length);
        controls = simulated.controls();
        checks = new CheckOracle(settings);
        suspicion = new SuspicionOracle(clock, audit);
        nodes = new Nodes(controls);
        backups = new Backups(controls, nodes, events, clock);
        services = new Services(controls, nodes, backups, clock);
        states = new VolumeStates(controls, clock);
        machines = new Machines(controls);
        cluster = new ObservedCluster(simulated, checks, clock, settings.callDeadline(), events);
        cluster.beforeLook = services::keepInUse;
        cluster.onTrouble = suspicion::troubled;
        peer = new PeerAgent(simulated, machines, cluster, checks, clock, settings.gap());
        peer.beforeLook = services::keepInUse;
        peer.onTrouble = suspicion::troubled;
    }
}
