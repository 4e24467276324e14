/**
 * The metrics and their text for Prometheus. They are read from the snapshot and the counters; only requests and the
 * times of polls are counted here.
 */
@NullMarked
package io.github.csvbackup.metrics;

import org.jspecify.annotations.NullMarked;
