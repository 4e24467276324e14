/**
 * Snapshot and evidence in, assessment out: may this volume be cleared, and if not, what is missing? Pure functions:
 * no I/O, no clock, no memory.
 */
@NullMarked
package io.github.csvbackup.guard;

import org.jspecify.annotations.NullMarked;
