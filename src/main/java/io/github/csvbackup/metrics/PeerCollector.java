package io.github.csvbackup.metrics;

import io.github.csvbackup.peer.PeerRecords;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;

/** What became of the questions to the agents of other nodes. */
record PeerCollector(PeerRecords records, Clock clock) implements MultiCollector {
    @Override
    public MetricSnapshots collect() {
        CounterSnapshot.Builder requests = CounterSnapshot.builder()
                .name("csv_backup_peer_requests")
                .help("Questions to the agents of other nodes, by outcome");
        records.counts()
                .forEach((outcome, count) ->
                        requests.dataPoint(Points.count(Labels.of("outcome", outcome.text()), count.doubleValue())));
        GaugeSnapshot.Builder up = GaugeSnapshot.builder()
                .name("csv_backup_peer_up")
                .help("Whether the last answer of a node's agent counts; absent for five minutes without a question");
        records.up(clock.instant())
                .forEach((node, counts) -> up.dataPoint(Points.point(Labels.of("node", node), Points.flag(counts))));
        return MetricSnapshots.of(requests.build(), up.build());
    }
}
