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
 * Whom the clear works with.
 *
 * @param clock says what time it is, for people and for what survives a restart
 * @param nanoTime measures durations, as {@link System#nanoTime} does: it is not set back
 * @param saveNow writes down what is to be known after a restart, at once
 * @param events told of each result; must not block
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
