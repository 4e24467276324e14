package io.github.csvbackup.clear;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.VolumeWatch;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The parts that a clear works with.
 *
 * @param clock the time for users and for state that survives a restart
 * @param nanoTime measures durations, as {@link System#nanoTime} does; it is never set back
 * @param saveNow saves the state for the next restart, at once
 * @param events receives each result; must not block
 */
public record ClearContext(
        Cluster cluster,
        VolumeWatch watch,
        NodeEvidence evidence,
        Guard guard,
        Audit audit,
        Clock clock,
        LongSupplier nanoTime,
        Pause pause,
        Runnable saveNow,
        Consumer<ClearEvent> events) {}
