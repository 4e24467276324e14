/** The metrics and their text for Prometheus. */
@NullMarked
package io.github.csvbackup.metrics;

import org.jspecify.annotations.NullMarked;
