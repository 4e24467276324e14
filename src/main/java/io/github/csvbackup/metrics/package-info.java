/**
 * The metrics and their text for Prometheus. They are read from the snapshot and the counters; nothing is counted
 * here but scrapes and polls.
 */
@NullMarked
package io.github.csvbackup.metrics;

import org.jspecify.annotations.NullMarked;
