package io.github.csvbackup.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds series that have the label backend.
 *
 * @param backend the label's value
 */
record Points(String backend) {
    Labels labels() {
        return Labels.of("backend", backend);
    }

    Labels labels(NamedVolume named) {
        return labels(named.label());
    }

    Labels labels(String volume) {
        return Labels.of("backend", backend, "volume", volume);
    }

    static double flag(boolean value) {
        return value ? 1 : 0;
    }

    static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }

    static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    static CounterSnapshot.CounterDataPointSnapshot count(Labels labels, double value) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    /** A gauge with a value for each volume. */
    MetricSnapshot gauge(
            String name, String help, Collection<NamedVolume> volumes, ToDoubleFunction<NamedVolume> value) {
        return gaugeWhere(name, help, volumes, value::applyAsDouble);
    }

    /** A gauge without a series for volumes that have no value. */
    MetricSnapshot gaugeWhere(
            String name, String help, Collection<NamedVolume> volumes, Function<NamedVolume, @Nullable Double> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (NamedVolume named : volumes) {
            Double found = value.apply(named);
            if (found != null) {
                gauge.dataPoint(point(labels(named), found));
            }
        }
        return gauge.build();
    }

    /** A gauge without a series for volumes that have no time. */
    MetricSnapshot times(
            String name, String help, Collection<NamedVolume> volumes, Function<NamedVolume, @Nullable Instant> time) {
        return gaugeWhere(name, help, volumes, named -> {
            Instant at = time.apply(named);
            return at == null ? null : seconds(at);
        });
    }

    MetricSnapshot counter(
            String name, String help, Collection<NamedVolume> volumes, ToDoubleFunction<NamedVolume> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        volumes.forEach(named -> counter.dataPoint(count(labels(named), value.applyAsDouble(named))));
        return counter.build();
    }
}
