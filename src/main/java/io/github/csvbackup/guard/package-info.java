/** Snapshot and evidence in, assessment out: pure functions, no I/O. */
@NullMarked
package io.github.csvbackup.guard;

import org.jspecify.annotations.NullMarked;
