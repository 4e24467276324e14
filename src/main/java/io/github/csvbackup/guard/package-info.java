/**
 * Decides from a snapshot and evidence whether a volume may be cleared and, if not, what is missing. Pure functions: no I/O, no clock, no
 * state.
 */
@NullMarked
package io.github.csvbackup.guard;

import org.jspecify.annotations.NullMarked;
