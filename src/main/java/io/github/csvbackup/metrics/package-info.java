/**
 * The metrics in Prometheus' text formats. Values come from the snapshot and from counters of other packages; only HTTP
 * requests and poll durations are counted here.
 */
@NullMarked
package io.github.csvbackup.metrics;

import org.jspecify.annotations.NullMarked;
