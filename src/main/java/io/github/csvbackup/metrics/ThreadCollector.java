package io.github.csvbackup.metrics;

import io.github.csvbackup.threads.SupervisedLoop;
import io.github.csvbackup.threads.Supervisor;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Failures and restarts of the agent's threads. Thread-safe. */
final class ThreadCollector implements MultiCollector {
    private final Supervisor supervisor;

    ThreadCollector(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    @Override
    public MetricSnapshots collect() {
        CounterSnapshot.Builder failures = CounterSnapshot.builder()
                .name("csv_backup_thread_failures")
                .help("Unexpected failures that a thread of the agent survived; each is a bug or a lack of memory");
        CounterSnapshot.Builder restarts = CounterSnapshot.builder()
                .name("csv_backup_thread_restarts")
                .help("Times a thread of the agent died and was restarted");
        for (SupervisedLoop loop : supervisor.loops()) {
            failures.dataPoint(count(loop.name(), loop.failures()));
            restarts.dataPoint(count(loop.name(), loop.restarts()));
        }
        return MetricSnapshots.of(failures.build(), restarts.build());
    }

    private static CounterSnapshot.CounterDataPointSnapshot count(String thread, long value) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(Labels.of("thread", thread))
                .value((double) value)
                .build();
    }
}
