package io.github.csvbackup.metrics;

import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** The series csv_backup_agent_info. Cluster and node are empty before the first successful poll. */
record AgentInfo(AgentMetrics.AgentFacts facts, VolumeWatch watch) implements Collector {
    @Override
    public MetricSnapshot collect() {
        Snapshot snapshot = watch.snapshot();
        return InfoSnapshot.builder()
                .name("csv_backup_agent")
                .help("Version and backend of the agent, and the cluster and node it runs on")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "version",
                                facts.version(),
                                "backend",
                                facts.backend(),
                                "cluster_name",
                                OutsideText.wellFormed(snapshot.clusterName()),
                                "node_name",
                                OutsideText.wellFormed(snapshot.localNode())))
                        .build())
                .build();
    }
}
