/**
 * Polls the cluster, records since when a state is set, and publishes one immutable snapshot. It gathers evidence and does not judge it.
 */
@NullMarked
package io.github.csvbackup.watch;

import org.jspecify.annotations.NullMarked;
